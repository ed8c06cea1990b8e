"""Signing in with Microsoft, as clients call it."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.endpoints.idp_base import IdpBaseEndpoint, refusing
from accounts.protocol import AuthSuccess, MicrosoftAccessTokenVerificationException
from accounts.providers.microsoft import claims
from accounts.providers.microsoft.setup import Microsoft
from accounts.sign_in import identities
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import credential_optional, replaceable


class MicrosoftIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Microsoft."""

    method: ClassVar[str] = Microsoft.name

    @credential_optional
    def login(
        self, call: Call, *, code: str, code_verifier: str, redirect_uri: str, is_web_platform: bool
    ) -> AuthSuccess:
        """Sign in with an authorization code. Throws MicrosoftAccessTokenVerificationException.

        `isWebPlatform` says whether the app runs in a browser, which Microsoft treats differently.
        """
        with refusing(call, self.method, MicrosoftAccessTokenVerificationException()):
            verified = claims.redeem(code, code_verifier, redirect_uri, web_platform=is_web_platform)
        return identities.sign_in(call, verified)


@replaceable
class MicrosoftIdpEndpoint(MicrosoftIdpBaseEndpoint):
    """Signing in with Microsoft."""

    module: ClassVar[str] = ""
