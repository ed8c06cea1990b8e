"""Messages between users and servers: publish a value on a channel, read a channel. Across processes, at most once.

    await messages.publish("room.7", note)

    async with messages.subscribe("room.7") as notes:
        async for note in notes:
            yield note

Between servers values travel whole, with what clients never see; a stream leaves that out. Readers in one process share
the value that arrives: change a copy, not the value.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import redis
from asgiref.sync import AsyncToSync, sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils.asyncio import async_unsafe
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from realtime import hub
from realtime.conf import conf
from realtime.errors import BadChannel, BusUnavailable, MessageTooLarge
from realtime.hub import Subscription
from realtime.relays import Relay
from schema import codecs

MAX_CHANNEL = 200  # characters


async def publish(channel: str, value: Any) -> None:
    """Hand `value` to everyone who reads the channel, in every process; inside a transaction once it commits.

    channel  1 to 200 characters
    value    any that may cross the wire, REALTIME_MESSAGE_BYTES at most as JSON; encoded now, not when it leaves

    Raises BadChannel, MessageTooLarge, schema.errors.WireError; BusUnavailable (503) unless a transaction sends it:
    then a failure is logged. One round trip to Redis.
    """
    name, message = name_of(channel), _encode(value)
    if (
        _under_sync_code()
    ):  # whoever waits for us on another thread may be in a transaction; only there it shows
        await sync_to_async(send_on_commit)(name, message)
    else:
        await hub.current().publish(name, message)


@async_unsafe("publish_sync waits for Redis. In async code write: await publish(...)")
def publish_sync(channel: str, value: Any) -> None:
    """`publish` for code without async: methods, tasks, commands, signals."""
    send_on_commit(name_of(channel), _encode(value))


@asynccontextmanager
async def subscribe(channel: str, *more: str) -> AsyncIterator[Subscription]:
    """Read a channel, or several as one: what is published once the block was entered arrives, in order.

    Leaving the block ends the reading. The iterator does not end of itself. It raises SubscriberTooSlow once more than
    REALTIME_MESSAGE_QUEUE values wait.
    While Redis is away messages are missed, and reading goes on after. Raises BadChannel, BusUnavailable (503).
    """
    here = hub.current()
    subscription = await here.subscribe(*map(name_of, (channel, *more)))
    try:
        yield subscription
    finally:
        here.unsubscribe(subscription)


def relay(channel: str, *more: str) -> Relay:
    """What a stream returns that hands on a channel, or several as one, as it comes: `return messages.relay("room.7")`.

    It gives what `subscribe` gives, from when the method has returned until the stream ends. To many readers it costs
    about half of a method that yields each value: the values go to the sockets without it. Raises BadChannel.
    """
    return Relay(tuple(map(name_of, (channel, *more))))


def name_of(channel: str) -> str:
    """What a channel is called in Redis. Raises BadChannel."""
    if not 1 <= len(channel) <= MAX_CHANNEL:
        raise BadChannel(channel=channel[:MAX_CHANNEL])
    return f"{conf.PREFIX}:messages:{channel}"


def send_on_commit(name: str, message: bytes) -> None:
    """Hand bytes to all processes that listen to this name in Redis; inside a transaction once it commits.

    Sync code only. Raises BusUnavailable outside a transaction; inside one a failure is logged.
    """

    def send() -> None:  # a function, since Django's log of a failure asks for its name
        _send(name, message)

    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(send, robust=True)
    else:
        send()


def _send(name: str, message: bytes) -> None:
    try:
        _client(settings.REDIS_URL).publish(name, message)
    except (RedisError, OSError) as error:
        raise BusUnavailable(reason=str(error)) from error


def _encode(value: Any) -> bytes:
    message = codecs.dumps(codecs.encode_dynamic(value, stored=True))
    if len(message) > conf.MESSAGE_BYTES:
        raise MessageTooLarge(size=len(message), limit=conf.MESSAGE_BYTES)
    return message


def _under_sync_code() -> bool:
    """Whether this coroutine was started by `async_to_sync`, whose caller waits on another thread."""
    return bool(
        getattr(AsyncToSync.executors, "current", None)
        or AsyncToSync.loop_thread_executors.get(asyncio.get_running_loop())
    )


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=conf.BUS_SECONDS,
        socket_timeout=conf.BUS_SECONDS,
        retry=Retry(NoBackoff(), 1),  # a pooled connection may be stale after a restart of Redis
    )
