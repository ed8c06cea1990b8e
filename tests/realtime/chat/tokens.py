"""Identities in tests: the token "anna.phone" belongs to the user anna, unless Redis has it as "ended" or "expired".

An expired one is an access token of a sign-in that is still valid. "anna.until-1800000000" is valid until that second.
"""

from __future__ import annotations

from datetime import UTC, datetime

import redis.asyncio as redis
from django.conf import settings

from podium.core import clock
from podium.endpoints.calls import CredentialExpired, Identity


async def resolve(token: str) -> Identity | None:
    """Never cached, so that a revoked token is refused at once."""
    user, _, name = token.partition(".")
    async with redis.from_url(settings.REDIS_URL) as client:
        state = await client.get(state_key(token))
    if not name or state == b"ended":
        return None
    expires_at = None
    if name.startswith("until-"):
        expires_at = datetime.fromtimestamp(int(name.removeprefix("until-")), UTC)
        if expires_at <= clock.now():
            return None
    identity = Identity(user, frozenset({"moderator"} if user == "maria" else set()), name, expires_at)
    if state == b"expired":
        raise CredentialExpired(identity)
    return identity


def state_key(token: str) -> str:
    """The key in Redis for the state of a token."""
    return f"{settings.REALTIME_PREFIX}:state:{token}"
