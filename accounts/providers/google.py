"""Google: ID tokens of its sign-in packages, and authorization codes of browsers.

Source: developers.google.com/identity/openid-connect/openid-connect and .../gsi/web/guides/verify-google-id-token.
"""

from __future__ import annotations

from typing import Any

from accounts.conf import conf
from accounts.identities import Claims
from accounts.providers import id_tokens, oauth, setups, web
from accounts.providers.refusal import Refused, shown

PROVIDER = "google"
ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
KEYS_URL = "https://www.googleapis.com/oauth2/v3/certs"
TOKEN_URL = "https://oauth2.googleapis.com/token"
TOKEN_INFO_URL = "https://oauth2.googleapis.com/tokeninfo"


def setup() -> setups.Google:
    return setups.read(setups.Google, conf.GOOGLE)


def verify(id_token: str, access_token: str | None = None) -> Claims:
    """Who an ID token is of. Raises Refused. An access token is asked about: it must be of the same sign-in."""
    google = setup()
    claims = id_tokens.verify(id_token, keys_url=KEYS_URL, issuers=ISSUERS, audiences=google.client_ids)
    if access_token:
        _check_access_token(access_token, claims, google)
    return _claims(claims)


def redeem(code: str, code_verifier: str, redirect_uri: str) -> Claims:
    """Who an authorization code is of. Raises Refused. One request."""
    google = setup()
    answer = oauth.redeem(
        TOKEN_URL,
        client_id=google.client_ids[0],
        client_secret=google.client_secret,
        code=code,
        code_verifier=code_verifier,
        redirect_uri=redirect_uri,
        redirect_uris=google.redirect_uris,
    )
    token = web.text_of(answer, "id_token")
    return _claims(
        id_tokens.verify(token, keys_url=KEYS_URL, issuers=ISSUERS, audiences=google.client_ids[:1])
    )


def _check_access_token(token: str, claims: dict[str, Any], google: setups.Google) -> None:
    """Raises Refused for a token that was made for another project, or another person."""
    info = web.object_of(web.post(TOKEN_INFO_URL, {"access_token": token}), TOKEN_INFO_URL)
    parties = {web.text_of(info, "aud"), web.text_of(info, "azp")} - {""}
    if not parties or any(
        _project(each) not in {_project(ours) for ours in google.client_ids} for each in parties
    ):
        raise Refused(f"the access token was made for {shown(sorted(parties))}")
    if info.get("sub") != claims["sub"]:
        raise Refused("the access token is of another person than the ID token, or of nobody")


def _project(client_id: str) -> str:
    """What the ids of one project's apps on all systems have in common: the number they begin with.

    On a phone the access token is made for the phone's own client id, the ID token for that of the server.
    """
    number, dash, _ = client_id.partition("-")
    return number if dash and number.isdecimal() else client_id


def _claims(claims: dict[str, Any]) -> Claims:
    return Claims(
        provider=PROVIDER,
        subject=claims["sub"],
        email=web.text_of(claims, "email"),
        email_verified=id_tokens.is_true(claims.get("email_verified")),
        name=web.text_of(claims, "name"),
        picture=web.text_of(claims, "picture"),
        raw=claims,
    )
