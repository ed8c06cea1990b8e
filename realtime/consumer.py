"""The socket: passes a client's frames to its streams, and sends frames one after the other. Knows no methods."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer

from podium.core import cancellation
from podium.core.cancellation import Cancellation
from podium.endpoints.addresses import client_address, networks
from podium.endpoints.conf import conf as calls
from realtime import frames, revocation, sockets
from realtime.conf import conf
from realtime.errors import BadFrame, FrameTooLarge, SocketClosed
from realtime.frames import Close, Failure, Frame, Open, Ping, Value
from realtime.revocation import Revoked
from realtime.streams import Stream
from realtime.websocket import EXTENSION

logger = logging.getLogger("podium.streams")

Message = MutableMapping[str, Any]

GOING_AWAY, POLICY_VIOLATION, TOO_LARGE, RESTART = 1001, 1008, 1009, 1012  # RFC 6455 7.4.1, IANA registry
FRAME_SHOWN = 1000
"""Characters of an unreadable frame that are sent back. Unread answers of half a megabyte would fill the memory."""
CLOSE_SECONDS = 1.0  # a client that reads nothing can't be informed that its socket closes


class StreamConsumer(AsyncWebsocketConsumer):
    """All streams of one client. Frames are handled in their order; each stream runs in a separate task."""

    # The socket's life --------------------------------------------------------------------------------------------

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Run like the base, but without a task per socket and without a channel layer: messages come through the hub.

        It also omits the base's check of database connections, which takes a hop to a thread for each frame.
        """
        self.base_send = send
        self.headers = {
            sys.intern(name.decode("latin-1")): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.address = client_address(scope)
        self.network = networks(self.address)[0]
        self.write_at_once, self.receives = _extension(scope, self.address)
        self.streams: dict[UUID, Stream] = {}
        self.users: set[str] = set()
        self.closed = False
        self.heard_at = self.pinged_at = time.monotonic()
        self.sending = 0  # streams that send, or wait until they can
        self.sending_since = 0.0
        self.loop = asyncio.get_running_loop()
        self.chores: set[asyncio.Task[None]] = set()
        self.task = asyncio.current_task()
        self.giving_up: Cancellation | None = None
        try:
            while not self.giving_up and await self.dispatch(await receive()):
                pass
        except asyncio.CancelledError:
            if not self.giving_up:
                raise
        finally:
            if self.giving_up:
                self.giving_up.stop()
            await self._clean_up()

    async def dispatch(self, message: Message) -> bool:
        """Return whether more streams may be opened."""
        kind: str = message["type"]
        if kind == "websocket.receive":
            await self.websocket_receive(message)
        elif kind == "websocket.connect":
            await self.connect()
        return kind != "websocket.disconnect"

    async def connect(self) -> None:
        allowed = calls.ALLOWED_ORIGINS
        if "*" not in allowed and self.headers.get("origin", "") not in {"", *allowed}:
            await self.close()  # before it is accepted: the server answers 403
        elif not sockets.add(self):
            logger.warning(
                "%s has %s sockets open, and one more was refused (REALTIME_SOCKETS_PER_ADDRESS). Is that the address"
                " of a proxy of yours? Then see ENDPOINTS_TRUSTED_PROXIES",
                self.address,
                conf.SOCKETS_PER_ADDRESS,
            )
            await self.close()
        else:
            await self.accept()

    async def _clean_up(self) -> None:
        self.closed = True
        sockets.remove(self)
        tasks = [stream.task for stream in self.streams.values()]
        for stream in list(self.streams.values()):
            stream.cancel("the socket was closed")
        for chore in self.chores:
            cancellation.cancel(chore)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=conf.END_SECONDS)
            for task in late:  # its stream continues to cancel it
                logger.error("%s has not ended %s s after its socket did", task.get_name(), conf.END_SECONDS)

    async def end(self, code: int) -> None:
        """Close the socket and end its streams, even if the client no longer reads."""
        if self.closed:
            return
        self.closed = True
        for stream in list(self.streams.values()):
            stream.cancel("the socket was closed")
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.close(code)
                return
        if self.task is not None and not self.task.done():
            self.giving_up = cancellation.cancel(self.task)

    def chore(self, work: Any) -> None:
        """Run a task in the background; it ends with the socket."""
        chore = asyncio.create_task(work)
        self.chores.add(chore)
        chore.add_done_callback(self.chores.discard)

    def look_after(self, now: float) -> None:
        """Ping the client; close the socket if nothing arrives from the client, or if it reads nothing.

        Also check credentials that may have expired. now: by time.monotonic().
        """
        if self.closed:
            return
        if self.sending and now - self.sending_since > conf.SEND_SECONDS:
            logger.warning("%s read nothing for %s s; closing its socket", self.address, conf.SEND_SECONDS)
            self.chore(self.end(POLICY_VIOLATION))
        elif now - self.heard_at > conf.IDLE_SECONDS and not self.receives():
            logger.info("%s sent nothing for %s s; closing its socket", self.address, conf.IDLE_SECONDS)
            self.chore(self.end(GOING_AWAY))
        elif now - self.pinged_at >= conf.PING_SECONDS and not self.sending:
            self.pinged_at = now
            self.chore(self._ping())
        for stream in self.streams.values():
            if stream.good_until < now:
                stream.good_until = math.inf
                self.chore(stream.check())

    async def _ping(self) -> None:
        with contextlib.suppress(SocketClosed):
            await self.send_text(frames.PING)

    # Sending ------------------------------------------------------------------------------------------------------

    async def send_text(self, text: str) -> None:
        """Send a frame; returns when the server has accepted it, which takes longer if a slow client's buffer is full.

        Raises SocketClosed.
        """
        if self.closed:
            raise SocketClosed
        if not self.sending:
            self.sending_since = time.monotonic()
        self.sending += 1
        try:
            await self.base_send({"type": "websocket.send", "text": text})
        except OSError:  # the server's error if the client is gone
            self.closed = True
            raise SocketClosed from None
        finally:
            self.sending -= 1
            if self.sending:  # the next frame belongs to another task
                self.sending_since = time.monotonic()

    # Receiving ----------------------------------------------------------------------------------------------------

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
                shown = data[:FRAME_SHOWN]
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
        # a pong needs no handling; a client that sends `brm` closes the socket itself

    async def _open(self, frame: Open) -> None:
        if frame.id in self.streams:
            raise BadFrame(reason="a stream with this id is open")
        if len(self.streams) >= conf.STREAMS:
            logger.warning(
                "%s has %s streams open; one more was refused (REALTIME_STREAMS)", self.address, conf.STREAMS
            )
            await self.send_text(frames.Writer(frame).opened("authorizationDeclined"))
            return
        stream = Stream(
            frame,
            self.headers,
            self.address,
            self.send_text,
            self.write_at_once,
            partial(sockets.add_user, self),
        )
        self.streams[key := frame.id] = stream  # the callback below must not keep a reference to the frame
        stream.task.add_done_callback(lambda _: self.streams.pop(key))

    async def _pass_on(self, frame: Value | Failure) -> None:
        stream = self.streams.get(frame.id)
        if stream is None or not await stream.take(frame):
            await self.send_text(frames.Writer(frame).closed("error", frame.parameter))

    async def _close(self, frame: Close) -> None:
        stream = self.streams.get(frame.id)
        if stream is None:
            return  # it has ended in the meantime
        if frame.parameter is None:
            stream.cancel("the client closed it")
        else:
            await stream.take(frame)

    # Credentials --------------------------------------------------------------------------------------------------

    def revoke(self, revoked: Revoked | None) -> None:
        """End the streams whose credential was revoked; None: check all of them."""
        if revoked is None:
            self.chore(self._check())
            return
        for stream in list(self.streams.values()):
            stream.revoke(revoked)

    async def _check(self) -> None:
        for stream in list(self.streams.values()):
            await stream.check()


def _extension(
    scope: MutableMapping[str, Any], address: str
) -> tuple[Callable[[str], bool], Callable[[], bool]]:
    """Two functions: one sends a frame, or returns False if it must wait; one returns whether a message is arriving.

    Both return False on a server without realtime/websocket.py.
    """
    extension = scope.get("extensions", {}).get(EXTENSION)
    if extension is None:
        return lambda text: False, lambda: False
    extension["address"] = address
    return extension["write"], extension["receives"]


def _all() -> list[StreamConsumer]:
    return [each for each in sockets.opened if isinstance(each, StreamConsumer)]


def _revoked(revoked: Revoked | None) -> None:
    """Pass a revocation, which may come from any thread, to the loop of each socket."""
    for socket in _all():
        with contextlib.suppress(RuntimeError):  # its loop is closed, and the socket with it
            socket.loop.call_soon_threadsafe(socket.revoke, revoked)


revocation.listen(_revoked)


async def close_all(code: int = RESTART) -> None:
    """Close every socket of this process, so that clients reconnect to another. For the server's shutdown."""
    await asyncio.gather(*(socket.end(code) for socket in _all()), return_exceptions=True)
