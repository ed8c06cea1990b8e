"""Facebook: access tokens, verified by asking Facebook for their user and their app.

Source: developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging and .../graph-api/securing-requests.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

from accounts.providers import web
from accounts.providers.claims import Claims
from accounts.providers.facebook.setup import Facebook
from accounts.providers.refusal import Refused, shown

GRAPH_URL = "https://graph.facebook.com/v23.0"
FIELDS = "id,name,first_name,last_name,email,picture.type(large)"
MAX_TOKEN = 4096


def verify(access_token: str) -> Claims:
    """Verify an access token. Raises Refused. Two requests."""
    facebook = Facebook.read()
    if not access_token or len(access_token) > MAX_TOKEN:
        raise Refused("the access token is empty or too long")
    owner = _owner(access_token, facebook)
    proof = hmac.new(facebook.app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
    url = f"{GRAPH_URL}/me"
    asked = {"fields": FIELDS, "access_token": access_token, "appsecret_proof": proof}
    user = web.object_of(web.get(url, params=asked), url)
    if web.text_of(user, "id") != owner:
        raise Refused("Facebook names two users for one token")
    return _claims(user)


def _owner(access_token: str, facebook: Facebook) -> str:
    """The id of the token's user. Raises Refused if the token is no longer valid, or was made for another app."""
    url = f"{GRAPH_URL}/debug_token"
    asked = {"input_token": access_token, "access_token": f"{facebook.app_id}|{facebook.app_secret}"}
    answer = web.object_of(web.get(url, params=asked), url)
    told = answer.get("data")
    if not isinstance(told, dict) or told.get("is_valid") is not True:
        raise Refused("Facebook says that the token is invalid")
    if str(told.get("app_id")) != facebook.app_id:
        raise Refused(f"the access token was made for the app {shown(told.get('app_id'))}")
    if told.get("type", "USER") != "USER":
        raise Refused(f"the access token is of a {shown(told.get('type'))}")
    expires = told.get("expires_at", 0)
    if not isinstance(expires, int) or (expires != 0 and expires <= time.time()):
        raise Refused("the access token has expired")
    owner = str(told.get("user_id") or "")
    if not owner:
        raise Refused("Facebook does not say whose token it is")
    return owner


def _claims(user: dict[str, Any]) -> Claims:
    """Claims with an address that counts as not verified, because Facebook does not say whether it is."""
    picture = user.get("picture")
    return Claims(
        provider=Facebook.name,
        subject=user["id"],
        email=web.text_of(user, "email"),
        name=web.text_of(user, "name"),
        picture=web.text_of(picture.get("data"), "url") if isinstance(picture, dict) else "",
        raw=user,
    )
