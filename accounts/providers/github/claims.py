"""GitHub: authorization codes. It gives no ID token, so the user is looked up with the access token.

Source: docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps and
docs.github.com/en/rest/apps/oauth-applications.
"""

from __future__ import annotations

from accounts.providers import oauth, web
from accounts.providers.claims import Claims
from accounts.providers.github.setup import GitHub
from accounts.providers.refusal import Refused

TOKEN_URL = "https://github.com/login/oauth/access_token"
API_URL = "https://api.github.com"


def redeem(code: str, code_verifier: str, redirect_uri: str) -> Claims:
    """Redeem an authorization code. Raises Refused. Four requests."""
    github = GitHub.read()
    answer = oauth.redeem(
        TOKEN_URL,
        client_id=github.client_id,
        client_secret=github.client_secret,
        code=code,
        code_verifier=code_verifier,
        redirect_uri=redirect_uri,
        redirect_uris=github.redirect_uris,
    )
    token = web.text_of(answer, "access_token")
    if not token:
        raise Refused("GitHub gave no access token")
    return _claims(token, _owner(token, github))


def _owner(token: str, github: GitHub) -> int:
    """The number of the token's user. Raises Refused if the token was not made for our app."""
    url = f"{API_URL}/applications/{github.client_id}/token"
    basic = (github.client_id, github.client_secret)
    answer = web.object_of(web.post_json(url, {"access_token": token}, basic=basic), url)
    if web.text_of(answer.get("app"), "client_id") != github.client_id:
        raise Refused("the access token was made for another app")
    owner = answer.get("user")
    number = owner.get("id") if isinstance(owner, dict) else None
    if not isinstance(number, int):
        raise Refused("GitHub does not say whose token it is")
    return number


def _claims(token: str, owner: int) -> Claims:
    url = f"{API_URL}/user"
    user = web.object_of(web.get(url, token=token), url)
    if user.get("id") != owner:
        raise Refused("GitHub names two users for one token")
    return Claims(
        provider=GitHub.name,
        subject=str(owner),
        email=(email := _primary_email(token)),
        email_verified=bool(email),
        name=web.text_of(user, "name") or web.text_of(user, "login"),
        picture=web.text_of(user, "avatar_url"),
        raw=user,
    )


def _primary_email(token: str) -> str:
    """The confirmed primary address; "" if there is none, or if the app may not see it (scope user:email)."""
    try:
        listed = web.get(f"{API_URL}/user/emails", token=token)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return ""
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and each.get("primary") is True and each.get("verified") is True:
            return web.text_of(each, "email")
    return ""
