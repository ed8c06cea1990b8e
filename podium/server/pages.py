"""Django's pages behind ASGI, on threads. Slow clients never hold a thread while they send or read.

A request's body is read first, within the limits of limits.py. Only then does a thread handle the request.
Files are sent in pieces, and a thread is used only to read each piece.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import tempfile
from asyncio import run_coroutine_threadsafe
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, TypeVar
from weakref import WeakValueDictionary
from wsgiref.util import FileWrapper

from a2wsgi.wsgi import build_environ
from django.conf import settings
from django.db import close_old_connections

from podium.endpoints import bodies, cors
from podium.endpoints.addresses import client_address
from podium.endpoints.asgi import JSON, TEXT, Message, Receive, Scope, Send
from podium.endpoints.bodies import ClientGone
from podium.endpoints.errors import BodyTooLarge, CallError
from podium.endpoints.page_limits import Limit
from podium.endpoints.waiting import Waiting, strangers
from podium.server.limits import limit_of
from podium.wire.codecs import dumps

Result = TypeVar("Result")

MEMORY_BYTES = 512 * 1024
"""Larger bodies are kept in a temporary file while they arrive."""
FILES = "/uploads/"
"""Paths of uploads and downloads, which web apps of other origins use too."""
PIECE_BYTES = 128 * 1024
"""The part of an answer kept in memory for a slow client."""


class Threads:
    """A thread pool. One address may use at most three quarters of it; its further work is queued."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._share = max(1, count * 3 // 4)
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def run(self, address: str, function: Callable[[], Result]) -> Result:
        turn = self._turns.get(address)
        if turn is None:
            turn = self._turns[address] = asyncio.Semaphore(self._share)
        context = contextvars.copy_context()
        async with turn:
            return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, function)

    def start(self, function: Callable[[], object]) -> None:
        """Run it in the background, without waiting for it."""
        self._pool.submit(function)


class Pages:
    """ASGI 3, HTTP only.

    pools  path prefixes and their number of threads; the first match is used, otherwise the last pool
    """

    def __init__(self, wsgi: Any, *pools: tuple[tuple[str, ...], int]) -> None:
        self._wsgi = wsgi
        self._pools = [(starts, Threads(count, f"pages{starts[0]}")) for starts, count in pools]
        self._rest = self._pools[-1][1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"].startswith(FILES):
            send = _readable(send, headers.get("origin", ""))
        limit = await limit_of(scope, headers)
        with tempfile.SpooledTemporaryFile(MEMORY_BYTES, dir=settings.FILE_UPLOAD_TEMP_DIR) as body:
            try:
                whole = await _read(scope, receive, headers, limit, body)
                environ = build_environ(scope, body)  # type: ignore[arg-type]
                if whole and body.tell():
                    environ.setdefault("CONTENT_LENGTH", str(body.tell()))  # Django ignores a body without it
                body.seek(0)
                await self._answer(Answer(self._wsgi, dict(environ), receive, send), scope)
            except ClientGone:
                pass
            except CallError as error:
                await _refuse(
                    send, error, json="json" in headers.get("accept", "") + headers.get("content-type", "")
                )

    async def _answer(self, answer: Answer, scope: Scope) -> None:
        pool = next((pool for starts, pool in self._pools if scope["path"].startswith(starts)), self._rest)
        address = client_address(scope)
        try:
            await answer.send(await pool.run(address, answer.begin))
            while not answer.ended:
                await answer.send(await pool.run(address, answer.read))
        finally:
            answer.stop_watching()
            if not answer.ended:
                pool.start(answer.end)


async def _read(
    scope: Scope, receive: Receive, headers: dict[str, str], limit: Limit, body: IO[bytes]
) -> bool:
    """Read a request's body into `body`. Return False if it is too large or too late and the view reports that."""
    loop = asyncio.get_running_loop()

    async def put(part: bytes) -> None:
        if body.tell() + len(part) > MEMORY_BYTES:
            await loop.run_in_executor(None, body.write, part)
        else:
            body.write(part)

    announced = headers.get("content-length", "")
    waiting = _uploads if limit.upload else strangers
    owner = lambda: limit.upload or client_address(scope)  # noqa: E731
    try:
        async with asyncio.timeout(limit.seconds):
            await bodies.each_piece(receive, announced, limit.size, waiting, owner, put)
    except BodyTooLarge:
        if limit.upload:
            return False
        raise
    except TimeoutError:
        return False
    return True


_uploads = Waiting(lambda: 1, lambda: math.inf)
"""A client that lost its connection starts again before the server notices, so the newer upload replaces the older."""


class File(FileWrapper):
    """A file as an answer (PEP 3333). Any thread can continue reading it."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        super().__init__(file, PIECE_BYTES)


class Answer:
    """An answer from Django that is being sent. begin, read and end run on a thread, send on the event loop."""

    def __init__(self, wsgi: Any, environ: dict[str, Any], receive: Receive, send: Send) -> None:
        self.ended = False
        self._wsgi, self._receive, self._send = wsgi, receive, send
        self._environ = {**environ, "wsgi.file_wrapper": File}
        self._loop = asyncio.get_running_loop()
        self._head: Message | None = None
        self._source: Any = ()
        self._pieces: Iterator[bytes] = iter(())
        self._watch: asyncio.Future[None] | None = None

    def begin(self) -> bytes:
        """Run the view and return the first piece.

        Answers generated while they are sent stay on this thread, because their database cursors are here.
        """
        self._source = self._wsgi(self._environ, self._start_response)
        self._pieces = iter(self._source)
        piece = self.read()
        try:
            while not (self.ended or isinstance(self._source, File)):
                run_coroutine_threadsafe(self.send(piece), self._loop).result()
                piece = self.read()
        except BaseException:
            self.end()
            raise
        return piece

    def read(self) -> bytes:
        """Return the next piece."""
        taken: list[bytes] = []
        size = 0
        try:
            for piece in self._pieces:
                taken.append(piece)
                size += len(piece)
                if size >= PIECE_BYTES:
                    break
            else:
                self.end()
        except BaseException:
            self.end()
            raise
        if isinstance(self._source, File):
            close_old_connections()  # another thread may read the next piece
        return b"".join(taken)

    def end(self) -> None:
        """Close the file and everything Django opened for the request."""
        if not self.ended:
            self.ended = True
            getattr(self._source, "close", lambda: None)()

    async def send(self, piece: bytes) -> None:
        """Send a piece. Returns when the client has taken most of the earlier pieces. Raises ClientGone."""
        if self._head is not None:
            await self._send(self._head)
            self._head = None
        await self._send({"type": "http.response.body", "body": piece, "more_body": not self.ended})
        if self.ended:
            return
        if self._watch is None:
            self._watch = asyncio.ensure_future(_gone(self._receive))
        if self._watch.done():
            raise ClientGone

    def stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()

    def _start_response(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": int(status[:3]), "headers": pairs}


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _readable(send: Send, origin: str) -> Send:
    """Let web apps read answers about files that do not come from a view: refusals here, 500 and 503 of Django."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            more = [pair for pair in cors.of_origin(origin) if pair[0] not in given]
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return sent


async def _refuse(send: Send, error: CallError, *, json: bool) -> None:
    """Send the error as text, or in the format of REST errors."""
    body: object = {"error": {"code": error.code, "message": error.message, "details": {}}}
    text = dumps(body) if json else f"{error.message}\n".encode()
    headers = [
        JSON if json else TEXT,
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
