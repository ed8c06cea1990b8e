"""An open method stream: runs the method, sends its values, passes it the client's values. Independent of sockets.

Its `send` waits until the socket has accepted the frame: a slow reader blocks the method instead of filling the memory.
A waiting stream holds no transaction.
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

from podium.core import cancellation, clock, observe
from podium.core.cancellation import Cancellation
from podium.core.errors import PodiumError
from podium.endpoints import dispatch, targets, tracebacks
from podium.endpoints.calls import Identity
from podium.endpoints.dispatch import Invocation
from podium.endpoints.errors import (
    NAME_SHOWN,
    BadAuthorizationHeader,
    EndpointNotFound,
    InvalidArguments,
    MethodNotFound,
    NotSignedIn,
    ScopeMissing,
)
from podium.endpoints.targets import Target
from podium.wire import codecs
from podium.wire.classes import SerializableException
from podium.wire.errors import WireError
from realtime import values
from realtime.backpressure import Input
from realtime.conf import conf
from realtime.errors import SocketClosed, TooManySockets
from realtime.frames import Close, Failure, Open, OpenResult, Value, Writer
from realtime.relays import Relay
from realtime.revocation import Revoked

logger = logging.getLogger("podium.streams")

Send = Callable[[str], Awaitable[None]]
Write = Callable[[str], bool]
LOOK_AGAIN_SECONDS = 5.0
"""Interval for checking a credential again if the check failed, or if it belongs to an operator acting as a user. Their
permission can change without notice, for example by an UPDATE in the database."""
LOOK_AT_SCOPES_SECONDS = 30.0
"""The same for streams that require scopes, which can change without notice, too. There may be many such streams."""
TURN = 50  # values sent before the other streams get a turn, even if no send has to wait


class Stream:
    """The stream that a client's `omsc` requests, from the answer to the end, in a separate task."""

    __slots__ = (
        *(
            "_address",
            "_admits",
            "_cancellation",
            "_headers",
            "_inputs",
            "_invocation",
            "_opened",
            "_opening",
            "_revoked",
        ),
        *(
            "_send",
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
        """Begin the stream.

        send    sends a frame, and waits until the socket accepts it
        write   sends a frame if the socket accepts it at once; returns whether it did
        admits  returns whether the user with this key may have one more
        """
        self._opening = opening
        self._headers = headers
        self._address = address
        self._send = send
        self._write = write
        self._admits = admits
        self.good_until = math.inf  # by time.monotonic(): when the credential has to be checked
        self._writer = Writer(opening)
        self._inputs: dict[str, Input] = {}
        self._invocation: Invocation
        self._opened = False
        self._revoked: list[Revoked | None] = []  # revocations received before the caller was known
        self._why_ended = ""
        self._why_cancelled = ""
        self._cancellation: Cancellation | None = None
        self.name = f"{opening.endpoint[:NAME_SHOWN]}.{opening.method[:NAME_SHOWN]}"
        self.task = asyncio.create_task(self._run(), name=f"stream {self.name}")

    # Called by the socket and by revocations ----------------------------------------------------------------------

    async def take(self, frame: Value | Failure | Close) -> bool:
        """Pass a client's frame to its input stream. Return False if none accepts it."""
        source = self._inputs.get(frame.parameter or "")
        if source is None:
            return False
        try:
            await source.put(frame)
        except TimeoutError:
            self.end(f"the method did not read its input {frame.parameter!r}, and more arrived")
        return True

    def cancel(self, reason: str) -> None:
        """Stop the method; its outcome is not sent. Of several reasons, the first is kept."""
        if not self._why_cancelled:
            self._why_cancelled = reason
            self._cancel(reason)

    def end(self, reason: str) -> None:
        """Stop the method and report to the client that its stream ended with an error."""
        if not self._why_ended:
            self._why_ended = reason
            logger.info("%s was ended: %s", self.name, reason)
            self._cancel(reason)

    def _cancel(self, reason: str) -> None:
        """Cancel the method, repeatedly if it is still running after its time for clean-up."""
        if self._cancellation is not None:
            self._cancellation.stop()
        self._cancellation = cancellation.cancel(self.task, reason, grace=conf.END_SECONDS)

    def revoke(self, revoked: Revoked) -> None:
        """End the stream if it runs on that credential."""
        if not self._opened:
            self._revoked.append(revoked)
        elif _is_over(self._invocation, revoked):
            lost = f"its user lost a scope of {sorted(revoked.scopes)}"
            self.end(lost if revoked.scopes else "its credential was revoked")

    async def check(self) -> None:
        """End the stream if its credential is no longer valid. Called when revocations may have been missed."""
        if not self._opened:
            self._revoked.append(None)
        elif self._invocation.call.identity is not None:
            try:
                identity = await dispatch.recheck(self._invocation, self._opening.authorization)
                self.good_until = self._good_until(identity, self._invocation.target)
            except (NotSignedIn, ScopeMissing):
                self.end("its credential is no longer valid")
            except Exception:
                self.good_until = time.monotonic() + LOOK_AGAIN_SECONDS
                logger.exception("the credential of %s could not be checked", self.name)

    # Opening ------------------------------------------------------------------------------------------------------

    async def _open(self) -> OpenResult:
        """Prepare to run the method. Return the reason if it can't run."""
        opening = self._opening
        try:
            self._invocation = await self._enter()
            # The arguments can be as long as the frame and are not needed again.
            self._opening = structs.replace(opening, arguments="")
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
            return "authorizationDeclined"  # the wire has no result for a failure of the server
        self._opened = True
        return "success"

    def _refused(self, result: OpenResult, error: PodiumError) -> OpenResult:
        logger.info("%s was not opened for %s: %s", self.name, self._address, error.message)
        return result

    async def _enter(self) -> Invocation:
        """Enter the call. If its credential is revoked in the meantime, resolve it again, once."""
        opening = self._opening
        target = targets.find(opening.endpoint, opening.method)
        inputs = self._make_inputs(target)
        invocation = await dispatch.enter(
            target,
            "stream",
            opening.authorization,
            self._raw_arguments,
            inputs=inputs,
            headers=self._headers,
            address=self._address,
            limit=self._count,
        )
        if self._was_revoked(invocation):
            self._revoked.clear()
            await dispatch.admit(target, invocation.call, opening.authorization)
            if self._was_revoked(invocation):
                raise NotSignedIn
        self.good_until = self._good_until(invocation.call.identity, target)
        self._inputs = inputs  # only now, so that no input is kept for a stream that may not be opened
        return invocation

    def _count(self, identity: Identity) -> None:
        if not self._admits(identity.user_id):
            raise TooManySockets(user=identity.user_id)

    def _was_revoked(self, invocation: Invocation) -> bool:
        return any(_is_over(invocation, revoked) for revoked in self._revoked)

    def _good_until(self, identity: Identity | None, target: Target) -> float:
        """Return the time, by time.monotonic(), when the credential must be checked again."""
        if identity is None:
            return math.inf
        now = time.monotonic()
        times = [math.inf]
        if identity.operator:
            times.append(now + LOOK_AGAIN_SECONDS)
        if target.entry.required_scopes:
            times.append(now + LOOK_AT_SCOPES_SECONDS)
        if identity.expires_at is not None:
            times.append(now + (identity.expires_at - clock.now()).total_seconds())
        return min(times)

    def _make_inputs(self, target: Target) -> dict[str, Input]:
        sent = set(self._opening.inputs)
        return {
            each.wire_name: Input(each.type.arguments[0], self._input_closer(each.wire_name))
            for each in target.method.parameters
            if each.type.name == "Stream" and each.wire_name in sent
        }

    def _input_closer(self, name: str) -> Callable[[], Awaitable[None]]:
        return lambda: self._send(self._writer.closed("done", name))

    def _raw_arguments(self) -> dict[str, Any]:
        raw = codecs.loads(self._opening.arguments)
        if not isinstance(raw, dict):
            raise InvalidArguments(text=f"{self.name}: the arguments: expected a JSON object")
        return raw

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
            pass  # the client is gone
        except asyncio.CancelledError:
            if not self._why_ended:
                raise
            with contextlib.suppress(SocketClosed):
                if not answered:
                    await self._send(self._writer.opened("authenticationFailed"))
                else:
                    await self._send(self._writer.closed("error"))

    async def _run_method(self) -> None:
        """Run the method to its end, report the outcome to the client, and record it in the span."""
        invocation = self._invocation
        identity = invocation.call.identity
        with observe.span("stream", invocation.target.name) as span:
            if identity is not None:
                identity.note_in(span)
            try:
                if invocation.target.method.returns.name == "Stream":
                    async with invocation.values() as iterator:
                        await self._send_all(iterator)
                else:
                    await self._send(self._frame(await invocation.result()))
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
        """Send a value of a relay if that need not wait. Called by the hub, while this stream's task waits."""
        try:
            return self._write(self._frame(value))
        except Exception:  # noqa: BLE001  the task gets the value then, fails as well, and tells why
            return False

    def _frame(self, value: Any) -> str:
        target = self._invocation.target
        return self._writer.value(values.encode(target.result.type, value, target.endpoint.module))

    async def _failed(self, error: Exception, span: observe.Span) -> None:
        """Record the method's failure and report it to the client; a declared exception is sent itself."""
        if isinstance(error, SerializableException):
            span.error = f"{type(error).__name__}: {error}"
            try:
                await self._send(self._writer.failure(values.encode_exception(error)))
            except WireError:
                logger.exception("%s raised an exception that can't be sent", self.name)
        else:
            span.error = traceback.format_exc()
            if isinstance(error, PodiumError) and not isinstance(error, WireError):
                logger.warning("%s ended with an error: %s %s", self.name, error, error.details)
            else:
                logger.exception("%s failed", self.name)
        shown = None if isinstance(error, SerializableException) else tracebacks.described(error)
        await self._send(self._writer.closed("error", error=shown and shown["error"]))


def _is_over(invocation: Invocation, revoked: Revoked | None) -> bool:
    """Return whether a revocation ends this stream; with None, whether any could."""
    identity = invocation.call.identity
    if identity is None:
        return False
    required = invocation.target.entry.required_scopes
    return revoked is None or revoked.ends(identity.user_id, identity.token_id, required)
