"""The bus: Redis publish/subscribe between processes, for one event loop. Carries bytes without interpreting them.

Delivery is at most once: messages published while the connection is down are lost. `resumed` is called afterwards.

Only the bus's own tasks use the listening connection, because redis-py closes a connection if a command on it is
cancelled. Otherwise the end of one stream could lose messages of all others.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal

import redis.asyncio as redis
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from podium.core import cancellation
from realtime.conf import conf
from realtime.errors import BusUnavailable

logger = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY = 0.05, 1.0  # seconds between attempts to connect; each doubles
BATCH = 500
"""Maximum channels in one command."""

Order = tuple[Literal["subscribe", "unsubscribe", "ping"], str]
"""A command for the listening connection, and its channel."""


def _client(name: str, *, retries: int) -> redis.Redis:
    """A pool of connections; in Redis's CLIENT LIST each has the name."""
    url = settings.REDIS_URL
    return redis.from_url(
        url,
        client_name=f"{conf.PREFIX}:{name}",
        socket_connect_timeout=conf.BUS_SECONDS,
        socket_timeout=conf.BUS_SECONDS,
        retry=Retry(NoBackoff(), retries),
        # A Unix socket has no such option, and its client refuses it.
        **({} if url.startswith("unix:") else {"socket_keepalive": True}),
    )


class _Listener(PubSub):
    """A listening connection. It never reconnects silently, because messages would be missed."""

    async def on_connect(self, connection: Any) -> None:
        """Called by redis-py after a reconnection, but not after the first connection."""
        raise redis.ConnectionError("the connection was lost")


class Bus:
    """A listening connection to Redis, and a pool for publishing. Created inside the loop that it runs in.

    deliver  called with channel and message, in the order of arrival, one at a time; must not raise
    resumed  called when every channel is listened to again after the connection was lost
    """

    def __init__(self, deliver: Callable[[str, bytes], Awaitable[None]], resumed: Callable[[], None]) -> None:
        self._deliver = deliver
        self._resumed = resumed
        self._confirmed: dict[
            str, asyncio.Event
        ] = {}  # every wanted channel; the event is set once Redis has confirmed it
        self._unanswered: Counter[str] = Counter()  # subscriptions sent and not yet confirmed, by channel
        self._wanted = asyncio.Event()
        self._orders: asyncio.Queue[Order] | None = None  # for the current connection; None: not connected
        self._lost = False
        self._delay = FIRST_DELAY
        self._publisher = _client("publisher", retries=1)  # a pooled connection may be stale
        self._subscriber = _client(
            "subscriber", retries=0
        )  # a reconnection inside redis-py would go unnoticed here

    async def publish(self, channel: str, message: bytes) -> None:
        """Send a message to every listening process. Raises BusUnavailable."""
        try:
            await cancellation.honoured(self._publisher.publish(channel, message))
        except (RedisError, OSError) as error:
            raise BusUnavailable(reason=str(error)) from error

    async def add(self, channel: str) -> None:
        """Listen to a channel; returns when Redis has confirmed it. Raises BusUnavailable, but keeps trying."""
        confirmed = self._confirmed.get(channel)
        if confirmed is None:
            confirmed = self._confirmed[channel] = asyncio.Event()
            self._wanted.set()
            if self._orders is not None:
                self._subscribe(self._orders, [channel])
        try:
            async with asyncio.timeout(conf.BUS_SECONDS):
                await confirmed.wait()
        except TimeoutError:
            raise BusUnavailable(reason="no answer to a subscription") from None

    def remove(self, channel: str) -> None:
        """Stop listening to a channel."""
        if self._confirmed.pop(channel, None) is not None and self._orders is not None:
            self._orders.put_nowait(("unsubscribe", channel))

    def _subscribe(self, orders: asyncio.Queue[Order], channels: Iterable[str]) -> None:
        for channel in channels:
            self._unanswered[channel] += 1
            orders.put_nowait(("subscribe", channel))

    async def run(self) -> None:
        """Listen until cancelled. A lost connection is reopened with all its channels, with growing pauses."""
        try:
            while True:
                if not self._confirmed:
                    self._wanted.clear()
                    await self._wanted.wait()
                try:
                    async with _Listener(self._subscriber.connection_pool) as listener:
                        await cancellation.honoured(listener.connect())
                        await self._work(listener)
                except (RedisError, OSError) as error:
                    logger.warning(
                        "lost the connection to Redis (%s); retrying in %.2f s", error, self._delay
                    )
                    self._lost = True
                    self._forget()
                    await asyncio.sleep(self._delay * random.uniform(0.5, 1))  # spread processes' attempts
                    self._delay = min(self._delay * 2, LONGEST_DELAY)
        finally:
            self._forget()
            await self._subscriber.aclose()
            await self._publisher.aclose()

    def _forget(self) -> None:
        self._orders = None
        for confirmed in self._confirmed.values():
            confirmed.clear()

    async def _work(self, listener: PubSub) -> None:
        """Send orders and receive messages until either fails."""
        orders: asyncio.Queue[Order] = asyncio.Queue()
        self._unanswered = Counter()
        self._subscribe(orders, self._confirmed)
        self._orders = orders
        tasks = [
            asyncio.create_task(self._send(listener, orders), name="realtime bus, sending"),
            asyncio.create_task(self._listen(listener, orders), name="realtime bus, listening"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancellation.end(*tasks)
        for error in [task.exception() for task in tasks if task.done() and not task.cancelled()]:
            if error is not None:
                raise error

    async def _send(self, listener: PubSub, orders: asyncio.Queue[Order]) -> None:
        """Send orders in sequence, combining adjacent ones of the same kind into one command."""
        commands = {"subscribe": listener.subscribe, "unsubscribe": listener.unsubscribe}
        following: Order | None = None
        while True:
            kind, channel = following or await orders.get()
            following, channels = None, [channel]
            while not orders.empty() and len(channels) < BATCH:
                following = orders.get_nowait()
                if following[0] != kind:
                    break
                channels.append(following[1])
                following = None
            command = listener.ping() if kind == "ping" else commands[kind](*channels)
            await cancellation.honoured(command)

    async def _listen(self, listener: PubSub, orders: asyncio.Queue[Order]) -> None:
        pinged = False
        while True:
            message = await cancellation.honoured(listener.get_message(timeout=conf.BUS_PING_SECONDS))
            if message is not None:
                pinged = False
                await self._handle(message)
            elif pinged:
                raise redis.ConnectionError("no answer to a ping")
            else:
                pinged = True
                orders.put_nowait(("ping", ""))

    async def _handle(self, message: dict[str, Any]) -> None:
        self._delay = FIRST_DELAY
        if message["type"] == "message":
            await self._deliver(message["channel"].decode(), message["data"])
        elif message["type"] == "subscribe":
            self._confirm(message["channel"].decode())

    def _confirm(self, channel: str) -> None:
        self._unanswered[channel] -= 1
        if self._unanswered[channel] > 0:
            return  # it was removed and added again; only the last answer counts
        del self._unanswered[channel]
        if confirmed := self._confirmed.get(channel):
            confirmed.set()
        if self._lost and not self._unanswered:
            self._lost = False
            logger.warning("Redis is back; messages may have been missed")
            self._resumed()
