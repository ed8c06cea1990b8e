"""The module serverpod_auth_core: sign-in status, sign-out, profiles and refreshing access tokens."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.audit import audit
from accounts.callers import caller
from accounts.conf import conf
from accounts.models import User
from accounts.profile import profile
from accounts.protocol import AuthSuccess, RefreshTokenNotFoundException, UserProfileModel
from accounts.sessions import sessions
from accounts.sign_in import sign_in
from accounts.throttling import throttling
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import (
    Endpoint,
    allow_api_keys,
    allow_impersonation,
    max_body_bytes,
    rate_limit,
    unauthenticated_call,
    unfinished_allowed,
)

MODULE = "serverpod_auth_core"
PICTURE_BODY_BYTES = conf.PICTURE_BYTES * 4 // 3 + 4096
"""For pictures, which are sent as base64."""


@unfinished_allowed
class StatusEndpoint(Endpoint):
    """Sign-in status, and sign-out."""

    module: ClassVar[str] = MODULE

    @allow_api_keys
    @allow_impersonation
    async def is_signed_in(self, call: Call) -> bool:
        """Test whether the token of this call is valid. False instead of a 401 if its sign-in has ended."""
        return call.identity is not None

    @allow_impersonation  # it ends only the operator's own token
    def sign_out_device(self, call: Call) -> None:
        """End the sign-in of this call, and its streams."""
        if call.identity is not None:
            sessions.revoke(sessions.own(call.identity.token_id))
            audit.record("signed_out", user=_caller(call), call=call)

    def sign_out_all_devices(self, call: Call) -> None:
        """End all sign-ins of the caller."""
        if call.identity is not None:
            sessions.revoke_all(User(pk=call.identity.user_id))
            audit.record("signed_out_everywhere", user=_caller(call), call=call)


class UserProfileInfoEndpoint(Endpoint):
    """The profile of the caller."""

    module: ClassVar[str] = MODULE
    require_login: ClassVar[bool] = True

    @allow_impersonation
    def get(self, call: Call) -> UserProfileModel:
        """Return the caller's profile."""
        return profile.of(caller(call))


class UserProfileEditBaseEndpoint(UserProfileInfoEndpoint, abc.ABC):
    """Users change their profile. Extend it in an app to refuse a change."""

    @max_body_bytes(PICTURE_BODY_BYTES)
    @rate_limit("60/h")  # processing a picture takes up to a second
    def set_user_image(self, call: Call, image: bytes) -> UserProfileModel:
        """Set the picture: JPEG, PNG, WebP or GIF, cropped to a square. Throws ProfileException."""
        return profile.set_picture(caller(call), image)

    def remove_user_image(self, call: Call) -> UserProfileModel:
        """Remove the picture."""
        return profile.remove_picture(caller(call))

    def change_user_name(self, call: Call, user_name: str | None) -> UserProfileModel:
        """Set the name that others see, or null to remove it. Throws ProfileException."""
        return profile.change_user_name(caller(call), user_name)

    def change_full_name(self, call: Call, full_name: str | None) -> UserProfileModel:
        """Set the full name, or null to remove it. Throws ProfileException."""
        return profile.change_full_name(caller(call), full_name)


class RefreshJwtTokensEndpoint(Endpoint, abc.ABC):
    """The next access token, if sign-ins have refresh tokens (ACCOUNTS_SESSION_STRATEGY is "jwt")."""

    module: ClassVar[str] = MODULE

    @unauthenticated_call
    def refresh_access_token(self, call: Call, *, refresh_token: str | None = None) -> AuthSuccess:
        """Return the next access token and refresh token. If the response is lost, send the same refresh token again.

        Throws RefreshTokenNotFoundException, also without a token; RefreshTokenMalformedException,
        RefreshTokenExpiredException, and RefreshTokenInvalidSecretException for a token whose successor was used: that
        ends the sign-in.
        """
        throttling.count(call, "refresh")
        if refresh_token is None:
            raise RefreshTokenNotFoundException()
        return sign_in.success(sessions.refresh(refresh_token))


def _caller(call: Call) -> User | None:
    """The caller, for the audit log; None if the account was deleted."""
    return User.objects.filter(pk=call.user_id).first()
