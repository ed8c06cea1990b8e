"""The module serverpod_auth_core: who is signed in, signing out, and getting the next access token."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts import sign_in, tokens
from accounts.models import User
from accounts.protocol import AuthSuccess, RefreshTokenMalformedException
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, unauthenticated_call

MODULE = "serverpod_auth_core"


class StatusEndpoint(Endpoint):
    """Whether somebody is signed in, and signing out."""

    module: ClassVar[str] = MODULE

    async def is_signed_in(self, call: Call) -> bool:
        """Whether the token of this call is good."""
        return call.identity is not None

    def sign_out_device(self, call: Call) -> None:
        """End the sign-in that this call is made with, and the streams that run on it."""
        if call.identity is not None:
            tokens.revoke(tokens.own(call.identity.token_id))

    def sign_out_all_devices(self, call: Call) -> None:
        """End all sign-ins of the person who calls."""
        if call.identity is not None:
            tokens.revoke_all(User(pk=call.identity.user_id))


class RefreshJwtTokensEndpoint(Endpoint, abc.ABC):
    """Extend it in an app where sign-ins have refresh tokens (ACCOUNTS_TOKENS is "jwt")."""

    module: ClassVar[str] = MODULE

    @unauthenticated_call
    def refresh_access_token(self, call: Call, *, refresh_token: str | None = None) -> AuthSuccess:
        """The next access token, and the refresh token to use the next time; this one is used up.

        Throws RefreshTokenMalformedException, RefreshTokenNotFoundException, RefreshTokenExpiredException, and
        RefreshTokenInvalidSecretException for one that was used before.
        """
        if refresh_token is None:
            raise RefreshTokenMalformedException()
        return sign_in.success(tokens.refresh(refresh_token))
