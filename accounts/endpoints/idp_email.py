"""Signing in with an e-mail address or as a guest. To change a method, extend a class in an app's endpoints.py."""

from __future__ import annotations

import abc
import uuid
from typing import ClassVar

from accounts.endpoints.idp_base import MODULE, IdpBaseEndpoint, SignInEndpoint
from accounts.protocol import AuthSuccess
from accounts.sign_in import anonymous, methods
from accounts.sign_in import email as email_
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import allow_impersonation, credential_optional


class EmailIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing up and in with an e-mail address and a password."""

    method: ClassVar[str] = methods.EMAIL

    @credential_optional
    def login(self, call: Call, *, email: str, password: str) -> AuthSuccess:
        """Sign in. Throws EmailAccountLoginException, SecondFactorRequiredException, AuthUserBlockedException."""
        return email_.login(call, email, password)

    @credential_optional
    def start_registration(self, call: Call, *, email: str) -> uuid.UUID:
        """Mail a sign-up code. Returns the id to send with it, whether the address is free or taken.

        Throws EmailAccountRequestException.
        """
        return email_.start_registration(call, email)

    @credential_optional
    def verify_registration_code(
        self, call: Call, *, account_request_id: uuid.UUID, verification_code: str
    ) -> str:
        """Return the token for the last step, for the mailed code. Throws EmailAccountRequestException."""
        return email_.verify_registration_code(call, account_request_id, verification_code)

    @credential_optional
    def finish_registration(self, call: Call, *, registration_token: str, password: str) -> AuthSuccess:
        """Create the account and sign in. Throws EmailAccountRequestException."""
        return email_.finish_registration(call, registration_token, password)

    @credential_optional
    def start_password_reset(self, call: Call, *, email: str) -> uuid.UUID:
        """Mail a password reset code. Returns the id to send with it, whether the address has an account or not.

        Throws EmailAccountPasswordResetException.
        """
        return email_.start_password_reset(call, email)

    @credential_optional
    def verify_password_reset_code(
        self, call: Call, *, password_reset_request_id: uuid.UUID, verification_code: str
    ) -> str:
        """Return the token for the last step, for the mailed code. Throws EmailAccountPasswordResetException."""
        return email_.verify_password_reset_code(call, password_reset_request_id, verification_code)

    @credential_optional
    def finish_password_reset(
        self, call: Call, *, finish_password_reset_token: str, new_password: str
    ) -> None:
        """Set the new password and sign out all devices. Throws EmailAccountPasswordResetException."""
        email_.finish_password_reset(call, finish_password_reset_token, new_password)

    @allow_impersonation
    def has_account(self, call: Call) -> bool:
        """Test whether the caller can sign in with a password. False if nobody is signed in."""
        return call.identity is not None and email_.has_account(call.identity.user_id)


class AnonymousIdpBaseEndpoint(SignInEndpoint, abc.ABC):
    """Guest accounts."""

    module: ClassVar[str] = MODULE
    method: ClassVar[str] = methods.ANONYMOUS

    @credential_optional
    def login(self, call: Call, *, token: str | None = None) -> AuthSuccess:
        """Create a guest account and sign in. Throws AnonymousAccountBlockedException."""
        return anonymous.login(call, token)
