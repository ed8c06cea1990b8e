"""Method streams as their readers see them, for asyncio. Their transport is in streamer.py and sockets.py."""

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
"""The source of an input stream. A plain iterable is read on a thread of its own, so it may block."""


class MethodStream(Generic[T]):
    """The values of a streaming method, for `async for`. The stream opens when the first value is requested.

    The method ends on the server when this object is released: after `aclose()`, at the end of an `async with`, or
    after leaving the loop over it, if nothing else refers to it.
    """

    def __init__(self, state: StreamState[T]) -> None:
        self._state = state

    def reconnecting(self) -> MethodStream[T]:
        """Reopen the stream after a lost connection. Its method then runs from the start."""
        self._state.reconnect()
        return self

    def __aiter__(self) -> MethodStream[T]:
        return self

    async def __anext__(self) -> T:
        return await self._state.take()

    async def aclose(self) -> None:
        """End the stream, even while waiting for a value."""
        self._state.finish(tell=True)

    async def __aenter__(self) -> MethodStream[T]:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        self._state.abandon()


class Host(Protocol):
    """The part of a Streamer that its streams use. timeout: seconds until a stream must be open."""

    timeout: float | None

    def start(self, state: StreamState[Any]) -> None: ...

    def forget(self, state: StreamState[Any], tell: bool) -> None: ...


class StreamState(Generic[T]):
    """One stream, as seen by the socket. Everything here runs on the loop, except `abandon`."""

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
        self._deadline: float | None = None  # on the monotonic clock; None: no limit
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def reconnect(self) -> None:
        if self.call.inputs:
            raise ClientError(
                f"{self.call.name} takes streams, which cannot be sent again: it cannot reconnect"
            )
        self._reconnects = True

    @property
    def ended(self) -> bool:
        return self._state == "ended"

    @property
    def deadline(self) -> float | None:
        return self._deadline

    async def take(self) -> T:
        """The next value. Raises StopAsyncIteration at the end, and once the error that ended the stream."""
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
        except Exception as error:  # noqa: BLE001 - the wire's, or of a class that validates its arguments
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
        """Handle the end of the stream by the server."""
        error = self._raised
        if error is None and failed:
            error = StreamClosed(f"The server ended {self.call.name} with an error")
            error.__cause__ = self.input_error
        self.finish(error)

    def lost(self, error: ConnectionLost) -> None:
        """Handle a broken socket. A stream not yet accepted starts again; so does one that reconnects."""
        if self._state == "opening" or (self._state == "open" and self._reconnects):
            self._state = "opening"
            self._host.start(self)
        else:
            self.finish(error)

    def finish(self, error: Exception | None = None, *, tell: bool = False) -> None:
        """End the stream here; `tell` also notifies the server."""
        if self.ended:
            return
        self._state = "ended"
        self._stop_timer()
        if tell and error is None:
            self._items = asyncio.Queue() if self._items.qsize() else self._items  # the rest is dropped
        self._items.put_nowait(error)
        self._host.forget(self, tell)

    def abandon(self) -> None:
        """End a stream without a reader. Callable from any thread, also after the loop's end."""
        if self._loop is not None and not self.ended:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(lambda: self.finish(tell=True))

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
