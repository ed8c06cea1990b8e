"""Signing in with providers that speak OpenID Connect, as clients call it."""

from __future__ import annotations

import abc
from typing import ClassVar

from accounts.endpoints.idp_base import SignInEndpoint, refusing
from accounts.protocol import AuthSuccess, IdentityVerificationException
from accounts.providers.oidc import claims
from accounts.providers.oidc.setup import OpenIDConnect
from accounts.sign_in import identities
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import allow_impersonation, credential_optional, replaceable


class OidcIdpBaseEndpoint(SignInEndpoint, abc.ABC):
    """Signing in with any provider that supports OpenID Connect: those in ACCOUNTS_OIDC, by their names there."""

    method: ClassVar[str] = OpenIDConnect.name

    @credential_optional
    def login(self, call: Call, *, provider: str, id_token: str, nonce: str | None = None) -> AuthSuccess:
        """Sign in with an ID token; with the nonce if the app sent one. Throws IdentityVerificationException."""
        with refusing(call, claims.label(provider), IdentityVerificationException(provider=provider)):
            verified = claims.verify(provider, id_token, nonce)
        return identities.sign_in(call, verified)

    @credential_optional
    def login_with_code(
        self,
        call: Call,
        *,
        provider: str,
        code: str,
        code_verifier: str,
        redirect_uri: str,
        nonce: str | None = None,
    ) -> AuthSuccess:
        """Sign in with an authorization code and its verifier. Throws IdentityVerificationException."""
        with refusing(call, claims.label(provider), IdentityVerificationException(provider=provider)):
            verified = claims.redeem(provider, code, code_verifier, redirect_uri, nonce)
        return identities.sign_in(call, verified)

    @allow_impersonation
    def has_account(self, call: Call, *, provider: str) -> bool:
        """Test whether the caller can sign in with this provider. False if nobody is signed in."""
        return call.identity is not None and identities.has(call.identity.user_id, provider)


@replaceable
class OidcIdpEndpoint(OidcIdpBaseEndpoint):
    """Signing in with any provider that speaks OpenID Connect."""

    module: ClassVar[str] = ""
