"""Signing in with Google, as clients call it."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.endpoints.idp_base import IdpBaseEndpoint, refusing
from accounts.protocol import AuthSuccess, GoogleIdTokenVerificationException
from accounts.providers.google import claims
from accounts.providers.google.setup import Google
from accounts.sign_in import identities
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import credential_optional, replaceable


class GoogleIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Google."""

    method: ClassVar[str] = Google.name

    @credential_optional
    def login(self, call: Call, *, id_token: str, access_token: str | None) -> AuthSuccess:
        """Sign in with the tokens of Google's sign-in. Throws GoogleIdTokenVerificationException."""
        with refusing(call, self.method, GoogleIdTokenVerificationException()):
            verified = claims.verify(id_token, access_token)
        return identities.sign_in(call, verified)

    @credential_optional
    def login_with_code(self, call: Call, *, code: str, code_verifier: str, redirect_uri: str) -> AuthSuccess:
        """Sign in with an authorization code, from browsers. Throws GoogleIdTokenVerificationException."""
        with refusing(call, self.method, GoogleIdTokenVerificationException()):
            verified = claims.redeem(code, code_verifier, redirect_uri)
        return identities.sign_in(call, verified)


@replaceable
class GoogleIdpEndpoint(GoogleIdpBaseEndpoint):
    """Signing in with Google."""

    module: ClassVar[str] = ""
