"""One stream that a client sends: what waits is bounded; the method reads it as an async iterator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from realtime import values
from realtime.conf import conf
from realtime.errors import InputFailed, InputInvalid
from realtime.frames import Close, Failure, Value
from schema import codecs
from schema.errors import WireError
from schema.types import TypeRef
from schema.wire import SerializableException

Frame = Value | Failure | Close


class Input:
    """Frames go in with `put`, values come out in their order; JSON is read when the method asks for the value.

    closed  called when the method wants no more, so that the client can be told
    """

    def __init__(self, type_ref: TypeRef, closed: Callable[[], Awaitable[None]]) -> None:
        self._type = type_ref
        self._closed = closed
        self._waiting: asyncio.Queue[Frame] = asyncio.Queue(conf.INPUT_QUEUE)
        self._finished = False

    async def put(self, frame: Frame) -> None:
        """Add a value, an exception or the end. Raises TimeoutError: no room was made for REALTIME_INPUT_SECONDS."""
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
        """Want no more: what waits is dropped, the client is told."""
        if not self._finished:
            self._finished = True
            self._waiting = asyncio.Queue(1)
            await self._closed()


def _exception(frame: Failure) -> Exception:
    error = codecs.decode_dynamic(codecs.loads(bytes(frame.exception)))
    return error if isinstance(error, SerializableException) else InputFailed()
