"""The hub: subscribes once per channel for the whole process and hands each message to all who wait for it here.

One hub per event loop. A message is decoded once; its readers share the value, so they must not change it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core import cancellation
from realtime import values
from realtime.bus import Bus
from realtime.conf import conf
from realtime.errors import BusUnavailable, SubscriberTooSlow
from schema import codecs
from schema.errors import WireError

logger = logging.getLogger(__name__)

TURN = 200  # readers that get a message before all others on the loop have their turn: a few milliseconds


PassOn = Callable[[Any], bool]
"""Takes a value for the reader, if that needs no waiting. False: the reader has to take it itself. Must not raise."""


class Subscription:
    """The values of one or more channels, for one reader: an async iterator that ends only by an error.

    pass_on  takes values while the reader waits, so that its task need not wake up for each
    """

    __slots__ = ("_error", "_limit", "_pass_on", "_reader", "_waiting", "channels")

    def __init__(self, channels: tuple[str, ...], pass_on: PassOn | None = None) -> None:
        self.channels = channels
        self._pass_on = pass_on
        self._limit = conf.MESSAGE_QUEUE
        self._waiting: list[
            Any
        ] = []  # an asyncio.Queue is five times as large, and of most streams nothing waits
        self._reader: asyncio.Future[None] | None = None
        self._error: SubscriberTooSlow | None = None

    def put(self, value: Any) -> None:
        """Called by the hub. A reader that is too far behind loses what waits, and gets an error instead."""
        reader = self._reader if self._reader is not None and not self._reader.done() else None
        if reader is not None and self._pass_on is not None and self._pass_on(value):
            return  # the reader has sent all that came before, so this is next
        if self._error is not None:
            return
        if len(self._waiting) < self._limit:
            self._waiting.append(value)
        else:
            self._error = SubscriberTooSlow(channels=self.channels, limit=self._limit)
            self._waiting = []
        if reader is not None:
            reader.set_result(None)

    @property
    def is_waited_for(self) -> bool:
        """Whether its reader has taken all that came, and waits for more."""
        return self._reader is not None and not self._reader.done()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Any:
        """The next value. Raises SubscriberTooSlow."""
        while not self._waiting:
            if self._error is not None:
                raise self._error
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self._waiting.pop(0)


class Hub:
    """Which channels are read in this process, and by whom."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._listeners: dict[str, Callable[[bytes], None]] = {}
        self._on_resumed: list[Callable[[], None]] = []
        self._bus = Bus(self._deliver, self._resumed)
        self._task = asyncio.create_task(self._run(), name="realtime bus")

    async def publish(self, channel: str, message: bytes) -> None:
        """Hand an encoded value to every process. Raises BusUnavailable."""
        await self._bus.publish(channel, message)

    async def subscribe(self, *channels: str, pass_on: PassOn | None = None) -> Subscription:
        """Begin to read channels; what is published on them from then on arrives. Raises BusUnavailable."""
        subscription = Subscription(channels, pass_on)
        try:
            for channel in channels:
                self._subscriptions.setdefault(channel, set()).add(subscription)
                await self._bus.add(channel)
        except BaseException:
            self.unsubscribe(subscription)
            raise
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop reading. Safe to call twice. Never waits, so a cancellation cannot interrupt it."""
        for channel in subscription.channels:
            readers = self._subscriptions.get(channel)
            if readers is None:
                continue
            readers.discard(subscription)
            if not readers:
                del self._subscriptions[channel]
                self._bus.remove(channel)

    def waiting(self, channel: str) -> int:
        """How many read a channel and wait for its next message."""
        return sum(each.is_waited_for for each in self._subscriptions.get(channel, ()))

    def listen(self, channel: str, listener: Callable[[bytes], None], resumed: Callable[[], None]) -> None:
        """Call `listener` with each message of a channel, undecoded, for as long as this loop runs.

        `resumed` is called when messages may have been missed. Works as soon as Redis is there; a second time does
        nothing.
        """
        if channel not in self._listeners:
            self._listeners[channel] = listener
            self._on_resumed.append(resumed)
            self._adding = asyncio.create_task(self._add_in_time(channel))

    async def _add_in_time(self, channel: str) -> None:
        with suppress(BusUnavailable):  # the bus goes on trying
            await self._bus.add(channel)

    async def close(self) -> None:
        """End the connections to Redis."""
        await cancellation.end(self._task)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await self._bus.run()
        finally:
            _hubs.pop(loop, None)

    def _resumed(self) -> None:
        for resumed in self._on_resumed:
            resumed()

    async def _deliver(self, channel: str, message: bytes) -> None:
        if listener := self._listeners.get(channel):
            listener(message)
        readers = self._subscriptions.get(channel)
        if not readers:
            return
        try:
            value = codecs.decode_dynamic(codecs.loads(message), stored=True)
        except WireError as error:
            logger.error("a message on %s was dropped: %s", channel, error)
            return
        values.share(value)
        for number, reader in enumerate(tuple(readers), 1):
            reader.put(value)
            if number % TURN == 0:
                await asyncio.sleep(0)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def current() -> Hub:
    """The hub of the running event loop, made at the first use. It ends with the loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub


async def close() -> None:
    """End the running event loop's hub, if it has one. Called when the server stops."""
    if hub := _hubs.get(asyncio.get_running_loop()):
        await hub.close()
