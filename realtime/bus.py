"""The bus: Redis publish/subscribe between processes, for one event loop. Carries bytes and knows no meaning.

Delivery is at most once: what is published while the connection is down is lost. `resumed` tells when that may be.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import redis.asyncio as redis
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from realtime.conf import conf
from realtime.errors import BusUnavailable

logger = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY = 0.05, 5.0  # seconds between attempts to connect; each doubles


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


class Bus:
    """One connection to Redis that listens, and a pool that publishes. Made within the loop it works in.

    deliver  called with channel and message, in the order of arrival, one at a time; must not raise
    resumed  called when every channel is listened to again after the connection was lost
    """

    def __init__(self, deliver: Callable[[str, bytes], Awaitable[None]], resumed: Callable[[], None]) -> None:
        self._deliver = deliver
        self._resumed = resumed
        self._confirmed: dict[str, asyncio.Event] = {}  # every channel wanted; set once Redis confirmed it
        self._unanswered: Counter[str] = Counter()  # subscriptions sent and not yet confirmed, by channel
        self._wanted = asyncio.Event()
        self._commands = asyncio.Lock()
        self._listener: PubSub | None = None
        self._lost = False
        self._publisher = _client("publisher", retries=1)  # a pooled connection may be stale
        self._subscriber = _client("subscriber", retries=0)  # what it made good itself would be missed here

    async def publish(self, channel: str, message: bytes) -> None:
        """Hand a message to every process that listens. Raises BusUnavailable."""
        try:
            await self._publisher.publish(channel, message)
        except (RedisError, OSError) as error:
            raise BusUnavailable(reason=str(error)) from error

    async def add(self, channel: str) -> None:
        """Listen to a channel; returns when Redis has confirmed it. Raises BusUnavailable, and goes on trying."""
        confirmed = self._confirmed.get(channel)
        if confirmed is None:
            confirmed = self._confirmed[channel] = asyncio.Event()
            self._wanted.set()
            if listener := self._listener:
                self._unanswered[channel] += 1
                await self._command(listener, listener.subscribe, channel)
        try:
            async with asyncio.timeout(conf.BUS_SECONDS):
                await confirmed.wait()
        except TimeoutError:
            raise BusUnavailable(reason="no answer to a subscription") from None

    async def remove(self, channel: str) -> None:
        """Listen to a channel no longer."""
        if self._confirmed.pop(channel, None) is not None and (listener := self._listener):
            await self._command(listener, listener.unsubscribe, channel)

    async def _command(self, listener: PubSub, send: Callable[[str], Awaitable[Any]], channel: str) -> None:
        """Send in the order of the calls. A failure is left to `run`, which subscribes to all anew."""
        async with self._commands:
            if listener is self._listener:
                with suppress(RedisError, OSError):
                    await send(channel)

    async def run(self) -> None:
        """Listen until cancelled. A lost connection is made again, ever more slowly, with all its channels."""
        delay = FIRST_DELAY
        try:
            while True:
                if not self._confirmed:
                    self._wanted.clear()
                    await self._wanted.wait()
                try:
                    async with self._subscriber.pubsub() as listener:
                        await self._begin(listener)
                        delay = FIRST_DELAY
                        await self._listen(listener)
                except (RedisError, OSError) as error:
                    logger.warning("Redis was lost (%s); trying again in %.2f s", error, delay)
                    self._lost = True
                    self._forget()
                    await asyncio.sleep(delay)
                    delay = min(delay * 2, LONGEST_DELAY)
        finally:
            self._forget()
            await self._subscriber.aclose()
            await self._publisher.aclose()

    async def _begin(self, listener: PubSub) -> None:
        channels = list(self._confirmed)
        self._listener = listener  # what is added from here on is sent after these, in its own command
        self._unanswered = Counter(channels)
        async with self._commands:
            await listener.subscribe(*channels)

    def _forget(self) -> None:
        self._listener = None
        for confirmed in self._confirmed.values():
            confirmed.clear()

    async def _listen(self, listener: PubSub) -> None:
        pinged = False
        while True:
            message = await listener.get_message(timeout=conf.BUS_PING_SECONDS)
            if message is not None:
                pinged = False
                await self._handle(message)
            elif pinged:
                raise redis.ConnectionError("no answer to a ping")
            else:
                pinged = True
                async with self._commands:
                    await listener.ping()

    async def _handle(self, message: dict[str, Any]) -> None:
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
            logger.warning("Redis is there again; messages may have been missed")
            self._resumed()
