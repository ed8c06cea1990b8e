"""uvicorn's WebSocket protocol for many open sockets: frames written without a detour, less kept for each of them.

uvicorn takes it as `--ws realtime.websocket:Protocol`; with its own protocol streams work as well, only less quickly.
Knows no Django: uvicorn imports it before the application.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import OPEN

EXTENSION = "podium.text"
"""In the ASGI scope's extensions: `{"write": function}`, which is `Protocol.write_text`."""

_ALWAYS = asyncio.Event()
_ALWAYS.set()


class Inbox:
    """What asyncio.Queue does for one reader, without the 3 KB which that takes although most hold nothing."""

    __slots__ = ("_messages", "_reader")

    def __init__(self) -> None:
        self._messages: deque[Any] | None = None
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, message: Any) -> None:
        if self._messages is None:
            self._messages = deque()
        self._messages.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def empty(self) -> bool:
        return self._messages is None

    async def get(self) -> Any:
        while self._messages is None:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        message = self._messages.popleft()
        if not self._messages:
            self._messages = None
        return message


class Protocol(WebSocketsSansIOProtocol):
    """uvicorn's, as it is, but for what each send and each open socket costs."""

    # What uvicorn keeps of each connection. As slots it is a third of the size of a dictionary with so many keys.
    __slots__ = (
        *(
            "app",
            "app_state",
            "asgi_version",
            "client",
            "close_sent",
            "close_timeout",
            "close_timer",
            "config",
        ),
        *("conn", "connections", "curr_msg_data_type", "default_headers", "disconnected", "frames"),
        *("handshake_complete", "handshake_initiated", "initial_response", "last_ping_rtt", "logger", "loop"),
        *(
            "pending_ping_payload",
            "ping_interval",
            "ping_sent_at",
            "ping_timeout",
            "ping_timer",
            "pong_timer",
        ),
        *("queue", "read_paused", "request", "response", "root_path", "scheme", "scope", "server", "tasks"),
        *("transport", "writable"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.queue: Any = Inbox()
        self.writable = _ALWAYS

    # Back-pressure: an event of its own only while there is something to wait for ---------------------------------

    def pause_writing(self) -> None:
        self.writable = asyncio.Event()

    def resume_writing(self) -> None:
        self.writable.set()
        self.writable = _ALWAYS

    # The opening handshake ----------------------------------------------------------------------------------------

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        del self.request
        if (
            not self.conn.extensions and not self.close_sent
        ):  # an extension, as is compression, changes the frames
            self.scope["extensions"][EXTENSION] = {"write": self.write_text}

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            del self.response

    # Frames -------------------------------------------------------------------------------------------------------

    def write_text(self, text: str) -> bool:
        """Send a text frame (RFC 6455 5.2) at once.

        False, and nothing was sent, where that can't be: `send` then waits until the client has taken what was sent
        before, or tells that it is gone.
        """
        if self.writable is not _ALWAYS or self.disconnected or self.conn.state is not OPEN:
            return False
        payload = text.encode()
        size = len(payload)
        if size < 126:
            head = b"\x81" + size.to_bytes(1, "big")
        elif size < 65536:
            head = b"\x81\x7e" + size.to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + size.to_bytes(8, "big")
        self.transport.write(head + payload)
        return True
