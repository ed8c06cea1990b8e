"""All of a client's streams over one WebSocket, open while there is a stream. For asyncio.

A stream that breaks with the socket ends with ConnectionLost; one that is `reconnecting()` is reopened instead, once
the socket is back. The server keeps nothing for it: values sent meanwhile are lost.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from websockets.exceptions import ConnectionClosed, WebSocketException

from .auth import Auth
from .calls import MethodCall
from .errors import ConnectionLost, NetworkError, StreamClosed
from .sockets import SILENCE_LIMIT, Socket
from .streams import StreamState
from .tasks import cancel

T = TypeVar("T")

FIRST_PAUSE = 0.25  # seconds between attempts to connect; doubles
LONGEST_PAUSE = 30.0  # seconds


class Streamer:
    """The opener of streams and owner of their socket. Belongs to the loop it is first used on.

    timeout  seconds to open a stream, attempts to connect included; None: no limit
    """

    def __init__(self, url: str, auth: Auth, timeout: float | None) -> None:
        self.url, self.auth, self.timeout = url, auth, timeout
        self._ids: dict[StreamState[Any], str] = {}
        self._connection: asyncio.Task[Socket] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def open(self, call: MethodCall[T]) -> StreamState[T]:
        return StreamState(call, self)

    async def call_with_inputs(self, call: MethodCall[T]) -> T:
        """Run a method that takes streams and returns one value."""
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
            if not state.call.unauthenticated:
                try:
                    await self.auth.freshen_async()
                except Exception as error:  # noqa: BLE001 - errors of the refresh go to the caller
                    return state.finish(error)
                if state.ended:
                    return
            try:
                connection = await self._connect(state.deadline)
                if state.ended:
                    return
                self._ids[state] = stream_id = str(uuid.uuid4())
                await connection.begin(stream_id, state)
                return
            except ConnectionClosed:
                return  # the connection's reader notifies the streams
            except (
                NetworkError
            ) as error:  # the attempt may have been another stream's, with a shorter timeout
                if state.deadline is not None and time.monotonic() + FIRST_PAUSE >= state.deadline:
                    return state.finish(error)

    def _connect(self, deadline: float | None) -> asyncio.Future[Socket]:
        current = self._connection
        if current is None or (
            current.done() and (current.cancelled() or current.exception() or current.result().gone)
        ):
            current = self._connection = self._run(self._connect_with_pauses(deadline))
        return asyncio.shield(current)

    async def _connect_with_pauses(self, deadline: float | None) -> Socket:
        pause = FIRST_PAUSE
        while True:
            left = SILENCE_LIMIT if deadline is None else max(deadline - time.monotonic(), 0.001)
            try:
                async with asyncio.timeout(min(left, SILENCE_LIMIT)):
                    return await Socket.open(self.url, self.auth, self.lost)
            except (OSError, WebSocketException, EOFError) as error:  # a TimeoutError is an OSError
                wait = pause * random.uniform(0.5, 1)
                if not self._ids or (deadline is not None and time.monotonic() + wait >= deadline):
                    raise NetworkError(
                        f"Could not connect to {self.url}: {error or type(error).__name__}"
                    ) from error
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _live(self) -> Socket | None:
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
            cancel(task)

    def _run(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # marked as retrieved: those who wait for it get it raised

    def lost(self, states: Iterable[StreamState[Any]], error: ConnectionLost) -> None:
        for state in states:
            self._ids.pop(state, None)
        for state in states:
            state.lost(error)
