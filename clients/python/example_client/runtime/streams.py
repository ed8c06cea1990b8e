"""Method streams as their readers see them, for asyncio. What carries them is in streamer.py and sockets.py."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Iterable
from contextlib import suppress
from typing import Any, Generic, Literal, Protocol, TypeVar

from .calls import MethodCall
from .errors import ClientError, ConnectionLost, NoAnswerError, StreamClosed, StreamOverflow, WireError
from .models import decode_exception, decode_typed
from .wire import Unset

T = TypeVar("T")

MAX_WAITING_VALUES = 10_000  # per stream, not yet taken

Source = AsyncIterable[T] | Iterable[T]
"""What an input stream is read from. A plain iterable is read on a thread of its own, so it may block."""


class MethodStream(Generic[T]):
    """What a method yields, for `async for`. It opens when its first value is asked for.

    The method ends on the server when this object goes: after `aclose()`, at the end of an `async with`, or when the
    loop over it was left and nobody else has it.
    """

    def __init__(self, state: StreamState[T]) -> None:
        self._state = state

    def reconnecting(self) -> MethodStream[T]:
        """Open the stream again when the connection was lost. Its method then runs anew, from its start."""
        self._state.reconnect()
        return self

    def __aiter__(self) -> MethodStream[T]:
        return self

    async def __anext__(self) -> T:
        return await self._state.take()

    async def aclose(self) -> None:
        """End the stream, also while a value is waited for."""
        self._state.finish(tell=True)

    async def __aenter__(self) -> MethodStream[T]:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        self._state.abandon()


class Host(Protocol):
    """What a stream needs of the Streamer that opened it. timeout: seconds until it must be open."""

    timeout: float | None

    def start(self, state: StreamState[Any]) -> None: ...

    def forget(self, state: StreamState[Any], tell: bool) -> None: ...


class StreamState(Generic[T]):
    """One stream, as the socket sees it. Everything here runs on the loop, but for `abandon`."""

    def __init__(self, call: MethodCall[T], host: Host) -> None:
        self.call = call
        self.arguments = call.encode()
        self.input_error: BaseException | None = None
        self.renewed = False
        self._host = host
        self._state: Literal["new", "opening", "open", "ended"] = "new"
        self._reconnects = False
        self._raised: Exception | None = None
        self._items: asyncio.Queue[tuple[T] | Exception | None] = asyncio.Queue()
        self._deadline: float | None = None  # on the monotonic clock; None: as long as it takes
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def reconnect(self) -> None:
        if self.call.inputs:
            raise ClientError(
                f"{self.call.name} takes streams, which can not be sent again: it can not reconnect"
            )
        self._reconnects = True

    @property
    def ended(self) -> bool:
        return self._state == "ended"

    @property
    def deadline(self) -> float | None:
        return self._deadline

    async def take(self) -> T:
        """The next value. Raises StopAsyncIteration at the end, and what ended the stream, once."""
        if self._state == "new":
            self._begin()
        if self.ended and self._items.empty():
            raise StopAsyncIteration
        item = await self._items.get()
        if item is None:
            raise StopAsyncIteration
        if isinstance(item, Exception):
            raise item
        return item[0]

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._state = "opening"
        timeout = self._host.timeout if isinstance(self.call.timeout, Unset) else self.call.timeout
        if timeout is not None:
            self._deadline = time.monotonic() + timeout
            late = NoAnswerError(f"The server did not open {self.call.name} within {timeout} s")
            self._timer = self._loop.call_later(timeout, lambda: self.finish(late, tell=True))
        self._host.start(self)

    def accepted(self) -> None:
        self._stop_timer()
        self._deadline = None
        self._state = "open"

    def push(self, data: Any) -> None:
        if self._state != "open":
            return
        try:
            self._items.put_nowait((decode_typed(self.call.returns, data),))
        except Exception as error:  # noqa: BLE001 - the wire's, or of a class that checks what it is given
            return self.finish(error, tell=True)
        if self._items.qsize() > MAX_WAITING_VALUES:
            message = f"More than {MAX_WAITING_VALUES} values of {self.call.name} wait to be taken"
            self.finish(StreamOverflow(message), tell=True)

    def raised(self, data: Any) -> None:
        try:
            self._raised = decode_exception(data) or StreamClosed(f"{self.call.name} failed")
        except WireError as error:
            self._raised = error

    def closed(self, failed: bool) -> None:
        """The server ended it."""
        error = self._raised
        if error is None and failed:
            error = StreamClosed(f"The server ended {self.call.name} with an error")
            error.__cause__ = self.input_error
        self.finish(error)

    def lost(self, error: ConnectionLost) -> None:
        """The socket broke. A stream not yet accepted starts over; so does one that reconnects."""
        if self._state == "opening" or (self._state == "open" and self._reconnects):
            self._state = "opening"
            self._host.start(self)
        else:
            self.finish(error)

    def finish(self, error: Exception | None = None, *, tell: bool = False) -> None:
        """End it here; `tell` the server too."""
        if self.ended:
            return
        self._state = "ended"
        self._stop_timer()
        if tell and error is None:
            self._items = asyncio.Queue() if self._items.qsize() else self._items  # nobody wants the rest
        self._items.put_nowait(error)
        self._host.forget(self, tell)

    def abandon(self) -> None:
        """Nobody waits for it any more. May come from any thread, also after the loop's end."""
        if self._loop is not None and not self.ended:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(lambda: self.finish(tell=True))

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
