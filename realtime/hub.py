"""The hub: subscribes once per channel for the whole process and passes each message to all readers here.

One hub per event loop. A message is decoded once; its readers share the value, so they must not change it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from podium.core import cancellation, lazy
from podium.wire import codecs
from podium.wire.errors import WireError
from realtime import values
from realtime.backpressure import PassOn, Subscription
from realtime.errors import BusUnavailable

if TYPE_CHECKING:
    from realtime.bus import Bus

logger = logging.getLogger(__name__)
bus = lazy.Module("realtime.bus")  # imports redis.asyncio

TURN = 200  # readers that get a message before other tasks on the loop run: a few milliseconds


class Hub:
    """The channels that are read in this process, and their readers."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._listeners: dict[str, Callable[[bytes], None]] = {}
        self._on_resumed: list[Callable[[], None]] = []
        self._bus: Bus = bus.Bus(self._deliver, self._resumed)
        self._task = asyncio.create_task(self._run(), name="realtime bus")
        self._adding: set[asyncio.Task[None]] = set()

    async def publish(self, channel: str, message: bytes) -> None:
        """Send an encoded value to every process. Raises BusUnavailable."""
        await self._bus.publish(channel, message)

    async def subscribe(self, *channels: str, pass_on: PassOn | None = None) -> Subscription:
        """Begin to read channels; everything published on them after that arrives. Raises BusUnavailable."""
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
        """The number of readers of a channel that wait for its next message."""
        return sum(each.is_waited_for for each in self._subscriptions.get(channel, ()))

    def listen(self, channel: str, listener: Callable[[bytes], None], resumed: Callable[[], None]) -> None:
        """Call `listener` with each message of a channel, undecoded, for as long as this loop runs.

        `resumed` is called when messages may have been missed. Works as soon as Redis is available; a second call
        does nothing.
        """
        if channel not in self._listeners:
            self._listeners[channel] = listener
            self._on_resumed.append(resumed)
            adding = asyncio.create_task(self._add_in_time(channel))
            self._adding.add(adding)  # the loop itself keeps weak references only
            adding.add_done_callback(self._adding.discard)

    async def _add_in_time(self, channel: str) -> None:
        with suppress(BusUnavailable):  # the bus keeps trying
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
    """The hub of the running event loop, created at its first use. It ends with the loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub


async def close() -> None:
    """End the running event loop's hub, if it has one. Called when the server stops."""
    if hub := _hubs.get(asyncio.get_running_loop()):
        await hub.close()
