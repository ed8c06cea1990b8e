"""The module serverpod_auth_core: who is signed in, signing out, and getting the next access token."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts import audit, limits, profile, sign_in, tokens
from accounts.callers import person
from accounts.conf import conf
from accounts.models import User
from accounts.protocol import AuthSuccess, RefreshTokenMalformedException, UserProfileModel
from endpoints.calls import Call
from endpoints.endpoint import (
    Endpoint,
    allow_impersonation,
    max_body_bytes,
    rate_limit,
    unauthenticated_call,
    unfinished_allowed,
)

MODULE = "serverpod_auth_core"
PICTURE_BODY_BYTES = conf.PICTURE_BYTES * 4 // 3 + 4096
"""A picture travels in base64."""


@unfinished_allowed
class StatusEndpoint(Endpoint):
    """Whether somebody is signed in, and signing out."""

    module: ClassVar[str] = MODULE

    @allow_impersonation
    async def is_signed_in(self, call: Call) -> bool:
        """Whether the token of this call is good."""
        return call.identity is not None

    @allow_impersonation  # it ends only the operator's own token
    def sign_out_device(self, call: Call) -> None:
        """End the sign-in that this call is made with, and the streams that run on it."""
        if call.identity is not None:
            tokens.revoke(tokens.own(call.identity.token_id))
            audit.record("signed_out", user=_caller(call), call=call)

    def sign_out_all_devices(self, call: Call) -> None:
        """End all sign-ins of the person who calls."""
        if call.identity is not None:
            tokens.revoke_all(User(pk=call.identity.user_id))
            audit.record("signed_out_everywhere", user=_caller(call), call=call)


class UserProfileInfoEndpoint(Endpoint):
    """The profile of the person who calls."""

    module: ClassVar[str] = MODULE
    require_login: ClassVar[bool] = True

    @allow_impersonation
    def get(self, call: Call) -> UserProfileModel:
        """One's own profile."""
        return profile.of(person(call))


class UserProfileEditBaseEndpoint(UserProfileInfoEndpoint, abc.ABC):
    """Extend it in an app where people may change their profile."""

    @max_body_bytes(PICTURE_BODY_BYTES)
    @rate_limit("60/h")  # to read one takes up to a second
    def set_user_image(self, call: Call, image: bytes) -> UserProfileModel:
        """Show this picture, JPEG, PNG, WebP or GIF, cut to a square. Throws ProfileException."""
        return profile.set_picture(person(call), image)

    def remove_user_image(self, call: Call) -> UserProfileModel:
        """Show no picture any more."""
        return profile.remove_picture(person(call))

    def change_user_name(self, call: Call, user_name: str | None) -> UserProfileModel:
        """Set the name that others see; null for none. Throws ProfileException."""
        return profile.change_user_name(person(call), user_name)

    def change_full_name(self, call: Call, full_name: str | None) -> UserProfileModel:
        """Set the full name; null for none. Throws ProfileException."""
        return profile.change_full_name(person(call), full_name)


class RefreshJwtTokensEndpoint(Endpoint, abc.ABC):
    """Extend it in an app where sign-ins have refresh tokens (ACCOUNTS_TOKENS is "jwt")."""

    module: ClassVar[str] = MODULE

    @unauthenticated_call
    def refresh_access_token(self, call: Call, *, refresh_token: str | None = None) -> AuthSuccess:
        """Return the next access token and the refresh token to use next time. If they get lost, send this one again.

        Throws RefreshTokenMalformedException, RefreshTokenNotFoundException, RefreshTokenExpiredException, and
        RefreshTokenInvalidSecretException for a token whose successor was used: that ends the sign-in.
        """
        limits.count(call, "refresh")
        if refresh_token is None:
            raise RefreshTokenMalformedException()
        return sign_in.success(tokens.refresh(refresh_token))


def _caller(call: Call) -> User | None:
    """Who calls, for the audit log; None where the person is gone."""
    return User.objects.filter(pk=call.user_id).first()
