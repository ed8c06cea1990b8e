"""Microsoft: authorization codes, for work, school and personal accounts.

Source: learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow and
.../access-tokens (keys and issuers).
"""

from __future__ import annotations

from typing import Any

from accounts.conf import conf
from accounts.identities import Claims
from accounts.providers import id_tokens, oauth, setups, web
from accounts.providers.refusal import Refused, shown

PROVIDER = "microsoft"
LOGIN_URL = "https://login.microsoftonline.com"
GRAPH_URL = "https://graph.microsoft.com/v1.0"
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant that all personal accounts are in."""
GROUPS = frozenset({"common", "organizations", "consumers"})
"""Names of many tenants."""


def redeem(code: str, code_verifier: str, redirect_uri: str, *, web_platform: bool) -> Claims:
    """Who an authorization code is of. Raises Refused. Two requests.

    web_platform  whether the app runs in a browser: Microsoft wants the secret for those, and refuses it for others
    """
    microsoft = setups.read(setups.Microsoft, conf.MICROSOFT)
    authority = microsoft.tenants[0] if len(microsoft.tenants) == 1 else "common"
    if web_platform and not microsoft.client_secret:
        raise Refused("Microsoft is not set up for browsers: MICROSOFT_CLIENT_SECRET is missing")
    answer = oauth.redeem(
        f"{LOGIN_URL}/{authority}/oauth2/v2.0/token",
        client_id=microsoft.client_id,
        client_secret=microsoft.client_secret if web_platform else "",
        code=code,
        code_verifier=code_verifier,
        redirect_uri=redirect_uri,
        redirect_uris=microsoft.redirect_uris,
    )
    claims = id_tokens.verify(
        web.text_of(answer, "id_token"),
        keys_url=f"{LOGIN_URL}/{authority}/discovery/v2.0/keys",
        issuers=_issuer_of,
        audiences=[microsoft.client_id],
    )
    if not _is_allowed(web.text_of(claims, "tid"), microsoft):
        raise Refused(f"the tenant {shown(claims.get('tid'))} is not among those of the settings")
    return _claims(web.text_of(answer, "access_token"), claims)


def _issuer_of(claims: dict[str, Any]) -> str:
    return f"{LOGIN_URL}/{claims.get('tid')}/v2.0"


def _is_allowed(tenant: str, microsoft: setups.Microsoft) -> bool:
    for each in microsoft.tenants:
        if each == "common" or each.lower() == tenant.lower():
            return bool(tenant)
        if (each == "consumers" and tenant == PERSONAL) or (
            each == "organizations" and tenant not in ("", PERSONAL)
        ):
            return True
    return False


def _claims(access_token: str, claims: dict[str, Any]) -> Claims:
    """Named by their id in Microsoft Graph, as allauth's pages do it.

    The address is whatever an organisation's administrator wrote there, so it is not verified, unless Microsoft says
    that the domain's owner was asked (the optional claim xms_edov).
    """
    if not access_token:
        raise Refused("Microsoft gave no access token")
    url = f"{GRAPH_URL}/me"
    person = web.object_of(web.get(url, token=access_token), url)
    subject = web.text_of(person, "id")
    if not subject:
        raise Refused("Microsoft Graph does not say who it is")
    proven = claims.get("xms_edov") in (True, 1, "1", "true")
    email = web.text_of(claims, "email") if proven else web.text_of(person, "mail")
    return Claims(
        provider=PROVIDER,
        subject=subject,
        email=email,
        email_verified=proven and bool(email),
        name=web.text_of(person, "displayName") or web.text_of(claims, "name"),
        raw=person,
    )
