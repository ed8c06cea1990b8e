"""Signing in with other providers. Extend a class in an app's endpoints.py, and set the provider up in the settings.

All of them: an identity that is new makes a new account, or becomes a further way in for who is signed in.
"""

from __future__ import annotations

import abc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from accounts import audit, identities, limits
from accounts.endpoints.idp_base import IdpBaseEndpoint
from accounts.protocol import (
    AuthSuccess,
    FacebookAccessTokenVerificationException,
    FirebaseEmailNotVerifiedException,
    FirebaseIdTokenVerificationException,
    GitHubAccessTokenVerificationException,
    GoogleIdTokenVerificationException,
    IdentityVerificationException,
    MicrosoftAccessTokenVerificationException,
)
from accounts.providers import apple, facebook, firebase, github, google, microsoft, oidc
from accounts.providers.refusal import Refused
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, allow_impersonation, credential_optional

logger = logging.getLogger("podium.accounts")


@contextmanager
def _refusing(call: Call, provider: str, instead: Exception) -> Iterator[None]:
    """What a provider's token is refused for goes to the log; the client learns that it was refused.

    Each try may ask the provider, so they are counted. Raises limits.TooMany (429).
    """
    limits.count(call, "provider")
    try:
        yield
    except Refused as refused:
        logger.warning("%s: a sign-in was refused: %s", provider, refused)
        audit.record("sign_in_refused", call=call, method=provider, reason=str(refused)[:300])
        raise instead from None


class GoogleIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Google."""

    method: ClassVar[str] = google.PROVIDER

    @credential_optional
    def login(self, call: Call, *, id_token: str, access_token: str | None) -> AuthSuccess:
        """Sign in with what Google's sign-in gave the app. Throws GoogleIdTokenVerificationException."""
        with _refusing(call, self.method, GoogleIdTokenVerificationException()):
            claims = google.verify(id_token, access_token)
        return identities.sign_in(call, claims)

    @credential_optional
    def login_with_code(self, call: Call, *, code: str, code_verifier: str, redirect_uri: str) -> AuthSuccess:
        """Sign in with an authorization code, in browsers. Throws GoogleIdTokenVerificationException."""
        with _refusing(call, self.method, GoogleIdTokenVerificationException()):
            claims = google.redeem(code, code_verifier, redirect_uri)
        return identities.sign_in(call, claims)


class AppleIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Sign in with Apple."""

    method: ClassVar[str] = apple.PROVIDER

    @credential_optional
    def login(
        self,
        call: Call,
        *,
        identity_token: str,
        authorization_code: str,
        is_native_apple_platform_sign_in: bool,
        first_name: str | None = None,
        last_name: str | None = None,
    ) -> AuthSuccess:
        """Sign in with what Apple gave the app. Throws IdentityVerificationException.

        Apple tells the name the first time only, and tells it the app: for an account that has none it is taken.
        """
        name = f"{first_name or ''} {last_name or ''}".strip()
        native = is_native_apple_platform_sign_in
        with _refusing(call, self.method, IdentityVerificationException(provider=self.method)):
            claims = apple.verify(identity_token, authorization_code, native=native, name=name)
        return identities.sign_in(call, claims)


class FirebaseIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Firebase Authentication."""

    method: ClassVar[str] = firebase.PROVIDER

    @credential_optional
    def login(self, call: Call, *, id_token: str) -> AuthSuccess:
        """Sign in with a Firebase user's ID token.

        Throws FirebaseIdTokenVerificationException, and FirebaseEmailNotVerifiedException where this server wants a
        confirmed address.
        """
        with _refusing(call, self.method, FirebaseIdTokenVerificationException()):
            try:
                claims = firebase.verify(id_token)
            except firebase.EmailNotVerified:
                raise FirebaseEmailNotVerifiedException() from None
        return identities.sign_in(call, claims)


class GitHubIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with GitHub."""

    method: ClassVar[str] = github.PROVIDER

    @credential_optional
    def login(self, call: Call, *, code: str, code_verifier: str, redirect_uri: str) -> AuthSuccess:
        """Sign in with an authorization code. Throws GitHubAccessTokenVerificationException."""
        with _refusing(call, self.method, GitHubAccessTokenVerificationException()):
            claims = github.redeem(code, code_verifier, redirect_uri)
        return identities.sign_in(call, claims)


class MicrosoftIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Microsoft."""

    method: ClassVar[str] = microsoft.PROVIDER

    @credential_optional
    def login(
        self, call: Call, *, code: str, code_verifier: str, redirect_uri: str, is_web_platform: bool
    ) -> AuthSuccess:
        """Sign in with an authorization code. Throws MicrosoftAccessTokenVerificationException.

        `isWebPlatform` tells whether the app runs in a browser: Microsoft treats those differently.
        """
        with _refusing(call, self.method, MicrosoftAccessTokenVerificationException()):
            claims = microsoft.redeem(code, code_verifier, redirect_uri, web_platform=is_web_platform)
        return identities.sign_in(call, claims)


class FacebookIdpBaseEndpoint(IdpBaseEndpoint, abc.ABC):
    """Signing in with Facebook."""

    method: ClassVar[str] = facebook.PROVIDER

    @credential_optional
    def login(self, call: Call, *, access_token: str) -> AuthSuccess:
        """Sign in with what Facebook's login gave the app. Throws FacebookAccessTokenVerificationException."""
        with _refusing(call, self.method, FacebookAccessTokenVerificationException()):
            claims = facebook.verify(access_token)
        return identities.sign_in(call, claims)


class OidcIdpBaseEndpoint(Endpoint, abc.ABC):
    """Signing in with any provider that speaks OpenID Connect: those of ACCOUNTS_OIDC, by their names there."""

    @credential_optional
    def login(self, call: Call, *, provider: str, id_token: str, nonce: str | None = None) -> AuthSuccess:
        """Sign in with an ID token; with the nonce if the app sent one. Throws IdentityVerificationException."""
        with _refusing(call, oidc.label(provider), IdentityVerificationException(provider=provider)):
            claims = oidc.verify(provider, id_token, nonce)
        return identities.sign_in(call, claims)

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
        with _refusing(call, oidc.label(provider), IdentityVerificationException(provider=provider)):
            claims = oidc.redeem(provider, code, code_verifier, redirect_uri, nonce)
        return identities.sign_in(call, claims)

    @allow_impersonation
    def has_account(self, call: Call, *, provider: str) -> bool:
        """Whether who is signed in can sign in with this provider; false where nobody is."""
        return call.identity is not None and identities.has(call.identity.user_id, provider)
