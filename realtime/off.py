"""Sockets of a server that leaves out the app realtime: refused with a reason. Sign-outs still reach all processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from realtime import hub, revocation

Message = MutableMapping[str, Any]

STATUS = 501
TEXT = b"Streams are off on this server: it leaves out the app realtime.\n"


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """ASGI 3, WebSocket only: answer the handshake with 501, or close the socket if the server can't do that."""
    await receive()
    if "websocket.http.response" in (scope.get("extensions") or {}):
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(TEXT)).encode())]
        await send({"type": "websocket.http.response.start", "status": STATUS, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": TEXT})
    else:
        await send({"type": "websocket.close", "code": 1000})


async def start() -> None:
    """Called on the event loop when the server starts. Makes every process drop revoked credentials at once."""
    revocation.watch()


async def shut_down() -> None:
    """Called when the server stops."""
    await hub.close()
