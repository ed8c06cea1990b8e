"""Who calls: the tokens of accounts, also as Serverpod's older clients send them, `<id>:<key>`."""

from __future__ import annotations

from accounts import tokens
from endpoints.calls import Identity


async def resolve(token: str) -> Identity | None:
    """The identity behind a token; None where it is not or no longer good."""
    number, colon, key = token.partition(":")
    return await tokens.resolve(key if colon and number.isdecimal() else token)
