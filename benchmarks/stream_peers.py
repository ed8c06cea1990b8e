"""Peers of benchmarks/streams.py: the least code that sends each message to all connected readers.

Both take a frame "publish <number>" and send this number of messages. The text of a message is in BENCHMARK_MESSAGE.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

GROUP = "everyone"


class GroupConsumer(AsyncWebsocketConsumer):
    """A consumer of Channels: each socket is in a group, and the channel layer sends it each message."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        for _ in range(int((text_data or "").removeprefix("publish "))):
            await self.channel_layer.group_send(
                GROUP, {"type": "message", "text": os.environ["BENCHMARK_MESSAGE"]}
            )

    async def message(self, event: dict[str, Any]) -> None:
        await self.send(event["text"])


def channels() -> Any:
    """An ASGI application; its channel layer is Podium's, on Redis."""
    import django

    django.setup()
    consumer = GroupConsumer.as_asgi()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await consumer(scope, receive, send)
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    return application


async def websockets(port: int) -> None:
    """A bare `websockets` server, with its own broadcast(), on the same event loop as uvicorn's."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve
    from websockets.exceptions import ConnectionClosed

    everyone: set[ServerConnection] = set()
    message = os.environ["BENCHMARK_MESSAGE"]

    async def connected(connection: ServerConnection) -> None:
        everyone.add(connection)
        with suppress(ConnectionClosed):
            async for frame in connection:
                for _ in range(int(str(frame).removeprefix("publish "))):
                    broadcast(everyone, message)
                    await asyncio.sleep(0)
        everyone.discard(connection)

    async with serve(connected, "127.0.0.1", port, compression=None, ping_interval=None):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    import uvloop

    uvloop.run(websockets(int(sys.argv[1])))
