"""Who calls, in tests: the token is the user's name; "admin" has the scope "admin"; "gone" is good no longer."""

from __future__ import annotations

from endpoints.calls import Identity


async def resolve(token: str) -> Identity | None:
    if token == "gone":
        return None
    return Identity(token, frozenset({"admin"} if token == "admin" else set()), token_id=f"{token}-1")
