"""The endpoints of Serverpod's legacy module serverpod_auth, under the names of its clients since 1.0."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from accounts.audit import audit
from accounts.callers import caller
from accounts.endpoints.core import PICTURE_BODY_BYTES
from accounts.endpoints.idp_base import SignInEndpoint
from accounts.models import User
from accounts.profile import profile
from accounts.protocol import ProfileException
from accounts.sessions import sessions
from legacy_auth import administration, providers, users
from legacy_auth import email as email_
from legacy_auth.conf import conf
from legacy_auth.models import (
    AppleAuthInfo,
    AuthenticationResponse,
    EmailPasswordReset,
    UserInfo,
    UserSettingsConfig,
)
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import (
    Endpoint,
    allow_impersonation,
    credential_optional,
    max_body_bytes,
    rate_limit,
    unauthenticated_call,
    unfinished_allowed,
)

MODULE = "serverpod_auth"


class EmailEndpoint(SignInEndpoint):
    """Signing up and in with an e-mail address."""

    module: ClassVar[str] = MODULE
    method: ClassVar[str] = "email"

    @unauthenticated_call
    def authenticate(self, call: Call, email: str, password: str) -> AuthenticationResponse:
        """Sign in."""
        return email_.authenticate(call, email, password)

    def change_password(self, call: Call, old_password: str, new_password: str) -> bool:
        """Set another password. False if nobody is signed in or one of the two is refused."""
        return call.identity is not None and email_.change_password(call, old_password, new_password)

    @unauthenticated_call
    def initiate_password_reset(self, call: Call, email: str) -> bool:
        """Have a code mailed to set a new password with. True whether or not the address has an account."""
        return email_.initiate_password_reset(call, email)

    @unauthenticated_call
    def verify_email_password_reset(self, call: Call, verification_code: str) -> EmailPasswordReset | None:
        """Find the address for a mailed reset code. For clients before 2.0."""
        return email_.verify_password_reset(call, verification_code)

    @unauthenticated_call
    def reset_password(self, call: Call, verification_code: str, password: str) -> bool:
        """Set a new password by a mailed code; all devices are signed out."""
        return email_.reset_password(call, verification_code, password)

    @unauthenticated_call
    def create_account_request(self, call: Call, user_name: str, email: str, password: str) -> bool:
        """Have a code mailed to sign up with. True whether or not the address is free."""
        return email_.create_account_request(call, user_name, email, password)

    @unauthenticated_call
    def create_account(self, call: Call, email: str, verification_code: str) -> UserInfo | None:
        """Make the account, by the mailed code. The app then signs in."""
        return email_.create_account(call, email, verification_code)


class GoogleEndpoint(SignInEndpoint):
    """Signing in with Google."""

    module: ClassVar[str] = MODULE
    method: ClassVar[str] = "google"

    @unauthenticated_call
    def authenticate_with_server_auth_code(
        self, call: Call, authentication_code: str, redirect_uri: str | None
    ) -> AuthenticationResponse:
        """Sign in with a code that the server redeems."""
        return providers.google_by_code(call, authentication_code, redirect_uri)

    @unauthenticated_call
    def authenticate_with_id_token(self, call: Call, id_token: str) -> AuthenticationResponse:
        """Sign in with an ID token."""
        return providers.google_by_id_token(call, id_token)


class AppleEndpoint(SignInEndpoint):
    """Sign in with Apple."""

    module: ClassVar[str] = MODULE
    method: ClassVar[str] = "apple"

    @unauthenticated_call
    def authenticate(self, call: Call, auth_info: AppleAuthInfo) -> AuthenticationResponse:
        """Sign in with what Apple gave the app."""
        return providers.apple_by_auth_info(call, auth_info)


class FirebaseEndpoint(SignInEndpoint):
    """Signing in with Firebase Authentication."""

    module: ClassVar[str] = MODULE
    method: ClassVar[str] = "firebase"

    @unauthenticated_call
    def authenticate(self, call: Call, id_token: str) -> AuthenticationResponse:
        """Sign in with a Firebase user's ID token."""
        return providers.firebase_by_id_token(call, id_token)


@unfinished_allowed
class StatusEndpoint(Endpoint):
    """The signed-in user, and signing out. An invalid key counts as none, so that apps show their sign-in page."""

    module: ClassVar[str] = MODULE

    @allow_impersonation
    @credential_optional
    def is_signed_in(self, call: Call) -> bool:
        """Test whether the key of this call is valid."""
        return call.identity is not None

    @credential_optional
    def sign_out_device(self, call: Call) -> None:
        """End the key of this call."""
        if call.identity is not None:
            sessions.revoke(sessions.own(call.identity.token_id))
            audit.record("signed_out", user=_caller(call), call=call)

    @credential_optional
    def sign_out_all_devices(self, call: Call) -> None:
        """End all sign-ins of the user."""
        if (user := _caller(call)) is not None:
            sessions.revoke_all(user)
            audit.record("signed_out_everywhere", user=user, call=call)

    @credential_optional
    def sign_out(self, call: Call) -> None:
        """The same, as clients before 2.1 call it."""
        self.sign_out_all_devices(call)

    @allow_impersonation
    @credential_optional
    def get_user_info(self, call: Call) -> UserInfo | None:
        """The signed-in user, or null."""
        user = _caller(call)
        return users.of(user) if user is not None else None

    @credential_optional
    def get_user_settings_config(self, call: Call) -> UserSettingsConfig:
        """The parts of their profile that users may see and change."""
        return UserSettingsConfig(
            can_see_user_name=conf.USER_CAN_SEE_USER_NAME,
            can_see_full_name=conf.USER_CAN_SEE_FULL_NAME,
            can_edit_user_name=conf.USER_CAN_EDIT_USER_NAME,
            can_edit_full_name=conf.USER_CAN_EDIT_FULL_NAME,
            can_edit_user_image=conf.USER_CAN_EDIT_USER_IMAGE,
        )


class UserEndpoint(Endpoint):
    """The profile of the signed-in user. False where the settings or the new value forbid it."""

    module: ClassVar[str] = MODULE
    require_login: ClassVar[bool] = True

    def remove_user_image(self, call: Call) -> bool:
        """Show no picture any more. Serverpod shows one with the first letter of the name instead."""
        if not conf.USER_CAN_EDIT_USER_IMAGE:
            return False
        profile.remove_picture(caller(call))
        return True

    @max_body_bytes(PICTURE_BODY_BYTES)
    @rate_limit("60/h")
    def set_user_image(self, call: Call, image: bytes) -> bool:
        """Show this picture, JPEG, PNG, WebP or GIF, cut to a square."""
        return conf.USER_CAN_EDIT_USER_IMAGE and _done(lambda: profile.set_picture(caller(call), image))

    def change_user_name(self, call: Call, user_name: str) -> bool:
        """Set the name that others see."""
        may = conf.USER_CAN_EDIT_USER_NAME and bool(user_name.strip())
        return may and _done(lambda: profile.change_user_name(caller(call), user_name))

    def change_full_name(self, call: Call, full_name: str) -> bool:
        """Set the full name."""
        may = conf.USER_CAN_EDIT_FULL_NAME and bool(full_name.strip())
        return may and _done(lambda: profile.change_full_name(caller(call), full_name))


class AdminEndpoint(Endpoint):
    """Blocking users. Needs the scope serverpod.admin, or that of superusers."""

    module: ClassVar[str] = MODULE
    require_login: ClassVar[bool] = True

    def get_user_info(self, call: Call, user_id: int) -> UserInfo | None:
        """A user by their number, or null."""
        return administration.find(call, user_id)

    def block_user(self, call: Call, user_id: int) -> None:
        """Keep a user from signing in, and sign them out everywhere."""
        administration.block(call, user_id)

    def unblock_user(self, call: Call, user_id: int) -> None:
        """Let a user sign in again."""
        administration.unblock(call, user_id)


def _caller(call: Call) -> User | None:
    """Return the caller; None if nobody is signed in or the account is gone."""
    return User.objects.filter(pk=call.identity.user_id).first() if call.identity is not None else None


def _done(change: Callable[[], object]) -> bool:
    """Make a change of the profile. False if it is refused."""
    try:
        change()
    except ProfileException:
        return False
    return True
