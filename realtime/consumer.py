"""The socket: takes frames from a client and hands them to its streams; one lane for what is sent. Knows no method."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

from channels.exceptions import DenyConnection, StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from endpoints.asgi import client_address
from endpoints.conf import options
from realtime import frames, revocation
from realtime.conf import conf
from realtime.errors import BadFrame, FrameTooLarge, SocketClosed
from realtime.frames import Close, Failure, Frame, Open, Ping, Value
from realtime.revocation import Revoked
from realtime.streams import Stream

logger = logging.getLogger("podium.streams")

Message = MutableMapping[str, Any]

GOING_AWAY, POLICY_VIOLATION, TOO_LARGE, RESTART = 1001, 1008, 1009, 1012  # RFC 6455 7.4.1, IANA registry
CLOSE_SECONDS = 1.0  # a client that reads nothing can't be told that its socket closes


class StreamConsumer(AsyncWebsocketConsumer):
    """All streams of one client. Frames are handled in their order; each stream runs in a task of its own."""

    channel_layer_alias = ""  # none: messages come through the hub

    # The socket's life --------------------------------------------------------------------------------------------

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.address = client_address(scope, self.headers, options())
        self.streams: dict[UUID, Stream] = {}
        self.lane = asyncio.Lock()
        self.closed = False
        self.heard_at = time.monotonic()
        self.sending_since = 0.0  # 0: nothing is being sent
        self.loop = asyncio.get_running_loop()
        self.chores: set[asyncio.Task[None]] = set()
        self.whole = asyncio.ensure_future(super().__call__(scope, receive, send))
        try:
            await asyncio.wait([self.whole])
            if not self.whole.cancelled():
                self.whole.result()
        finally:
            self.whole.cancel()
            await self._clean_up()

    async def dispatch(self, message: Message) -> None:
        """As in the base, without its look at database connections: that is a hop to a thread for each frame."""
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        elif message["type"] == "websocket.connect":
            await self.websocket_connect(message)
        elif message["type"] == "websocket.disconnect":
            self.closed = True
            raise StopConsumer

    async def connect(self) -> None:
        allowed = options().allowed_origins
        if "*" not in allowed and self.headers.get("origin", "") not in {"", *allowed}:
            raise DenyConnection
        await self.accept()
        open_sockets.add(self)
        self._chore(self._keep_alive())

    async def _clean_up(self) -> None:
        self.closed = True
        open_sockets.discard(self)
        tasks = [stream.task for stream in self.streams.values()]
        for stream in list(self.streams.values()):
            stream.cancel("the socket was closed")
        for chore in self.chores:
            chore.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=conf.END_SECONDS)
            for task in late:
                logger.error("%s has not ended %s s after its socket did", task.get_name(), conf.END_SECONDS)

    async def end(self, code: int) -> None:
        """Close the socket and end its streams, also where the client reads nothing any more."""
        if self.closed:
            return
        self.closed = True
        for stream in list(self.streams.values()):
            stream.cancel("the socket was closed")
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.close(code)
                return
        self.whole.cancel()

    def _chore(self, work: Any) -> None:
        chore = asyncio.create_task(work)
        self.chores.add(chore)
        chore.add_done_callback(self.chores.discard)

    async def _keep_alive(self) -> None:
        """Ping the client; close a socket from which nothing comes, or whose client takes nothing."""
        with contextlib.suppress(SocketClosed):
            while True:
                await asyncio.sleep(conf.PING_SECONDS)
                now = time.monotonic()
                if self.sending_since and now - self.sending_since > conf.SEND_SECONDS:
                    logger.warning("%s took nothing for %s s and is closed", self.address, conf.SEND_SECONDS)
                    await self.end(POLICY_VIOLATION)
                elif now - self.heard_at > conf.IDLE_SECONDS:
                    logger.info("%s said nothing for %s s and is closed", self.address, conf.IDLE_SECONDS)
                    await self.end(GOING_AWAY)
                elif not self.lane.locked():
                    await self.send_text(frames.PING)

    # What is sent -------------------------------------------------------------------------------------------------

    async def send_text(self, text: str) -> None:
        """Send a frame; returns when the server has taken it, which it does not while a slow client's buffer is full.

        Raises SocketClosed.
        """
        async with self.lane:
            if self.closed:
                raise SocketClosed
            self.sending_since = time.monotonic()
            try:
                await self.base_send({"type": "websocket.send", "text": text})
            except OSError:  # how a server says that the client is gone
                self.closed = True
                raise SocketClosed from None
            finally:
                self.sending_since = 0.0

    # What is received ---------------------------------------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard_at = time.monotonic()
        if self.closed:
            return
        data = text_data if text_data is not None else bytes_data or b""
        with contextlib.suppress(SocketClosed):
            try:
                if len(data) > conf.FRAME_BYTES:
                    raise FrameTooLarge(size=len(data), limit=conf.FRAME_BYTES)
                await self._handle(frames.parse(data))
            except (BadFrame, FrameTooLarge) as error:
                logger.info("a frame of %s was refused: %s %s", self.address, error.message, error.details)
                shown = data[: conf.FRAME_BYTES]
                text = shown if isinstance(shown, str) else shown.decode(errors="replace")
                await self.send_text(frames.not_understood(text))
                await self.end(TOO_LARGE if isinstance(error, FrameTooLarge) else POLICY_VIOLATION)

    async def _handle(self, frame: Frame) -> None:
        if isinstance(frame, Value | Failure):
            await self._pass_on(frame)
        elif isinstance(frame, Ping):
            await self.send_text(frames.PONG)
        elif isinstance(frame, Open):
            await self._open(frame)
        elif isinstance(frame, Close):
            await self._close(frame)
        # a pong has said all by coming; a client that did not understand us closes the socket itself

    async def _open(self, frame: Open) -> None:
        if frame.id in self.streams:
            raise BadFrame(reason="a stream with this id is open")
        if len(self.streams) >= conf.STREAMS:
            logger.warning("%s has %s streams open; one more was refused", self.address, conf.STREAMS)
            await self.send_text(frames.Writer(frame).opened("authorizationDeclined"))
            return
        stream = Stream(frame, self.headers, self.address, self.send_text)
        self.streams[frame.id] = stream
        stream.task.add_done_callback(lambda _: self.streams.pop(frame.id))

    async def _pass_on(self, frame: Value | Failure) -> None:
        stream = self.streams.get(frame.id)
        if stream is None or not await stream.take(frame):
            await self.send_text(frames.Writer(frame).closed("error", frame.parameter))

    async def _close(self, frame: Close) -> None:
        stream = self.streams.get(frame.id)
        if stream is None:
            return  # it ended meanwhile
        if frame.parameter is None:
            stream.cancel("the client wanted no more")
        else:
            await stream.take(frame)

    # Credentials --------------------------------------------------------------------------------------------------

    def revoke(self, revoked: Revoked | None) -> None:
        """End the streams that run on a credential which is no longer good; None: look at each."""
        if revoked is None:
            self._chore(self._check())
            return
        for stream in list(self.streams.values()):
            stream.revoke(revoked)

    async def _check(self) -> None:
        for stream in list(self.streams.values()):
            await stream.check()


open_sockets: set[StreamConsumer] = set()


def _revoked(revoked: Revoked | None) -> None:
    """Called on whatever thread the revocation comes from; sockets belong to their loop."""
    for socket in list(open_sockets):
        with contextlib.suppress(RuntimeError):  # its loop is closed, and the socket with it
            socket.loop.call_soon_threadsafe(socket.revoke, revoked)


revocation.listen(_revoked)


async def close_all(code: int = RESTART) -> None:
    """Close every socket of this process, so that clients come back to another. For the server's shutdown."""
    await asyncio.gather(*(socket.end(code) for socket in list(open_sockets)), return_exceptions=True)
