"""One open WebSocket: its frames, its keep-alive, and the input streams that go out over it. For asyncio."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from .auth import Auth
from .calls import MethodCall
from .errors import ConnectionLost, StreamRefused, WireError
from .models import ModelException, encode_typed
from .streams import Source, StreamState
from .tasks import cancel
from .wire import Codec, mapping

T = TypeVar("T")

PING_INTERVAL = 20.0  # seconds
SILENCE_LIMIT = 40.0  # seconds without a frame, then the socket counts as dead
MAX_MESSAGE = 64 * 2**20  # bytes
READ_AHEAD = 16  # values buffered of an input that is read on a thread

Lost = Callable[[Iterable[StreamState[Any]], ConnectionLost], None]


class Socket:
    """One open socket: reader and writer of frames."""

    def __init__(self, socket: ClientConnection, auth: Auth, lost: Lost) -> None:
        self.gone = False
        self._socket = socket
        self._auth = auth
        self._lost = lost
        self._states: dict[str, StreamState[Any]] = {}
        self._tokens: dict[str, str | None] = {}
        self._pumps: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._heard_at = time.monotonic()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._keep_alive())]

    @classmethod
    async def open(cls, url: str, auth: Auth, lost: Lost) -> Socket:
        """Connect, and wait for the first frame. `lost` is called with the streams that break with the socket."""
        socket = await connect(url, open_timeout=None, ping_interval=None, max_size=MAX_MESSAGE)
        try:
            await socket.send(_frame("ping"))
            first = await socket.recv()
        except BaseException:
            await socket.close()
            raise
        connection = cls(socket, auth, lost)
        await connection._receive(first)
        return connection

    async def begin(self, stream_id: str, state: StreamState[Any]) -> None:
        """Ask the server to open a stream."""
        call = state.call
        header = None if call.unauthenticated else self._auth.header
        self._states[stream_id] = state
        self._tokens[stream_id] = self._auth.token
        data = {**_address(stream_id, call), "args": state.arguments, "is": list(call.inputs)}
        await self._send("omsc", data | ({"auth": header} if header else {}))

    def end(self, stream_id: str, state: StreamState[Any], tell: bool) -> None:
        """End a stream on this side; `tell` also notifies the server."""
        self._states.pop(stream_id, None)
        self._tokens.pop(stream_id, None)
        for (owner, _), pump in list(self._pumps.items()):
            if owner == stream_id:
                cancel(pump)
        if tell and not self.gone:
            self._background(self._send("cmsc", {**_address(stream_id, state.call), "cr": "done"}))

    async def close(self) -> None:
        """Close the socket; all streams have ended before."""
        self.gone = True
        mine = asyncio.current_task()
        waiting = [task for task in self._tasks[2:] if task is not mine]
        await asyncio.gather(*waiting, return_exceptions=True)
        for task in (*self._tasks[1:], *self._pumps.values()):
            if task is not mine:
                cancel(task)
        await self._socket.close()  # the reader continues until then: the answer may follow unread frames

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
        """Handle the loss of the socket: notify its streams."""
        self.gone = True
        for task in (*self._tasks[1:], *self._pumps.values()):
            cancel(task)
        lost = ConnectionLost("The connection to the server was lost")
        lost.__cause__ = cause
        states = list(self._states.values())
        self._states.clear()
        self._lost(states, lost)

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
            cancel(pump)

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
        """Reopen a stream once with a new token after a refusal, if there is one."""
        state.renewed = True
        try:
            renewed = await self._auth.renew_async(self._tokens.get(stream_id))
        except Exception as error:  # noqa: BLE001 - errors of the refresh go to the caller
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
        except Exception as error:  # noqa: BLE001 - the application's: reported to the method and its caller
            reason, state.input_error = "error", error
            if isinstance(error, ModelException):
                data = error.to_json()
                await self._send("msse", {**to, "ex": {"className": data["__className__"], "data": data}})
        finally:
            if close := getattr(values, "aclose", None):
                await close()
        with suppress(ConnectionClosed):
            await self._send("cmsc", {**to, "cr": reason})

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
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
    """The values of an iterable that may block, read on a daemon thread."""
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
