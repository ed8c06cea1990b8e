"""uvicorn's WebSocket protocol for many open sockets, including those of strangers: each uses little memory.

uvicorn loads it with `--ws realtime.websocket:Protocol`; with its own protocol, streams work too, only slower.
Reads no Django settings at import, because uvicorn imports it before the application.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request
from websockets.protocol import OPEN

from podium.endpoints import connections
from podium.endpoints.conf import conf as calls
from podium.endpoints.connections import Taking
from podium.endpoints.waiting import strangers
from realtime.conf import conf

EXTENSION = "podium.text"
"""Key in the ASGI scope's extensions: `write` is Protocol.write_text, `receives` is Protocol.receives.

The application stores the client's `address` there.
"""

SLICE_BYTES = 4096
"""Bytes parsed at a time. A frame can have 6 bytes, and everything else waits during parsing."""
LARGE_BYTES = 16 * 1024
"""An unfinished message of this size counts as an unfinished body."""
MESSAGE_FRAMES = 1024
"""Maximum frames of one message."""
CONTROLS = 100
"""Maximum pings and pongs of a client per second."""
DISCARD_SECONDS = 5.0
"""Time for which data is still read and discarded after a violation, so that the client gets the reason."""
BAD_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

_ALWAYS = asyncio.Event()
_ALWAYS.set()


class Inbox:
    """A queue like asyncio.Queue for one reader, without its 3 KB; most of these queues are empty."""

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
    """uvicorn's protocol, with less cost for each send and open socket, and limits on the memory a client can use."""

    # uvicorn's attributes of each connection. Slots take a third of the size of a dictionary with as many keys.
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
        *("backlog", "controls", "since", "slow_at", "taking", "unfinished"),
    )
    network = ""  # counted by REALTIME_SOCKETS_PER_ADDRESS
    waiting_since = math.inf

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn.max_message_size = conf.FRAME_BYTES
        self.queue: Any = Inbox()
        self.writable = _ALWAYS
        self.backlog = b""  # received and not parsed yet
        self.controls = 0  # pings and pongs in this second
        self.since = 0.0
        self.unfinished = 0  # bytes of an unfinished message, when it last made enough progress
        self.slow_at = math.inf  # deadline for further progress
        self.taking: Taking | None = None

    # The connection -----------------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        connections.remove(self)
        strangers.leave(self._give_up)
        super().connection_lost(exc)

    def look_after(self, now: float) -> None:
        """Close a socket whose client reads nothing, or sends a message slower than ENDPOINTS_MIN_RATE."""
        self.controls = 0
        if self.writable is not _ALWAYS or self.transport.is_closing():
            self.taking = self.taking or Taking()
            if self.taking.is_stuck(self.transport, now):
                self.transport.abort()
        size = self._unfinished()
        if not size or self.read_paused:
            self.slow_at = math.inf
        elif (
            self.slow_at == math.inf
            or not 0 <= size - self.unfinished < calls.READ_TIMEOUT_SECONDS * calls.MIN_RATE
        ):
            self.slow_at, self.unfinished = now + calls.READ_TIMEOUT_SECONDS, size
        elif now > self.slow_at:
            self._break_off(CloseCode.POLICY_VIOLATION, "the message did not arrive in time")

    def receives(self) -> bool:
        """Return whether a message is arriving; the application does not see it before it is complete."""
        return self._unfinished() > 0

    def _unfinished(self) -> int:
        """Bytes received of an unfinished frame or message."""
        return len(self.conn.reader.buffer) + (self.conn.current_size or 0)

    # Back-pressure: an event exists only while there is something to wait for --------------------------------------

    def pause_writing(self) -> None:
        self.since = self.loop.time()
        self.writable = asyncio.Event()

    def resume_writing(self) -> None:
        self.taking = None
        self.writable.set()
        self.writable = _ALWAYS

    # The opening handshake ----------------------------------------------------------------------------------------

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        del self.request
        if (
            not self.conn.extensions and not self.close_sent
        ):  # an extension, as is compression, changes the frames
            self.scope["extensions"][EXTENSION] = {
                "write": self.write_text,
                "receives": self.receives,
            }

    async def send(self, message: Any) -> None:
        """Like uvicorn's, which raises RuntimeError if the client's close arrived a moment before the message."""
        if self.close_sent and message["type"] == "websocket.send":
            raise ClientDisconnected
        if self.close_sent and message["type"] == "websocket.close":
            return
        await super().send(message)
        if message["type"] == "websocket.accept":
            del self.response

    # Receiving ----------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._parse(self.backlog + data if self.backlog else data)

    def _parse(self, data: bytes) -> None:
        """Like uvicorn, but only as fast as the application reads; the rest waits for `receive`."""
        self.backlog = b""
        for start in range(0, len(data), SLICE_BYTES):
            if self.conn.parser_exc is not None or self.transport.is_closing():
                return  # discard the rest
            if self.read_paused:
                self.backlog = data[start:]
                return
            super().data_received(data[start : start + SLICE_BYTES])
            if self.controls > CONTROLS:
                self._break_off(CloseCode.POLICY_VIOLATION, "too many pings")
        if self._unfinished() > LARGE_BYTES and self.conn.parser_exc is None:
            extension: Any = self.scope["extensions"].get(EXTENSION, {})
            strangers.enter(self._give_up, extension.get("address", ""))
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()) or BAD_HANDSHAKE)
            self.transport.close()

    async def receive(self) -> Any:
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            if self.backlog:
                await asyncio.sleep(0)  # let other tasks run
                self._parse(self.backlog)
            if not self.read_paused and not self.transport.is_closing():
                self.transport.resume_reading()
        return message

    def handle_text(self, event: Frame) -> None:
        super().handle_text(event)
        event.data = b""  # otherwise the parser keeps it until the next frame comes

    def handle_bytes(self, event: Frame) -> None:
        super().handle_bytes(event)
        event.data = b""

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MESSAGE_FRAMES:
            self._break_off(CloseCode.POLICY_VIOLATION, "too many fragments")
        else:
            super().handle_cont(event)
        event.data = b""

    def handle_ping(self) -> None:
        """Answer it, unless the client does not read: the answers would pile up here."""
        self.controls += 1
        if self.writable is _ALWAYS:
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def handle_pong(self, event: Frame) -> None:
        self.controls += 1
        super().handle_pong(event)

    def send_receive_event_to_app(self) -> None:
        strangers.leave(self._give_up)
        super().send_receive_event_to_app()

    def _give_up(self) -> None:
        self._break_off(CloseCode.TRY_AGAIN_LATER, "too many messages that do not end")

    def _break_off(self, code: CloseCode, reason: str) -> None:
        if self.conn.parser_exc is None:
            self.conn.fail(code, reason)
            self.conn.parser_exc = ValueError(reason)
            self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """Like uvicorn's, but without closing at once, which would reset the connection while the client is sending."""
        self.frames = []
        strangers.leave(self._give_up)
        if not self.close_sent and self.conn.close_sent is not None:
            code, reason = self.conn.close_sent.code, self.conn.close_sent.reason
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
            self.close_sent = True
        if self.transport.is_closing():
            return
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.transport.resume_reading()
        if self.close_timer is None:
            self.close_timer = self.loop.call_later(DISCARD_SECONDS, self.transport.close)

    # Sending ------------------------------------------------------------------------------------------------------

    def write_text(self, text: str) -> bool:
        """Send a text frame (RFC 6455 5.2) at once.

        Return False without sending if that is not possible: `send` then waits until the client has taken earlier
        frames, or reports that it is gone.
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
