"""The socket: takes frames from a client and hands them to its streams; one lane for what is sent. Knows no method."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer

from endpoints.asgi import client_address
from endpoints.conf import options
from realtime import frames, revocation
from realtime.conf import conf
from realtime.errors import BadFrame, FrameTooLarge, SocketClosed
from realtime.frames import Close, Failure, Frame, NotUnderstood, Open, Ping, Pong, Value
from realtime.revocation import Revoked
from realtime.streams import Stream, matches, open_stream

logger = logging.getLogger("podium.streams")

GOING_AWAY, POLICY_VIOLATION, TOO_LARGE, RESTART = 1001, 1008, 1009, 1012  # RFC 6455 7.4.1, IANA registry


class StreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """All streams of one client. Frames are handled in their order; each stream runs in a task of its own."""

    async def connect(self) -> None:
        self.headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]
        }
        self.address = client_address(self.scope, self.headers, options())
        self.streams: dict[UUID, tuple[Stream, asyncio.Task[None]]] = {}
        self.lane = asyncio.Lock()
        self.closed = False
        self.heard_at = time.monotonic()
        self.loop = asyncio.get_running_loop()
        await self.accept()
        open_sockets.add(self)
        self.watch = asyncio.create_task(self._watch_silence())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard_at = time.monotonic()
        data = text_data if text_data is not None else bytes_data or b""
        try:
            if len(data) > conf.FRAME_BYTES:
                raise FrameTooLarge(size=len(data), limit=conf.FRAME_BYTES)
            await self._handle(frames.parse(data))
        except (BadFrame, FrameTooLarge) as error:
            logger.info("a frame of %s was refused: %s %s", self.address, error.message, error.details)
            shown = data if isinstance(data, str) else data.decode(errors="replace")
            with contextlib.suppress(SocketClosed):
                await self.send_text(frames.not_understood(shown[: conf.FRAME_BYTES]))
            await self.end(TOO_LARGE if isinstance(error, FrameTooLarge) else POLICY_VIOLATION)

    async def disconnect(self, code: int) -> None:
        self.closed = True
        open_sockets.discard(self)
        self.watch.cancel()
        tasks = [task for _, task in self.streams.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=conf.END_SECONDS)
            for task in late:
                logger.error("a stream has not ended %s s after its socket did: %r", conf.END_SECONDS, task)

    async def _handle(self, frame: Frame) -> None:
        if isinstance(frame, Ping):
            await self.send_text(frames.PONG)
        elif isinstance(frame, Pong | NotUnderstood):
            pass  # it is alive; what it did not understand is in its own log
        elif isinstance(frame, Open):
            await self._open(frame)
        elif isinstance(frame, Close) and frame.parameter is None:
            if frame.id in self.streams:
                self.streams[frame.id][1].cancel()
        else:
            await self._pass_on(frame)

    async def _open(self, frame: Open) -> None:
        writer = frames.Writer(frame)
        if frame.id in self.streams:
            raise BadFrame(reason="a stream with this id is open")
        if len(self.streams) >= conf.STREAMS:
            logger.warning("%s has %s streams open, another was refused", self.address, conf.STREAMS)
            await self.send_text(writer.opened("invalidArguments"))
            return
        opened = await open_stream(
            frame, self.headers.get("authorization"), self.headers, self.address, writer, self.send_text
        )
        if not isinstance(opened, Stream):
            await self.send_text(writer.opened(opened))
            return
        await self.send_text(writer.opened("success"))
        task = asyncio.create_task(self._run(opened), name=f"stream {opened.target.name}")
        self.streams[frame.id] = (opened, task)
        task.add_done_callback(lambda _: self.streams.pop(frame.id, None))

    async def _run(self, stream: Stream) -> None:
        with contextlib.suppress(SocketClosed):
            await stream.run()

    async def _pass_on(self, frame: Value | Failure | Close) -> None:
        stream, _ = self.streams.get(frame.id, (None, None))
        if stream is None or not await stream.take(frame):
            if not isinstance(frame, Close):  # the end of what has ended needs no answer
                await self.send_text(frames.Writer(frame).closed("error", frame.parameter))

    async def send_text(self, text: str) -> None:
        """Send a frame; returns when the server has taken it, which it does not while a slow client's buffer is full.

        Raises SocketClosed.
        """
        try:
            async with asyncio.timeout(conf.SEND_SECONDS), self.lane:
                if self.closed:
                    raise SocketClosed
                await self.send(text_data=text)
        except TimeoutError:
            logger.info("%s took nothing for %s s and was closed", self.address, conf.SEND_SECONDS)
            await self.end(POLICY_VIOLATION)
            raise SocketClosed from None

    async def end(self, code: int) -> None:
        """Close the socket; its streams end in `disconnect`."""
        if not self.closed:
            self.closed = True
            await self.close(code)

    async def _watch_silence(self) -> None:
        """Ping a client that says nothing; close a socket from which nothing comes at all."""
        with contextlib.suppress(SocketClosed):
            while True:
                await asyncio.sleep(conf.PING_SECONDS)
                silent = time.monotonic() - self.heard_at
                if silent > conf.IDLE_SECONDS:
                    await self.end(GOING_AWAY)
                    return
                await self.send_text(frames.PING)

    def revoke(self, revoked: Revoked | None) -> None:
        """End the streams that run on a credential which is no longer good."""
        if revoked is not None:
            for stream, task in list(self.streams.values()):
                if matches(stream.call.identity, revoked.user_id, revoked.token_id):
                    stream.revoke(task)


open_sockets: set[StreamConsumer] = set()


def _revoked(revoked: Revoked | None) -> None:
    """Called in whatever thread the revocation comes from; sockets belong to the loop."""
    for socket in list(open_sockets):
        socket.loop.call_soon_threadsafe(socket.revoke, revoked)


revocation.listen(_revoked)


async def close_all(code: int = RESTART) -> None:
    """Close every socket of this process, so that clients come back to another. For the server's shutdown."""
    closing: list[Coroutine[Any, Any, None]] = [socket.end(code) for socket in list(open_sockets)]
    await asyncio.gather(*closing, return_exceptions=True)
