"""Signing in with Facebook, as clients call it."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.endpoints.idp_base import IdpBaseEndpoint, refusing
from accounts.protocol import AuthSuccess, FacebookAccessTokenVerificationException
from accounts.providers.facebook import claims
from accounts.providers.facebook.setup import Facebook
from accounts.sign_in import identities
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import credential_optional, replaceable


class FacebookIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Facebook."""

    method: ClassVar[str] = Facebook.name

    @credential_optional
    def login(self, call: Call, *, access_token: str) -> AuthSuccess:
        """Sign in with an access token of Facebook's login. Throws FacebookAccessTokenVerificationException."""
        with refusing(call, self.method, FacebookAccessTokenVerificationException()):
            verified = claims.verify(access_token)
        return identities.sign_in(call, verified)


@replaceable
class FacebookIdpEndpoint(FacebookIdpBaseEndpoint):
    """Signing in with Facebook."""

    module: ClassVar[str] = ""
