"""The base of the generated clients: one connection to one server, sync or async."""

# pyright: reportPrivateUsage=false
# A client and its endpoints share private names; the names that applications see have no "_".

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import httpx

from .auth import Auth
from .calls import Arguments, AsyncCaller, Caller, MethodCall, Timeout
from .errors import ClientError
from .streamer import Streamer
from .streams import MethodStream, StreamState
from .uploads import upload, upload_async
from .wire import UNSET, Codec

T = TypeVar("T")

DEFAULT_TIMEOUT = 20.0  # seconds
Inputs = Mapping[str, tuple[Codec[Any], Any]]


def _read_host(host: str) -> str:
    if not host.startswith(("http://", "https://")):
        raise ClientError(f'The host must start with http:// or https://, not "{host}"')
    return host if host.endswith("/") else f"{host}/"


def _socket_url(host: str) -> str:
    return re.sub("^http", "ws", host) + "v1/websocket"


# Async ----------------------------------------------------------------------------------------------------------------


class AsyncBase:
    """The base of the generated AsyncClient.

    host     the server's address
    auth     the signed-in user: `client.auth.set(token)` after signing in, `client.auth.clear()` after signing out
    timeout  seconds until a call fails, or until a stream must be open; None for never. Each method takes its own too
    headers  sent with each call
    http     an httpx client to use instead of the client's own; it is not closed
    """

    def __init__(
        self,
        host: str,
        *,
        auth: Auth | None = None,
        timeout: float | None = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.host = _read_host(host)
        self.auth = auth or Auth()
        self._http = http or httpx.AsyncClient(timeout=timeout, headers=headers)
        self._owns_http = http is None
        self._caller = AsyncCaller(self.host, self.auth, self._http)
        self._streamer = Streamer(_socket_url(self.host), self.auth, timeout)

    async def upload(self, description: str, data: bytes, *, timeout: Timeout = UNSET) -> None:
        """Send a file to the place that the server reserved; `description` is the server's text for it."""
        await upload_async(self._http, description, data, timeout)

    async def aclose(self) -> None:
        """End all streams and close the connections."""
        await self._streamer.close()
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class AsyncEndpoint:
    """The base of the generated endpoints of the AsyncClient. Its own names start with "_", which no method's does."""

    def __init__(self, client: AsyncBase, name: str) -> None:
        self._client, self._name = client, name

    async def _call(
        self,
        method: str,
        arguments: Arguments,
        returns: Codec[T],
        *,
        unauthenticated: bool = False,
        timeout: Timeout = UNSET,
    ) -> T:
        call = MethodCall(self._name, method, arguments, returns, unauthenticated, timeout=timeout)
        return await self._client._caller.call(call)

    def _stream(
        self,
        method: str,
        arguments: Arguments,
        inputs: Inputs,
        returns: Codec[T],
        *,
        unauthenticated: bool = False,
        timeout: Timeout = UNSET,
    ) -> MethodStream[T]:
        call = MethodCall(self._name, method, arguments, returns, unauthenticated, inputs, timeout)
        return MethodStream(self._client._streamer.open(call))

    async def _call_with_inputs(
        self,
        method: str,
        arguments: Arguments,
        inputs: Inputs,
        returns: Codec[T],
        *,
        unauthenticated: bool = False,
        timeout: Timeout = UNSET,
    ) -> T:
        call = MethodCall(self._name, method, arguments, returns, unauthenticated, inputs, timeout)
        return await self._client._streamer.call_with_inputs(call)


# Sync -----------------------------------------------------------------------------------------------------------------


class SyncStream(Generic[T]):
    """The values of a streaming method, for `for`. The stream opens when the first value is requested.

    The method ends on the server when this object is released: after `close()`, from any thread, at the end of a
    `with`, or after leaving the loop over it, if nothing else refers to it.
    """

    def __init__(self, state: StreamState[T], loop: LoopThread) -> None:
        self._state, self._loop = state, loop

    def reconnecting(self) -> SyncStream[T]:
        """Reopen the stream after a lost connection. Its method then runs from the start."""
        self._state.reconnect()
        return self

    def __iter__(self) -> SyncStream[T]:
        return self

    def __next__(self) -> T:
        try:
            return self._loop.run(self._state.take())
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self) -> None:
        """End the stream, also while another thread waits for a value."""
        self._loop.call(lambda: self._state.finish(tell=True))

    def __enter__(self) -> SyncStream[T]:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __del__(self) -> None:
        self._state.abandon()


class LoopThread:
    """An event loop on a thread of its own, for the streams of a sync Client; starts when first used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait for its result."""
        future = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return future.result()
        except BaseException:
            future.cancel()  # no effect if done; ends it after a KeyboardInterrupt
            raise

    def call(self, function: Any) -> None:
        """Run a plain function there without waiting."""
        self._started().call_soon_threadsafe(function)

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Run `last`, then end the thread, if there is one."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None:
            return last.close()
        try:
            asyncio.run_coroutine_threadsafe(last, loop).result()
        finally:
            loop.call_soon_threadsafe(loop.stop)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=_run_loop, args=[self._loop], daemon=True, name="podium-streams"
                ).start()
            return self._loop


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


class SyncBase:
    """The base of the generated Client; the parameters are those of the AsyncClient. Threads may share it.

    Calls run on the caller's thread, streams on one of the client's own, which starts with the first stream.
    """

    def __init__(
        self,
        host: str,
        *,
        auth: Auth | None = None,
        timeout: float | None = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self.host = _read_host(host)
        self.auth = auth or Auth()
        self._http = http or httpx.Client(timeout=timeout, headers=headers)
        self._owns_http = http is None
        self._caller = Caller(self.host, self.auth, self._http)
        self._streamer = Streamer(_socket_url(self.host), self.auth, timeout)
        self._loop = LoopThread()

    def upload(self, description: str, data: bytes, *, timeout: Timeout = UNSET) -> None:
        """Send a file to the place that the server reserved; `description` is the server's text for it."""
        upload(self._http, description, data, timeout)

    def close(self) -> None:
        """End all streams and close the connections."""
        self._loop.close(self._streamer.close())
        if self._owns_http:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SyncEndpoint:
    """The base of the generated endpoints of the Client. Its own names start with "_", which no method's does."""

    def __init__(self, client: SyncBase, name: str) -> None:
        self._client, self._name = client, name

    def _call(
        self,
        method: str,
        arguments: Arguments,
        returns: Codec[T],
        *,
        unauthenticated: bool = False,
        timeout: Timeout = UNSET,
    ) -> T:
        call = MethodCall(self._name, method, arguments, returns, unauthenticated, timeout=timeout)
        return self._client._caller.call(call)

    def _stream(
        self,
        method: str,
        arguments: Arguments,
        inputs: Inputs,
        returns: Codec[T],
        *,
        unauthenticated: bool = False,
        timeout: Timeout = UNSET,
    ) -> SyncStream[T]:
        call = MethodCall(self._name, method, arguments, returns, unauthenticated, inputs, timeout)
        return SyncStream(self._client._streamer.open(call), self._client._loop)

    def _call_with_inputs(
        self,
        method: str,
        arguments: Arguments,
        inputs: Inputs,
        returns: Codec[T],
        *,
        unauthenticated: bool = False,
        timeout: Timeout = UNSET,
    ) -> T:
        call = MethodCall(self._name, method, arguments, returns, unauthenticated, inputs, timeout)
        return self._client._loop.run(self._client._streamer.call_with_inputs(call))
