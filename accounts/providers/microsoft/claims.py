"""Microsoft: authorization codes, for work, school and personal accounts.

Source: learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow and
.../access-tokens (keys and issuers).
"""

from __future__ import annotations

from typing import Any

from accounts.providers import id_tokens, oauth, web
from accounts.providers.claims import Claims
from accounts.providers.microsoft.setup import Microsoft
from accounts.providers.refusal import Refused, shown

LOGIN_URL = "https://login.microsoftonline.com"
GRAPH_URL = "https://graph.microsoft.com/v1.0"
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal accounts."""


def redeem(code: str, code_verifier: str, redirect_uri: str, *, web_platform: bool) -> Claims:
    """Redeem an authorization code. Raises Refused. Two requests.

    web_platform  whether the app runs in a browser: only then does Microsoft accept, and require, the client secret
    """
    microsoft = Microsoft.read()
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


def _is_allowed(tenant: str, microsoft: Microsoft) -> bool:
    for each in microsoft.tenants:
        if each == "common" or each.lower() == tenant.lower():
            return bool(tenant)
        if (each == "consumers" and tenant == PERSONAL) or (
            each == "organizations" and tenant not in ("", PERSONAL)
        ):
            return True
    return False


def _claims(access_token: str, claims: dict[str, Any]) -> Claims:
    """Claims with the id in Microsoft Graph as the subject, as allauth's pages use it.

    An organisation's administrator can enter any address, so it is not verified, unless Microsoft says
    that the domain's owner was asked (the optional claim xms_edov).
    """
    if not access_token:
        raise Refused("Microsoft gave no access token")
    url = f"{GRAPH_URL}/me"
    user = web.object_of(web.get(url, token=access_token), url)
    subject = web.text_of(user, "id")
    if not subject:
        raise Refused("Microsoft Graph does not name the user")
    proven = claims.get("xms_edov") in (True, 1, "1", "true")
    email = web.text_of(claims, "email") if proven else web.text_of(user, "mail")
    return Claims(
        provider=Microsoft.name,
        subject=subject,
        email=email,
        email_verified=proven and bool(email),
        name=web.text_of(user, "displayName") or web.text_of(claims, "name"),
        raw=user,
    )
