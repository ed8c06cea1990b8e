"""Rate limits of methods. Calls are counted in Django's cache, so all processes of a server count together.

Time is divided into windows of a fixed length. Around the end of a window, a caller may make up to twice the number of
calls in a short time. While the cache is unavailable, each process counts separately, so limits still apply.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache

from podium.core import clock
from podium.core.lazy import redis
from podium.endpoints import threads
from podium.endpoints.addresses import networks
from podium.endpoints.calls import Call
from podium.endpoints.errors import TooManyCalls

logger = logging.getLogger("podium.calls")

AWAY_SECONDS = 2.0
"""Pause before a failed cache is tried again, because each try may take as long as its time-out."""
_away_until = 0.0
_own: BaseCache = LocMemCache("podium.endpoints.rates", {"MAX_ENTRIES": 10_000})
"""Counters of this process, used while the cache is unavailable. Unused counters are dropped first."""

UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """A number of calls in a number of seconds, by one user, or from one address if nobody is signed in."""

    calls: int
    seconds: int


def parse(text: str) -> Rate:
    """The rate in "10/m": calls per s, m, h or d, also "100/5m". Raises ValueError that says how to write it."""
    found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)?([smhd])", text, re.ASCII)
    if found is None:
        raise ValueError(
            f"{text!r} is not a valid rate; write calls per second, minute, hour or day, for example '10/m'"
        )
    calls, units, unit = found.groups()
    return Rate(int(calls), int(units or 1) * UNIT_SECONDS[unit])


async def count(name: str, call: Call, rate: Rate) -> None:
    """Count a call of the method `name`. Raises TooManyCalls (429). One hop to a thread, two commands to the cache."""
    now = int(clock.now().timestamp())
    caller = f"user {call.identity.user_id}" if call.identity else f"address {networks(call.address)[0]}"
    digest = hashlib.blake2b(caller.encode(), digest_size=16).hexdigest()
    key = f"endpoints.rate:{name}:{rate.seconds}:{now // rate.seconds}:{digest}"
    if await threads.run(lambda: _add_one(key, rate.seconds)) > rate.calls:
        raise TooManyCalls(retry_after=rate.seconds - now % rate.seconds)


def _add_one(key: str, seconds: int) -> int:
    global _away_until
    if time.monotonic() >= _away_until:
        try:
            return _counted(cache, key, seconds)
        except (redis.RedisError, OSError) as error:
            _away_until = time.monotonic() + AWAY_SECONDS
            logger.error("the cache is unavailable, so rates are counted in this process only: %s", error)
    return _counted(_own, key, seconds)


def _counted(counters: BaseCache, key: str, seconds: int) -> int:
    counters.add(key, 0, timeout=2 * seconds)  # outlives its window, so that it exists on the next line
    try:
        return counters.incr(key)
    except ValueError:  # the cache was cleared between the two
        return 1
