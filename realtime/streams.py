"""One open method stream: runs the method, sends what it yields, hands it what the client sends. Knows no socket.

Its `send` waits until the socket has taken the frame: a slow reader holds up the method, not the memory. While a stream
waits it holds no transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from msgspec import structs

from core import cancellation, clock, observe
from core.cancellation import Cancellation
from core.errors import PodiumError
from endpoints import dispatch
from endpoints.calls import Call, Identity
from endpoints.dispatch import Target
from endpoints.errors import (
    NAME_SHOWN,
    BadAuthorizationHeader,
    EndpointNotFound,
    MethodNotFound,
    NotSignedIn,
    ScopeMissing,
)
from realtime import values
from realtime.conf import conf
from realtime.errors import SocketClosed, TooManySockets
from realtime.frames import Close, Failure, Open, OpenResult, Value, Writer
from realtime.inputs import Input
from realtime.relays import Relay
from realtime.revocation import Revoked
from schema import codecs
from schema.errors import WireError
from schema.wire import SerializableException

logger = logging.getLogger("podium.streams")

Send = Callable[[str], Awaitable[None]]
Write = Callable[[str], bool]
LOOK_AGAIN_SECONDS = 5.0
"""Interval for checking a credential again if the check failed, or if it belongs to an operator acting as a user. Their
permission can change without notice, for example by an UPDATE in the database."""
TURN = 50  # values sent before the other streams get a turn, also where no send has to wait


class Stream:
    """What one `omsc` of a client asks for, from its answer to its end, in a task of its own."""

    __slots__ = (
        *(
            "_address",
            "_admits",
            "_arguments",
            "_call",
            "_cancellation",
            "_headers",
            "_inputs",
            "_opened",
            "_opening",
            "_revoked",
        ),
        *(
            "_send",
            "_target",
            "_why_cancelled",
            "_why_ended",
            "_write",
            "_writer",
            "good_until",
            "name",
            "task",
        ),
    )

    def __init__(
        self,
        opening: Open,
        headers: Mapping[str, str],
        address: str,
        send: Send,
        write: Write,
        admits: Callable[[str], bool],
    ) -> None:
        """Begin.

        send    sends a frame, and waits until the socket takes it
        write   sends a frame if the socket takes it at once: then True
        admits  whether a user, by the key, may have one more
        """
        self._opening = opening
        self._headers = headers
        self._address = address
        self._send = send
        self._write = write
        self._admits = admits
        self.good_until = math.inf  # by time.monotonic(), then the credential has to be looked at
        self._writer = Writer(opening)
        self._inputs: dict[str, Input] = {}
        self._target: Target
        self._call: Call
        self._arguments: dict[str, Any] = {}
        self._opened = False
        self._revoked: list[Revoked | None] = []  # heard while it was not yet known who opens it
        self._why_ended = ""
        self._why_cancelled = ""
        self._cancellation: Cancellation | None = None
        self.name = f"{opening.endpoint[:NAME_SHOWN]}.{opening.method[:NAME_SHOWN]}"
        self.task = asyncio.create_task(self._run(), name=f"stream {self.name}")

    # What the socket and the revocations call ---------------------------------------------------------------------

    async def take(self, frame: Value | Failure | Close) -> bool:
        """Hand a frame of the client to its input stream. False where there is none that takes it."""
        source = self._inputs.get(frame.parameter or "")
        if source is None:
            return False
        try:
            await source.put(frame)
        except TimeoutError:
            self.end(f"the method left its input {frame.parameter!r} unread and more came")
        return True

    def cancel(self, reason: str) -> None:
        """Stop the method; nobody wants to hear how it ended. Of several reasons the first is kept."""
        if not self._why_cancelled:
            self._why_cancelled = reason
            self._cancel(reason)

    def end(self, reason: str) -> None:
        """Stop the method and tell the client that its stream ended with an error."""
        if not self._why_ended:
            self._why_ended = reason
            logger.info("%s was ended: %s", self.name, reason)
            self._cancel(reason)

    def _cancel(self, reason: str) -> None:
        """Cancel the method, and repeat that if it is still running after its time for clean-up."""
        if self._cancellation is not None:
            self._cancellation.stop()
        self._cancellation = cancellation.cancel(self.task, reason, grace=conf.END_SECONDS)

    def revoke(self, revoked: Revoked) -> None:
        """End it if it runs on that credential."""
        if not self._opened:
            self._revoked.append(revoked)
        elif _is_revoked(self._call.identity, revoked):
            self.end("its credential was revoked")

    async def check(self) -> None:
        """End it if its credential is no longer good. For when revocations may have been missed."""
        if not self._opened:
            self._revoked.append(None)
        elif self._call.identity is not None:
            try:
                identity = await dispatch.authenticate(self._opening.authorization)
                await dispatch.authorize(self._target, self._made_by(identity))
                self.good_until = _good_until(identity)
            except (NotSignedIn, ScopeMissing):
                self.end("its credential is no longer good")
            except Exception:
                self.good_until = time.monotonic() + LOOK_AGAIN_SECONDS
                logger.exception("the credential of %s could not be looked at", self.name)

    # Opening ------------------------------------------------------------------------------------------------------

    async def _open(self) -> OpenResult:
        """Get ready to run the method; why not, where that can't be."""
        opening = self._opening
        try:
            self._target = dispatch.find(opening.endpoint, opening.method)
            if not self._target.method.streams:
                raise MethodNotFound(text=f"{self.name} is no stream: call it over HTTP.")
            identity = None if self._target.method.unauthenticated else await self._authenticated()
            self._call = self._made_by(identity)
            await dispatch.authorize(self._target, self._call)
            self._inputs = self._make_inputs()
            self._arguments = self._decoded_arguments()
            self._opening = structs.replace(
                opening, arguments=""
            )  # they can be as long as the frame and are not needed again
        except (EndpointNotFound, MethodNotFound) as error:
            return self._refused("endpointNotFound", error)
        except (NotSignedIn, BadAuthorizationHeader) as error:
            return self._refused("authenticationFailed", error)
        except (ScopeMissing, TooManySockets) as error:
            return self._refused("authorizationDeclined", error)
        except PodiumError as error:
            return self._refused("invalidArguments", error)
        except Exception:
            logger.exception("%s could not be opened", self.name)
            return "authorizationDeclined"  # the wire has no word for a server's own failure
        self._opened = True
        return "success"

    def _made_by(self, identity: Identity | None) -> Call:
        return Call(self._opening.endpoint, self._opening.method, identity, self._headers, self._address)

    def _refused(self, result: OpenResult, error: PodiumError) -> OpenResult:
        logger.info("%s was not opened for %s: %s", self.name, self._address, error.message)
        return result

    async def _authenticated(self) -> Identity | None:
        identity = await dispatch.authenticate(self._opening.authorization)
        if self._is_revoked(identity):  # meanwhile: ask once more
            self._revoked.clear()
            identity = await dispatch.authenticate(self._opening.authorization)
            if self._is_revoked(identity):
                raise NotSignedIn
        if identity is not None and not self._admits(identity.user_id):
            raise TooManySockets(user=identity.user_id)
        self.good_until = _good_until(identity)
        return identity

    def _is_revoked(self, identity: Identity | None) -> bool:
        return any(_is_revoked(identity, revoked) for revoked in self._revoked)

    def _make_inputs(self) -> dict[str, Input]:
        sent = set(self._opening.inputs)
        return {
            each.wire_name: Input(each.type.arguments[0], self._input_closer(each.wire_name))
            for each in self._target.method.parameters
            if each.type.name == "Stream" and each.wire_name in sent
        }

    def _input_closer(self, name: str) -> Callable[[], Awaitable[None]]:
        return lambda: self._send(self._writer.closed("done", name))

    def _decoded_arguments(self) -> dict[str, Any]:
        raw = codecs.loads(self._opening.arguments)
        if not isinstance(raw, dict):
            raise WireError("the arguments: expected a JSON object")
        return dispatch.decode_arguments(self._target, raw, self._inputs)

    # Running ------------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        answered = False
        try:
            result = await self._open()
            await self._send(self._writer.opened(result))
            answered = True
            if result == "success":
                await self._run_method()
        except SocketClosed:
            pass  # nobody is left to tell
        except asyncio.CancelledError:
            if not self._why_ended:
                raise
            with contextlib.suppress(SocketClosed):
                if not answered:
                    await self._send(self._writer.opened("authenticationFailed"))
                else:
                    await self._send(self._writer.closed("error"))

    async def _run_method(self) -> None:
        """Run the method to its end, tell the client how it ended, and note that in the span."""
        identity = self._call.identity
        with observe.span("stream", self._target.name) as span:
            if identity is not None:
                identity.note_in(span)
            method = self._target, self._call, self._arguments
            try:
                if self._target.method.returns.name == "Stream":
                    async with dispatch.values(*method) as iterator:
                        await self._send_all(iterator)
                else:
                    await self._send(self._frame(await dispatch.invoke(*method)))
                await self._send(self._writer.closed("done"))
            except SocketClosed:
                raise
            except Exception as error:  # noqa: BLE001  logged there
                await self._failed(error, span)

    async def _send_all(self, iterator: AsyncIterator[Any]) -> None:
        if isinstance(iterator, Relay):
            iterator.pass_on = self._pass_on
        sent = 0
        async for value in iterator:
            if (
                reason := self._why_ended or self._why_cancelled
            ):  # the method caught its cancellation and continued
                raise asyncio.CancelledError(reason)
            frame = self._frame(value)
            if not self._write(frame):
                await self._send(frame)
            sent += 1
            if sent % TURN == 0:
                await asyncio.sleep(0)

    def _pass_on(self, value: Any) -> bool:
        """Send a value of a relay if that needs no waiting. Called by the hub, while this stream's task waits."""
        try:
            return self._write(self._writer.value(values.encode(self._target.result.type, value)))
        except Exception:  # noqa: BLE001  the task gets the value then, fails as well, and tells why
            return False

    def _frame(self, value: Any) -> str:
        return self._writer.value(values.encode(self._target.result.type, value))

    async def _failed(self, error: Exception, span: observe.Span) -> None:
        """Note why the method failed and tell the client: how, if that is declared in a model file."""
        if isinstance(error, SerializableException):
            span.error = f"{type(error).__name__}: {error}"
            try:
                await self._send(self._writer.failure(values.encode_exception(error)))
            except WireError:
                logger.exception("%s raised an exception that can't be sent", self.name)
        else:
            span.error = traceback.format_exc()
            if isinstance(error, PodiumError) and not isinstance(error, WireError):
                logger.warning("%s ended with an error: %s %s", self.name, error.message, error.details)
            else:
                logger.exception("%s failed", self.name)
        await self._send(self._writer.closed("error"))


def _good_until(identity: Identity | None) -> float:
    """The time, by time.monotonic(), when the credential must be checked again."""
    if identity is None:
        return math.inf
    look_again = LOOK_AGAIN_SECONDS if identity.operator else math.inf
    if identity.expires_at is None:
        return time.monotonic() + look_again
    return time.monotonic() + min(look_again, (identity.expires_at - clock.now()).total_seconds())


def _is_revoked(identity: Identity | None, revoked: Revoked | None) -> bool:
    """Whether the credential is no longer good, or (None) may be so."""
    if identity is None:
        return False
    return revoked is None or revoked.covers(identity.user_id, identity.token_id)
