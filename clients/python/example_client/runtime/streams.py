"""Method streams for asyncio: all of a client's streams over one WebSocket, open while there is a stream.

What breaks with the socket ends with ConnectionLost; a stream that is `reconnecting()` is opened again instead, once
the socket is back. The server keeps nothing for it: what was sent meanwhile is lost.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from .auth import Auth
from .calls import MethodCall
from .errors import (
    ClientError,
    ConnectionLost,
    NetworkError,
    NoAnswerError,
    StreamClosed,
    StreamOverflow,
    StreamRefused,
    WireError,
)
from .models import ModelException, decode_exception, decode_typed, encode_typed
from .wire import Codec, mapping

T = TypeVar("T")

PING_INTERVAL = 20.0  # seconds
SILENCE_LIMIT = 40.0  # seconds without a frame, then the socket counts as dead
FIRST_PAUSE = 0.25  # seconds between attempts to connect; doubles
LONGEST_PAUSE = 30.0  # seconds
MAX_WAITING_VALUES = 10_000  # per stream, not yet taken
MAX_MESSAGE = 64 * 2**20  # bytes
READ_AHEAD = 16  # values of an input that is read on a thread

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


class StreamState(Generic[T]):
    """One stream, as the socket sees it. Everything here runs on the loop, but for `abandon`."""

    def __init__(self, call: MethodCall[T], streamer: Streamer) -> None:
        self.call = call
        self.arguments = call.encode()
        self.input_error: BaseException | None = None
        self.renewed = False
        self._streamer = streamer
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
        if (timeout := self._streamer.timeout) is not None:
            self._deadline = time.monotonic() + timeout
            late = NoAnswerError(f"The server did not open {self.call.name} within {timeout} s")
            self._timer = self._loop.call_later(timeout, lambda: self.finish(late, tell=True))
        self._streamer.start(self)

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
            self._streamer.start(self)
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
        self._streamer.forget(self, tell)

    def abandon(self) -> None:
        """Nobody waits for it any more. May come from any thread, also after the loop's end."""
        if self._loop is not None and not self.ended:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(lambda: self.finish(tell=True))

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


class Streamer:
    """Opens streams, and keeps the socket that carries them. Belongs to the loop it is first used on.

    timeout  seconds to open a stream, attempts to connect included; None: as long as it takes
    """

    def __init__(self, url: str, auth: Auth, timeout: float | None) -> None:
        self.url, self.auth, self.timeout = url, auth, timeout
        self._ids: dict[StreamState[Any], str] = {}
        self._connection: asyncio.Task[_Connection] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def open(self, call: MethodCall[T]) -> StreamState[T]:
        return StreamState(call, self)

    async def call_with_inputs(self, call: MethodCall[T]) -> T:
        """Run a method that takes streams and gives one value."""
        state = self.open(call)
        try:
            value = await state.take()
            with suppress(StopAsyncIteration):
                await state.take()
            return value
        except StopAsyncIteration:
            raise StreamClosed(f"{call.name} ended without a result") from None
        finally:
            state.finish(tell=True)

    def start(self, state: StreamState[Any]) -> None:
        self._ids[state] = ""
        self._run(self._start(state))

    def forget(self, state: StreamState[Any], tell: bool) -> None:
        stream_id = self._ids.pop(state, "")
        if stream_id and (connection := self._live()):
            connection.end(stream_id, state, tell)
        if not self._ids:
            self._release()

    async def close(self) -> None:
        """End all streams and close the socket."""
        for state in list(self._ids):
            state.finish(tell=True)
        self._release()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start(self, state: StreamState[Any]) -> None:
        while not state.ended:
            try:
                connection = await self._connect(state.deadline)
                if state.ended:
                    return
                self._ids[state] = stream_id = str(uuid.uuid4())
                await connection.begin(stream_id, state)
                return
            except ConnectionClosed:
                return  # the connection's reader tells the streams
            except NetworkError as error:  # the attempt may have been another stream's, with less patience
                if state.deadline is not None and time.monotonic() + FIRST_PAUSE >= state.deadline:
                    return state.finish(error)

    def _connect(self, deadline: float | None) -> asyncio.Future[_Connection]:
        current = self._connection
        if current is None or (
            current.done() and (current.cancelled() or current.exception() or current.result().gone)
        ):
            current = self._connection = self._run(self._connect_with_pauses(deadline))
        return asyncio.shield(current)

    async def _connect_with_pauses(self, deadline: float | None) -> _Connection:
        pause = FIRST_PAUSE
        while True:
            left = SILENCE_LIMIT if deadline is None else max(deadline - time.monotonic(), 0.001)
            try:
                async with asyncio.timeout(min(left, SILENCE_LIMIT)):
                    return await _Connection.open(self)
            except (OSError, WebSocketException, EOFError) as error:  # a TimeoutError is an OSError
                wait = pause * random.uniform(0.5, 1)
                if not self._ids or (deadline is not None and time.monotonic() + wait >= deadline):
                    raise NetworkError(
                        f"Could not connect to {self.url}: {error or type(error).__name__}"
                    ) from error
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _live(self) -> _Connection | None:
        task = self._connection
        if task is None or not task.done() or task.cancelled() or task.exception():
            return None
        return task.result()

    def _release(self) -> None:
        task, connection = self._connection, self._live()
        self._connection = None
        if connection:
            self._run(connection.close())
        elif task and not task.done():
            task.cancel()

    def _run(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen: whoever waits for it has it raised

    def lost(self, states: Iterable[StreamState[Any]], error: ConnectionLost) -> None:
        for state in states:
            self._ids.pop(state, None)
        for state in states:
            state.lost(error)


class _Connection:
    """One open socket: reads and writes frames."""

    def __init__(self, socket: ClientConnection, streamer: Streamer) -> None:
        self.gone = False
        self._socket = socket
        self._streamer = streamer
        self._states: dict[str, StreamState[Any]] = {}
        self._tokens: dict[str, str | None] = {}
        self._pumps: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._heard_at = time.monotonic()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._keep_alive())]

    @classmethod
    async def open(cls, streamer: Streamer) -> _Connection:
        """Connected is who got a first frame."""
        socket = await connect(streamer.url, open_timeout=None, ping_interval=None, max_size=MAX_MESSAGE)
        try:
            await socket.send(_frame("ping"))
            first = await socket.recv()
        except BaseException:
            await socket.close()
            raise
        connection = cls(socket, streamer)
        await connection._receive(first)
        return connection

    async def begin(self, stream_id: str, state: StreamState[Any]) -> None:
        """Ask the server to open a stream."""
        call, auth = state.call, self._streamer.auth
        header = None if call.unauthenticated else auth.header
        self._states[stream_id] = state
        self._tokens[stream_id] = auth.token
        data = {**_address(stream_id, call), "args": state.arguments, "is": list(call.inputs)}
        await self._send("omsc", data | ({"auth": header} if header else {}))

    def end(self, stream_id: str, state: StreamState[Any], tell: bool) -> None:
        """The stream ended on this side; tell the server, unless the server ended it."""
        self._states.pop(stream_id, None)
        self._tokens.pop(stream_id, None)
        for (owner, _), pump in list(self._pumps.items()):
            if owner == stream_id:
                pump.cancel()
        if tell and not self.gone:
            self._background(self._send("cmsc", {**_address(stream_id, state.call), "cr": "done"}))

    async def close(self) -> None:
        """Say goodbye; the streams are already gone."""
        self.gone = True
        mine = asyncio.current_task()
        waiting = [task for task in self._tasks[2:] if task is not mine]
        await asyncio.gather(*waiting, return_exceptions=True)
        for task in (*self._tasks, *self._pumps.values()):
            if task is not mine:
                task.cancel()
        await self._socket.close()

    async def _read(self) -> None:
        error: Exception | None = None
        try:
            async for text in self._socket:
                await self._receive(text)
        except (WebSocketException, OSError) as caught:
            error = caught
        if not self.gone:
            self._drop(error)

    def _drop(self, cause: BaseException | None) -> None:
        """The socket is gone: tell the streams that it carried."""
        self.gone = True
        for task in (*self._tasks[1:], *self._pumps.values()):
            task.cancel()
        lost = ConnectionLost("The connection to the server was lost")
        lost.__cause__ = cause
        states = list(self._states.values())
        self._states.clear()
        self._streamer.lost(states, lost)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(PING_INTERVAL)
            if time.monotonic() - self._heard_at > SILENCE_LIMIT:
                self._socket.transport.abort()
                return
            with suppress(ConnectionClosed):
                await self._send("ping")

    async def _receive(self, text: str | bytes) -> None:
        self._heard_at = time.monotonic()
        try:
            message = mapping(json.loads(text))
            kind, data = message.get("type"), mapping(message.get("data") or {})
        except (ValueError, WireError):
            return await self._refuse(text)
        if kind == "ping":
            return await self._send("pong")
        if kind == "brm":
            return await self._socket.close()
        if kind not in ("pong", "omsr", "msm", "msse", "cmsc"):
            return await self._refuse(text)
        stream_id = str(data.get("cid"))
        if state := self._states.get(stream_id):
            self._deliver(kind, data, stream_id, state)

    def _deliver(self, kind: str, data: Mapping[str, Any], stream_id: str, state: StreamState[Any]) -> None:
        if kind == "omsr":
            self._answered(stream_id, state, str(data.get("res")))
        elif kind == "msm":
            state.push(data.get("o"))
        elif kind == "msse":
            state.raised(data.get("ex"))
        elif kind == "cmsc" and data.get("p") is None:
            state.closed(data.get("cr") == "error")
        elif kind == "cmsc" and (pump := self._pumps.get((stream_id, str(data["p"])))):
            pump.cancel()

    def _answered(self, stream_id: str, state: StreamState[Any], result: str) -> None:
        if result == "success":
            state.accepted()
            for name, (codec, source) in state.call.inputs.items():
                pump = asyncio.create_task(self._pump(stream_id, state, name, codec, source))
                self._pumps[stream_id, name] = pump
                pump.add_done_callback(partial(self._pump_done, (stream_id, name)))
        elif result == "authenticationFailed" and not state.call.unauthenticated and not state.renewed:
            self._background(self._try_again(stream_id, state))
        else:
            state.finish(StreamRefused(state.call.name, result))

    def _pump_done(self, key: tuple[str, str], pump: asyncio.Task[None]) -> None:
        self._pumps.pop(key, None)
        if not pump.cancelled() and (error := pump.exception()):
            self._drop(error)

    async def _try_again(self, stream_id: str, state: StreamState[Any]) -> None:
        """The token was refused: open the stream once more with a new one, if there is one."""
        state.renewed = True
        try:
            renewed = await self._streamer.auth.renew_async(self._tokens.get(stream_id))
        except Exception as error:  # noqa: BLE001 - whatever the application's refresh raises, goes to who waits
            return state.finish(error)
        if state.ended or self.gone:
            return
        if not renewed:
            return state.finish(StreamRefused(state.call.name, "authenticationFailed"))
        await self.begin(stream_id, state)

    async def _pump(
        self, stream_id: str, state: StreamState[Any], name: str, codec: Codec[Any], source: Source[Any]
    ) -> None:
        """Send the values of one input stream, then its end."""
        to = {**_address(stream_id, state.call), "p": name}
        values = source if isinstance(source, AsyncIterable) else _from_thread(source)
        reason = "done"
        try:
            async for value in values:
                await self._send("msm", {**to, "o": encode_typed(codec, value)})
        except (ConnectionClosed, asyncio.CancelledError):
            return
        except Exception as error:  # noqa: BLE001 - the application's: the method hears of it, and who waits for it
            reason, state.input_error = "error", error
            if isinstance(error, ModelException):
                data = error.to_json()
                await self._send("msse", {**to, "ex": {"className": data["__className__"], "data": data}})
        finally:
            if close := getattr(values, "aclose", None):
                await close()
        with suppress(ConnectionClosed):
            await self._send("cmsc", {**to, "cr": reason})

    def _background(self, work: Any) -> None:
        async def run() -> None:
            with suppress(ConnectionClosed):
                await work

        task = asyncio.create_task(run())
        self._tasks.append(task)
        task.add_done_callback(lambda done: self._tasks.remove(done) if done in self._tasks else None)

    async def _send(self, kind: str, data: Mapping[str, Any] | None = None) -> None:
        await self._socket.send(_frame(kind, data))

    async def _refuse(self, text: str | bytes) -> None:
        await self._send("brm", {"req": text if isinstance(text, str) else text.decode(errors="replace")})
        await self._socket.close()


async def _from_thread(source: Iterable[T]) -> AsyncIterator[T]:
    """The values of an iterable that may block, read on a thread that never holds up the program's end."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[T] | BaseException | None] = asyncio.Queue()
    room = threading.Semaphore(READ_AHEAD)
    stopped = threading.Event()

    def put(item: tuple[T] | BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def read() -> None:
        try:
            for value in source:
                room.acquire()
                if stopped.is_set():
                    return
                put((value,))
            put(None)
        except BaseException as error:  # noqa: BLE001 - carried over to the loop and raised there
            put(error)

    threading.Thread(target=read, daemon=True, name="podium-input").start()
    try:
        while (item := await queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            room.release()
            yield item[0]
    finally:
        stopped.set()
        room.release()


def _address(stream_id: str, call: MethodCall[Any]) -> dict[str, Any]:
    return {"en": call.endpoint, "m": call.method, "cid": stream_id}


def _frame(kind: str, data: Mapping[str, Any] | None = None) -> str:
    return json.dumps({"type": kind} if data is None else {"type": kind, "data": data}, allow_nan=False)
