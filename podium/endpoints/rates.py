"""Rates, and counters in Django's cache, so all processes of a server count together. quotas.py says what is counted.

Time is divided into windows of a fixed length. Around the end of a window, a caller may make up to twice the number of
calls in a short time. While the cache is unavailable, each process counts separately, so limits still apply.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache

from podium.core.lazy import redis

logger = logging.getLogger("podium.calls")

AWAY_SECONDS = 2.0
"""Pause before a failed cache is tried again, because each try may take as long as its time-out."""
_away_until = 0.0
_own: BaseCache = LocMemCache("podium.endpoints.rates", {"MAX_ENTRIES": 10_000})
"""Counters of this process, used while the cache is unavailable. Unused counters are dropped first."""

UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """A number of calls in a number of seconds."""

    calls: int
    seconds: int


By = Literal["user", "key", "address"]
"""The caller whose calls share a count: the user (of an API key: its owner), the API key, the network address.

Without a key, "key" is the user; without a user, "user" is the address. So no caller is without a limit.
"""


@dataclass(frozen=True)
class Quota:
    """A rate, and whose calls share it. text: the rate as declared, "10/m"."""

    text: str
    by: By = "user"

    @cached_property
    def rate(self) -> Rate:
        return parse(self.text)

    @property
    def name(self) -> str:
        """The name in the headers, for example "10/m by user"."""
        return f"{self.text} by {self.by}"


@dataclass(frozen=True, slots=True)
class Usage:
    """A count after a call: the calls left in this window, below 0 if this one is refused, and seconds to its end."""

    quota: Quota
    left: int
    resets_after: int


@lru_cache(1024)
def parse(text: str) -> Rate:
    """The rate in "10/m": calls per s, m, h or d, also "100/5m". Raises ValueError that says how to write it."""
    found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)?([smhd])", text, re.ASCII)
    if found is None:
        raise ValueError(
            f"{text!r} is not a valid rate; write calls per second, minute, hour or day, for example '10/m'"
        )
    calls, units, unit = found.groups()
    return Rate(int(calls), int(units or 1) * UNIT_SECONDS[unit])


def add_one(key: str, seconds: int) -> int:
    """Count one more in a window, and return their number. Two commands to the cache; sync code only."""
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
