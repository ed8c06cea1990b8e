"""Redeeming an authorization code (RFC 6749 4.1.3) with the verifier of its challenge (PKCE, RFC 7636)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from accounts.providers import web
from accounts.providers.refusal import Refused, shown

VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
"""Source: RFC 7636 4.1."""
MAX_CODE = 4096


def redeem(
    url: str,
    *,
    client_id: str,
    client_secret: str,
    code: str,
    code_verifier: str | None,
    redirect_uri: str,
    redirect_uris: Collection[str],
) -> dict[str, Any]:
    """Redeem a code; returns the provider's answer: tokens made for our client. Raises Refused.

    redirect_uris  the addresses of the settings, of which redirect_uri must be one
    code_verifier  None if the flow has none (Apple's)
    client_secret  "" for clients that have none
    """
    if redirect_uri not in redirect_uris:
        raise Refused(f"the redirect address {shown(redirect_uri)} is not among those of the settings")
    if code_verifier is not None and not VERIFIER.fullmatch(code_verifier):
        raise Refused("the code verifier is not valid by RFC 7636")
    if not code or len(code) > MAX_CODE:
        raise Refused("the code is empty or too long")
    form = {"grant_type": "authorization_code", "client_id": client_id, "code": code}
    if redirect_uri:
        form["redirect_uri"] = redirect_uri
    if code_verifier is not None:
        form["code_verifier"] = code_verifier
    if client_secret:
        form["client_secret"] = client_secret
    answer = web.object_of(web.post(url, form), url)
    if "error" in answer:  # GitHub reports errors with status 200
        raise Refused(f"the code was refused: {shown(answer['error'])}")
    return answer
