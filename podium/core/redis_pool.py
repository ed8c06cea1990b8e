"""One pool of Redis connections per process for Django's cache. In CACHES: OPTIONS = {"pool_class": ...}.

Django makes a cache object, and with it a pool, for each thread and each context of async code: without this pool,
every call that counts its rate would open a connection, and leave it to the garbage collector.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


class SharedPool(redis.ConnectionPool):
    """redis-py's pool, which threads may share and which a fork leaves to its parent."""

    @classmethod
    @cache
    def from_url(cls, url: str, **options: Any) -> SharedPool:
        """Return the pool of this process for the address and the options, which must be hashable."""
        retry = Retry(
            NoBackoff(), 1, supported_errors=(redis.ConnectionError,)
        )  # stale after a restart of Redis
        return super().from_url(url, **{"retry": retry, **options})
