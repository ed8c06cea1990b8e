"""Google: ID tokens of its sign-in packages, and authorization codes of browsers.

Source: developers.google.com/identity/openid-connect/openid-connect and .../gsi/web/guides/verify-google-id-token.
"""

from __future__ import annotations

from typing import Any

from accounts.providers import id_tokens, oauth, web
from accounts.providers.claims import Claims
from accounts.providers.google.setup import Google
from accounts.providers.refusal import Refused, shown

ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
KEYS_URL = "https://www.googleapis.com/oauth2/v3/certs"
TOKEN_URL = "https://oauth2.googleapis.com/token"
TOKEN_INFO_URL = "https://oauth2.googleapis.com/tokeninfo"


def verify(id_token: str, access_token: str | None = None) -> Claims:
    """Verify an ID token. Raises Refused. An access token must be of the same sign-in: Google is asked about it."""
    google = Google.read()
    claims = id_tokens.verify(id_token, keys_url=KEYS_URL, issuers=ISSUERS, audiences=google.client_ids)
    if access_token:
        _check_access_token(access_token, claims, google)
    return _claims(claims)


def redeem(code: str, code_verifier: str, redirect_uri: str) -> Claims:
    """Redeem an authorization code. Raises Refused. One request."""
    google = Google.read()
    answer = oauth.redeem(
        TOKEN_URL,
        client_id=google.client_ids[0],
        client_secret=google.client_secret,
        code=code,
        code_verifier=code_verifier,
        redirect_uri=redirect_uri,
        redirect_uris=google.redirect_uris,
    )
    return _claims_of(answer, google)


def redeem_server_code(code: str, redirect_uri: str | None) -> Claims:
    """Identify the user of a server auth code from Google's older sign-in packages. Raises Refused. One request.

    It comes without PKCE. Phones send no redirect address; then the first one in the settings is used, or none.
    """
    google = Google.read()
    addresses = [*google.redirect_uris, ""]
    answer = oauth.redeem(
        TOKEN_URL,
        client_id=google.client_ids[0],
        client_secret=google.client_secret,
        code=code,
        code_verifier=None,
        redirect_uri=redirect_uri or addresses[0],
        redirect_uris=addresses,
    )
    return _claims_of(answer, google)


def _claims_of(answer: dict[str, Any], google: Google) -> Claims:
    token = web.text_of(answer, "id_token")
    return _claims(
        id_tokens.verify(token, keys_url=KEYS_URL, issuers=ISSUERS, audiences=google.client_ids[:1])
    )


def _check_access_token(token: str, claims: dict[str, Any], google: Google) -> None:
    """Check an access token. Raises Refused for a token of another project or another user."""
    info = web.object_of(web.post(TOKEN_INFO_URL, {"access_token": token}), TOKEN_INFO_URL)
    parties = {web.text_of(info, "aud"), web.text_of(info, "azp")} - {""}
    if not parties or any(
        _project(each) not in {_project(ours) for ours in google.client_ids} for each in parties
    ):
        raise Refused(f"the access token was made for {shown(sorted(parties))}")
    if info.get("sub") != claims["sub"]:
        raise Refused("the access token is of another user than the ID token, or of nobody")


def _project(client_id: str) -> str:
    """The number at the start of all client ids of one project.

    On a phone the access token is made for the phone's own client id, and the ID token for the server's.
    """
    number, dash, _ = client_id.partition("-")
    return number if dash and number.isdecimal() else client_id


def _claims(claims: dict[str, Any]) -> Claims:
    return Claims(
        provider=Google.name,
        subject=claims["sub"],
        email=web.text_of(claims, "email"),
        email_verified=id_tokens.is_true(claims.get("email_verified")),
        name=web.text_of(claims, "name"),
        picture=web.text_of(claims, "picture"),
        raw=claims,
    )
