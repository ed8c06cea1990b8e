"""The routes of sockets: /v1/websocket leads to the streams; any other path is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from realtime import hub, revocation
from realtime.consumer import StreamConsumer, close_all

PATH = "/v1/websocket"

Message = MutableMapping[str, Any]

_consumer = StreamConsumer.as_asgi()


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """ASGI 3, WebSocket only."""
    if scope["path"] == PATH:
        revocation.watch()  # a server without lifespan events has not called `start`
        await _consumer(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1000})  # before it is accepted: the server answers 403


async def start() -> None:
    """Called on the event loop when the server starts."""
    revocation.watch()


async def shut_down() -> None:
    """Called when the server stops: closes sockets so that clients reconnect, and disconnects the bus."""
    await close_all()
    await hub.close()
