"""Messages between users and servers: publish a value on a channel, read a channel. Across processes, at most once.

    await messages.publish("room.7", note)

    async with messages.subscribe("room.7") as notes:
        async for note in notes:
            yield note

Between servers, values include the fields that clients may not see; a stream leaves them out. Readers in one process
share the value that arrives: change a copy, not the value.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from asgiref.sync import AsyncToSync, sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils.asyncio import async_unsafe

from podium.core.lazy import redis
from podium.wire import codecs
from realtime import hub
from realtime.backpressure import Subscription
from realtime.conf import conf
from realtime.errors import BadChannel, BusUnavailable, MessageTooLarge
from realtime.relays import Relay

MAX_CHANNEL = 200  # characters


async def publish(channel: str, value: Any) -> None:
    """Send `value` to all readers of the channel, in every process; inside a transaction once it commits.

    channel  1 to 200 characters
    value    any value of a wire type, at most REALTIME_MESSAGE_BYTES as JSON; encoded now, not when it is sent

    Raises BadChannel, MessageTooLarge, podium.wire.errors.WireError, and BusUnavailable (503). Inside a transaction,
    a failure to send is logged instead. One round trip to Redis.
    """
    name, message = name_of(channel), _encode(value)
    if (
        _under_sync_code()
    ):  # the calling thread, which waits for this one, may be in a transaction; only there it is visible
        await sync_to_async(send_on_commit)(name, message)
    else:
        await hub.current().publish(name, message)


@async_unsafe("publish_sync waits for Redis. In async code write: await publish(...)")
def publish_sync(channel: str, value: Any) -> None:
    """`publish` for code without async: methods, tasks, commands, signals."""
    send_on_commit(name_of(channel), _encode(value))


@asynccontextmanager
async def subscribe(channel: str, *more: str) -> AsyncIterator[Subscription]:
    """Read a channel, or several as one: everything published after the block was entered arrives, in order.

    Leaving the block ends the reading. The iterator does not end by itself. It raises SubscriberTooSlow if more than
    REALTIME_MESSAGE_QUEUE values wait.
    Messages during an outage of Redis are lost; reading continues afterwards. Raises BadChannel, BusUnavailable (503).
    """
    here = hub.current()
    subscription = await here.subscribe(*map(name_of, (channel, *more)))
    try:
        yield subscription
    finally:
        here.unsubscribe(subscription)


def relay(channel: str, *more: str) -> Relay:
    """Return a stream that forwards a channel, or several as one, unchanged: `return messages.relay("room.7")`.

    It has the values of `subscribe`, from the method's return to the end of the stream. With many readers it costs
    about half as much as a method that yields each value, because values go straight to the sockets. Raises BadChannel.
    """
    return Relay(tuple(map(name_of, (channel, *more))))


def name_of(channel: str) -> str:
    """The name of a channel in Redis. Raises BadChannel."""
    if not 1 <= len(channel) <= MAX_CHANNEL:
        raise BadChannel(channel=channel[:MAX_CHANNEL])
    return f"{conf.PREFIX}:messages:{channel}"


def send_on_commit(name: str, message: bytes) -> None:
    """Send bytes to all processes that listen to this name in Redis; inside a transaction once it commits.

    Sync code only. Raises BusUnavailable outside a transaction; inside one a failure is logged.
    """

    def send() -> None:  # a function, because Django's log of a failure uses its name
        _send(name, message)

    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(send, robust=True)
    else:
        send()


def _send(name: str, message: bytes) -> None:
    try:
        _client(settings.REDIS_URL).publish(name, message)
    except (redis.RedisError, OSError) as error:
        raise BusUnavailable(reason=str(error)) from error


def _encode(value: Any) -> bytes:
    message = codecs.dumps(codecs.encode_dynamic(value, stored=True))
    if len(message) > conf.MESSAGE_BYTES:
        raise MessageTooLarge(size=len(message), limit=conf.MESSAGE_BYTES)
    return message


def _under_sync_code() -> bool:
    """Return whether this coroutine was started by `async_to_sync`, whose caller waits on another thread."""
    return bool(
        getattr(AsyncToSync.executors, "current", None)
        or AsyncToSync.loop_thread_executors.get(asyncio.get_running_loop())
    )


@cache
def _client(url: str) -> Any:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=conf.BUS_SECONDS,
        socket_timeout=conf.BUS_SECONDS,
        retry=redis.retry.Retry(
            redis.backoff.NoBackoff(), 1
        ),  # a pooled connection may be stale after a restart of Redis
    )
