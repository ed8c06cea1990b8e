"""Any provider with OpenID Connect: the setting names its issuer, and its published configuration has the rest.

Source: OpenID Connect Discovery 1.0 section 4.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from accounts.providers import id_tokens, oauth, web
from accounts.providers.claims import Claims
from accounts.providers.oidc.setup import OpenIDConnect
from accounts.providers.published import Published
from accounts.providers.refusal import Refused, shown


def verify(provider: str, id_token: str, nonce: str | None = None) -> Claims:
    """Verify an ID token, which can be used once, and return its claims. Raises Refused."""
    setup = _setup(provider)
    claims = _verified(setup, id_token, nonce)
    id_tokens.use_once(id_token, claims)
    return _claims(provider, claims)


def redeem(
    provider: str, code: str, code_verifier: str, redirect_uri: str, nonce: str | None = None
) -> Claims:
    """Redeem an authorization code. Raises Refused. One request."""
    setup = _setup(provider)
    answer = oauth.redeem(
        web.text_of(_published(setup.issuer).get(), "token_endpoint"),
        client_id=setup.client_ids[0],
        client_secret=setup.client_secret,
        code=code,
        code_verifier=code_verifier,
        redirect_uri=redirect_uri,
        redirect_uris=setup.redirect_uris,
    )
    return _claims(provider, _verified(setup, web.text_of(answer, "id_token"), nonce))


def label(provider: str) -> str:
    """The provider's name for the log. A client's own text must not get into the log."""
    return provider if provider in OpenIDConnect.given() else OpenIDConnect.name


def _setup(provider: str) -> OpenIDConnect:
    given = OpenIDConnect.given().get(provider)
    if given is None or provider in OpenIDConnect.reserved():
        raise Refused(f"no provider named {shown(provider)} in ACCOUNTS_OIDC")
    return OpenIDConnect.of(given)


def _verified(setup: OpenIDConnect, token: str, nonce: str | None) -> dict[str, Any]:
    return id_tokens.verify(
        token,
        keys_url=web.text_of(_published(setup.issuer).get(), "jwks_uri"),
        issuers=[setup.issuer],
        audiences=setup.client_ids,
        nonce=nonce,
    )


@lru_cache(maxsize=100)
def _published(issuer: str) -> Published[dict[str, Any]]:
    """The provider's published configuration."""
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"

    def read(answer: Any) -> dict[str, Any]:
        found = web.object_of(answer, url)
        if found.get("issuer") != issuer:
            raise Refused(f"{url} is of the issuer {shown(found.get('issuer'))}")
        return found

    return Published(url, read)


def _claims(provider: str, claims: dict[str, Any]) -> Claims:
    return Claims(
        provider=provider,
        subject=claims["sub"],
        email=web.text_of(claims, "email"),
        email_verified=id_tokens.is_true(claims.get("email_verified")),
        name=web.text_of(claims, "name"),
        picture=web.text_of(claims, "picture"),
        raw={"id_token": claims},
    )
