"""Back-pressure: the bounded queues between clients, methods and the bus, and what happens when one is full.

    Input          values that a client sends to a method: the socket waits, then the stream ends
    Subscription   messages for a method: a reader that is too far behind gets an error

The limits are in conf.py. Values on their way to a client wait in the socket's buffer (consumer.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from podium.wire import codecs
from podium.wire.classes import SerializableException
from podium.wire.errors import WireError
from podium.wire.types import TypeRef
from realtime import values
from realtime.conf import conf
from realtime.errors import InputFailed, InputInvalid, SubscriberTooSlow
from realtime.frames import Close, Failure, Value

Frame = Value | Failure | Close
PassOn = Callable[[Any], bool]
"""Handles a value for the reader, if it need not wait. False: the reader has to handle it itself. Must not raise."""


class Input:
    """Queues frames with `put` and yields their values in order; JSON is decoded when the method asks for the value.

    closed  called when the method stops reading, to inform the client
    """

    def __init__(self, type_ref: TypeRef, closed: Callable[[], Awaitable[None]]) -> None:
        self._type = type_ref
        self._closed = closed
        self._waiting: asyncio.Queue[Frame] = asyncio.Queue(conf.INPUT_QUEUE)
        self._finished = False

    async def put(self, frame: Frame) -> None:
        """Add a value, an exception or the end. Raises TimeoutError if there is no room for REALTIME_INPUT_SECONDS."""
        if self._finished:
            return
        if not self._waiting.full():
            self._waiting.put_nowait(frame)
            return
        async with asyncio.timeout(conf.INPUT_SECONDS):
            await self._waiting.put(frame)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        """The next value. Raises the declared exception that the client sent, InputFailed, InputInvalid."""
        if self._finished:
            raise StopAsyncIteration
        frame = await self._waiting.get()
        try:
            if isinstance(frame, Value):
                return values.decode(self._type, bytes(frame.value))
            self._finished = True
            if isinstance(frame, Failure):
                raise _exception(frame)
        except WireError as error:
            self._finished = True
            raise InputInvalid(reason=str(error)) from error
        if frame.reason == "error":
            raise InputFailed
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Stop reading: drop queued frames and inform the client."""
        if not self._finished:
            self._finished = True
            self._waiting = asyncio.Queue(1)
            await self._closed()


def _exception(frame: Failure) -> Exception:
    error = codecs.decode_dynamic(codecs.loads(bytes(frame.exception)))
    return error if isinstance(error, SerializableException) else InputFailed()


class Subscription:
    """The values of one or more channels, for one reader: an async iterator that ends only with an error.

    pass_on  handles values while the reader waits, so that its task need not wake up for each
    """

    __slots__ = ("_error", "_limit", "_pass_on", "_reader", "_waiting", "channels")

    def __init__(self, channels: tuple[str, ...], pass_on: PassOn | None = None) -> None:
        self.channels = channels
        self._pass_on = pass_on
        self._limit = conf.MESSAGE_QUEUE
        self._waiting: list[
            Any
        ] = []  # an asyncio.Queue is five times as large, and most streams have nothing queued
        self._reader: asyncio.Future[None] | None = None
        self._error: SubscriberTooSlow | None = None

    def put(self, value: Any) -> None:
        """Called by the hub. A reader that is too far behind loses its queued values, and gets an error instead."""
        reader = self._reader if self._reader is not None and not self._reader.done() else None
        if reader is not None and self._pass_on is not None and self._pass_on(value):
            return  # the reader has sent all earlier values, so this is next
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
        """Return whether the reader has taken all values and waits for more."""
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
