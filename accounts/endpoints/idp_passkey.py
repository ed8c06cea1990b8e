"""The way in by passkey. Extend the class in an app's endpoints.py to make it callable."""

from __future__ import annotations

import abc

from accounts import passkeys
from accounts.endpoints.idp_base import IdpBaseEndpoint
from accounts.passkeys import PasskeyChallenge
from accounts.protocol import AuthSuccess, PasskeyLoginRequest, PasskeyRegistrationRequest
from endpoints.calls import Call
from endpoints.endpoint import allow_impersonation, credential_optional, unfinished_allowed


class PasskeyIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with a passkey: ACCOUNTS_PASSKEY_RP_ID is the domain that it belongs to."""

    method = passkeys.METHOD

    @credential_optional
    def create_challenge(self, call: Call) -> PasskeyChallenge:
        """What a device has to sign for `register` or `login`. Throws PasskeyRefusedException."""
        return passkeys.create_challenge(call)

    @unfinished_allowed
    def register(self, call: Call, *, registration_request: PasskeyRegistrationRequest) -> None:
        """Keep a further passkey of who is signed in.

        Throws PasskeyChallengeNotFoundException, PasskeyChallengeExpiredException, PasskeyRefusedException.
        """
        passkeys.register(call, registration_request)

    @credential_optional
    def login(self, call: Call, *, login_request: PasskeyLoginRequest) -> AuthSuccess:
        """Sign in. Throws PasskeyChallengeNotFoundException, PasskeyChallengeExpiredException,
        PasskeyPublicKeyNotFoundException, PasskeyRefusedException, SecondFactorRequiredException,
        AuthUserBlockedException.
        """
        return passkeys.login(call, login_request)

    @allow_impersonation
    def has_account(self, call: Call) -> bool:
        """Whether who is signed in has a passkey; false where nobody is."""
        return call.identity is not None and passkeys.has_account(call.identity.user_id)
