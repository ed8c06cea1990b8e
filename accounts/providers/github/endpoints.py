"""Signing in with GitHub, as clients call it."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.endpoints.idp_base import IdpBaseEndpoint, refusing
from accounts.protocol import AuthSuccess, GitHubAccessTokenVerificationException
from accounts.providers.github import claims
from accounts.providers.github.setup import GitHub
from accounts.sign_in import identities
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import credential_optional, replaceable


class GitHubIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with GitHub."""

    method: ClassVar[str] = GitHub.name

    @credential_optional
    def login(self, call: Call, *, code: str, code_verifier: str, redirect_uri: str) -> AuthSuccess:
        """Sign in with an authorization code. Throws GitHubAccessTokenVerificationException."""
        with refusing(call, self.method, GitHubAccessTokenVerificationException()):
            verified = claims.redeem(code, code_verifier, redirect_uri)
        return identities.sign_in(call, verified)


@replaceable
class GitHubIdpEndpoint(GitHubIdpBaseEndpoint):
    """Signing in with GitHub."""

    module: ClassVar[str] = ""
