"""Django's pages behind ASGI, on threads. A client that is slow holds none of those that pages and health need.

A page gets its thread once its body is there. What takes long by nature (uploads, downloads, files of pages, large
bodies) has threads of its own, and is ended when nothing moves for STALL_SECONDS.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from a2wsgi import WSGIMiddleware

from endpoints.asgi import Message, Receive, Scope, Send
from endpoints.conf import conf

logger = logging.getLogger("podium.pages")

READ_AHEAD_BYTES = 512 * 1024
"""Bodies up to this size are read before a page gets its thread; more is streamed."""
STALL_SECONDS = 30.0


class Pages:
    """ASGI 3, HTTP only. transfers: the beginnings of the paths that take long by nature."""

    def __init__(self, wsgi: Any, *, threads: int, transfer_threads: int, transfers: tuple[str, ...]) -> None:
        self._pages: Any = WSGIMiddleware(wsgi, workers=threads)
        self._transfers: Any = WSGIMiddleware(wsgi, workers=transfer_threads)
        self._transfer_paths = transfers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(self._transfer_paths):
            await self._transfers(scope, _reading([], receive), _writing(scope, send))
            return
        try:
            async with asyncio.timeout(conf.READ_TIMEOUT_SECONDS):
                ahead = await _read_ahead(receive)
        except TimeoutError:
            await _too_slow(send)
            return
        if ahead[-1]["type"] == "http.request":  # else the client is gone
            server = self._transfers if ahead[-1].get("more_body") else self._pages
            await server(scope, _reading(ahead, receive), _writing(scope, send))


async def _read_ahead(receive: Receive) -> list[Message]:
    messages, size = [await receive()], 0
    while messages[-1].get("more_body"):
        size += len(messages[-1].get("body", b""))
        if size > READ_AHEAD_BYTES:
            break
        messages.append(await receive())
    return messages


def _reading(ahead: list[Message], receive: Receive) -> Receive:
    """What was read, then the rest; a client that sends nothing for too long counts as gone."""
    waiting = iter(ahead)

    async def read() -> Message:
        if (message := next(waiting, None)) is not None:
            return message
        try:
            async with asyncio.timeout(STALL_SECONDS):
                return await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}

    return read


def _writing(scope: Scope, send: Send) -> Send:
    """`send`, until the client takes nothing for too long: the rest is dropped, and the server hangs up."""
    stalled = False

    async def write(message: Message) -> None:
        nonlocal stalled
        if stalled:
            return
        try:
            async with asyncio.timeout(STALL_SECONDS):
                await send(message)
        except TimeoutError:
            stalled = True
            logger.warning("%s: the client took nothing for %g s", scope["path"], STALL_SECONDS)

    return write


async def _too_slow(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 408, "headers": headers})
    await send({"type": "http.response.body", "body": b"The request did not arrive in time.\n"})
