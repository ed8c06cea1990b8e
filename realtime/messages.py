"""Messages between people and between servers: publish a value on a channel, read a channel. At most once, no history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

from realtime import hub
from realtime.conf import conf
from realtime.errors import BadChannel, BusUnavailable, MessageTooLarge
from realtime.hub import Subscription
from schema import codecs


async def publish(channel: str, value: Any) -> None:
    """Hand `value` to everyone who reads the channel, in all processes.

    channel  1 to 200 characters
    value    of any type that may cross the wire; up to REALTIME_MESSAGE_BYTES as JSON

    Called in async code, where no transaction can be open. Raises BadChannel, MessageTooLarge, BusUnavailable (503).
    """
    name, message = _prepared(channel, value)
    await hub.current().publish(name, message)


def publish_sync(channel: str, value: Any) -> None:
    """The same from sync code: at once, or when the transaction that is open here commits."""
    name, message = _prepared(channel, value)
    transaction.on_commit(lambda: send(name, message))


@asynccontextmanager
async def subscribe(channel: str) -> AsyncIterator[Subscription]:
    """Read a channel: what is published from the start of the block on arrives.

    async with subscribe("news") as values:
        async for value in values: ...

    Values are shared with other readers of this process: do not change them. Reading raises SubscriberTooSlow when more
    than REALTIME_MESSAGE_QUEUE values wait. Raises BadChannel, BusUnavailable (503).
    """
    here = hub.current()
    subscription = await here.subscribe(_name(channel))
    try:
        yield subscription
    finally:
        await asyncio.shield(here.unsubscribe(subscription))


def _prepared(channel: str, value: Any) -> tuple[str, bytes]:
    message = codecs.dumps(codecs.encode_dynamic(value, stored=True))
    if len(message) > conf.MESSAGE_BYTES:
        raise MessageTooLarge(size=len(message), limit=conf.MESSAGE_BYTES)
    return _name(channel), message


def _name(channel: str) -> str:
    if not 1 <= len(channel) <= 200:
        raise BadChannel
    return f"{conf.PREFIX}:messages:{channel}"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=conf.BUS_SECONDS)


def send(name: str, message: bytes) -> None:
    """Hand bytes to all processes that listen to this name in Redis. Raises BusUnavailable."""
    try:
        _client().publish(name, message)
    except (RedisError, OSError) as error:
        raise BusUnavailable(reason=str(error)) from error
