"""The ways in by e-mail address and without a name. Extend a class in an app's endpoints.py to make it callable."""

from __future__ import annotations

import abc
import uuid
from typing import ClassVar

from accounts import anonymous
from accounts import email as email_
from accounts.endpoints.idp_base import MODULE, IdpBaseEndpoint
from accounts.protocol import AuthSuccess
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, allow_impersonation, credential_optional


class EmailIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing up and in with an e-mail address and a password."""

    @credential_optional
    def login(self, call: Call, *, email: str, password: str) -> AuthSuccess:
        """Sign in. Throws EmailAccountLoginException, SecondFactorRequiredException, AuthUserBlockedException."""
        return email_.login(call, email, password)

    @credential_optional
    def start_registration(self, call: Call, *, email: str) -> uuid.UUID:
        """Have a code mailed to sign up with; gives the id to hand in with it, whether or not the address is free.

        Throws EmailAccountRequestException.
        """
        return email_.start_registration(call, email)

    @credential_optional
    def verify_registration_code(
        self, call: Call, *, account_request_id: uuid.UUID, verification_code: str
    ) -> str:
        """The token to finish with, for the code that was mailed. Throws EmailAccountRequestException."""
        return email_.verify_registration_code(call, account_request_id, verification_code)

    @credential_optional
    def finish_registration(self, call: Call, *, registration_token: str, password: str) -> AuthSuccess:
        """Make the account and sign in. Throws EmailAccountRequestException."""
        return email_.finish_registration(call, registration_token, password)

    @credential_optional
    def start_password_reset(self, call: Call, *, email: str) -> uuid.UUID:
        """Have a code mailed to set a new password with; gives the id to hand in with it, whoever has the address.

        Throws EmailAccountPasswordResetException.
        """
        return email_.start_password_reset(call, email)

    @credential_optional
    def verify_password_reset_code(
        self, call: Call, *, password_reset_request_id: uuid.UUID, verification_code: str
    ) -> str:
        """The token to finish with, for the code that was mailed. Throws EmailAccountPasswordResetException."""
        return email_.verify_password_reset_code(call, password_reset_request_id, verification_code)

    @credential_optional
    def finish_password_reset(
        self, call: Call, *, finish_password_reset_token: str, new_password: str
    ) -> None:
        """Set the new password; all devices are signed out. Throws EmailAccountPasswordResetException."""
        email_.finish_password_reset(call, finish_password_reset_token, new_password)

    @allow_impersonation
    def has_account(self, call: Call) -> bool:
        """Whether who is signed in can sign in with a password; false where nobody is."""
        return call.identity is not None and email_.has_account(call.identity.user_id)


class AnonymousIdpBaseEndpoint(Endpoint, abc.ABC):
    """Accounts without a name."""

    module: ClassVar[str] = MODULE

    @credential_optional
    def login(self, call: Call, *, token: str | None = None) -> AuthSuccess:
        """Make an account and sign in to it. Throws AnonymousAccountBlockedException."""
        return anonymous.login(call, token)
