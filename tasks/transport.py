"""Celery's Redis transport, for brokers that become unavailable while a worker holds messages.

kombu 5.7 closes such a connection by returning its messages over another one, whose address it has already forgotten.
The resulting AttributeError ends the worker. Here it becomes an ordinary connection error: the worker reconnects, and
the sweep sends the calls again.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as RedisConnectionError


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection.client is None:
            raise RedisConnectionError("the connection to the broker is closed")
        return super()._connparams(asynchronous)  # type: ignore[misc]  # kombu has no types for it


class Transport(redis.Transport):
    Channel = Channel


def install() -> None:
    """Use this transport for Redis addresses in this process."""
    TRANSPORT_ALIASES.update(dict.fromkeys(["redis", "rediss"], f"{__name__}:Transport"))
