"""Identities in tests: the token is the user's name; "admin" has the scope "admin".

"gone" was revoked, "stale" is an expired access token of anna, whose sign-in is still valid.
"""

from __future__ import annotations

from podium.endpoints.calls import CredentialExpired, Identity


async def resolve(token: str) -> Identity | None:
    if token == "gone":
        return None
    if token == "stale":
        raise CredentialExpired(Identity("anna"))
    return Identity(token, frozenset({"admin"} if token == "admin" else set()), token_id=f"{token}-1")
