"""Who calls, in tests: the token "anna.phone" is the user anna's, unless it was noted as ended in Redis.

"anna.until-1800000000" is good until that second.
"""

from __future__ import annotations

from datetime import UTC, datetime

import redis.asyncio as redis
from django.conf import settings

from core import clock
from endpoints.calls import Identity


async def resolve(token: str) -> Identity | None:
    """Always asked anew, so that an ended token is refused at once."""
    user, _, name = token.partition(".")
    async with redis.from_url(settings.REDIS_URL) as client:
        ended = await client.exists(ended_key(token))
    if not name or ended:
        return None
    expires_at = None
    if name.startswith("until-"):
        expires_at = datetime.fromtimestamp(int(name.removeprefix("until-")), UTC)
        if expires_at <= clock.now():
            return None
    return Identity(user, frozenset({"moderator"} if user == "maria" else set()), name, expires_at)


def ended_key(token: str) -> str:
    """Where it is noted that a token is good no longer."""
    return f"{settings.REALTIME_PREFIX}:ended:{token}"
