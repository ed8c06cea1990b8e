"""Signing in with a passkey. To change a method, extend the class in an app's endpoints.py."""

from __future__ import annotations

import abc

from accounts.endpoints.idp_base import IdpBaseEndpoint
from accounts.protocol import AuthSuccess, PasskeyLoginRequest, PasskeyRegistrationRequest
from accounts.sign_in import passkeys
from accounts.sign_in.passkeys import PasskeyChallenge
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import allow_impersonation, credential_optional, unfinished_allowed


class PasskeyIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with a passkey, for the domain in ACCOUNTS_PASSKEY_RP_ID."""

    method = passkeys.METHOD

    @credential_optional
    def create_challenge(self, call: Call) -> PasskeyChallenge:
        """Return a challenge that a device signs for `register` or `login`. Throws PasskeyRefusedException."""
        return passkeys.create_challenge(call)

    @unfinished_allowed
    def register(self, call: Call, *, registration_request: PasskeyRegistrationRequest) -> None:
        """Add a passkey to the caller's account.

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
        """Test whether the caller has a passkey. False if nobody is signed in."""
        return call.identity is not None and passkeys.has_account(call.identity.user_id)
