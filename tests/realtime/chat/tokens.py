"""Who calls, in tests: the token "anna.phone" is the user anna's, unless it was noted as ended in Redis."""

from __future__ import annotations

import redis.asyncio as redis
from django.conf import settings

from endpoints.calls import Identity


async def resolve(token: str) -> Identity | None:
    """Always asked anew, so that an ended token is refused at once."""
    user, _, name = token.partition(".")
    async with redis.from_url(settings.REDIS_URL) as client:
        ended = await client.exists(ended_key(token))
    if not name or ended:
        return None
    return Identity(user, frozenset({"moderator"} if user == "maria" else set()), name)


def ended_key(token: str) -> str:
    """Where it is noted that a token is good no longer."""
    return f"{settings.REALTIME_PREFIX}:ended:{token}"
