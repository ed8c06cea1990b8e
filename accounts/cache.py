"""Django's cache for accounts. It counts tries, so nobody can sign in or up without it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from podium.core.errors import PodiumError
from podium.core.lazy import redis

logger = logging.getLogger("podium.accounts")


class LimitsUnavailable(PodiumError):
    """Signing in and up is not possible at the moment. Try again in a minute."""

    status = 503
    code = "accounts.limits_unavailable"


@contextmanager
def needing_the_cache() -> Iterator[None]:
    """Raise LimitsUnavailable if the cache fails. Without limits a guesser could wait for an outage, or cause one."""
    try:
        yield
    except redis.RedisError:
        logger.exception("nobody can sign in or up: the cache, which counts the tries, can't be reached")
        raise LimitsUnavailable from None
