"""One open method stream: runs the method, sends what it yields, hands it what the client sends. No socket, no frames' text.

Its `send` waits until the socket has taken the frame: a slow reader holds up the method, not the memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from core import observe
from core.errors import PodiumError
from endpoints import dispatch
from endpoints.calls import Call, Identity
from endpoints.dispatch import Target
from endpoints.errors import EndpointNotFound, MethodNotFound, NotSignedIn, ScopeMissing
from realtime import values
from realtime.conf import conf
from realtime.errors import InputFailed, InputInvalid, SocketClosed
from realtime.frames import Close, Failure, Open, OpenResult, Value, Writer
from schema import codecs
from schema.errors import WireError
from schema.types import TypeRef
from schema.wire import SerializableException

logger = logging.getLogger("podium.streams")

Send = Callable[[str], Awaitable[None]]
_END = object()


class Input:
    """A stream that the client sends: what waits is bounded, and read by the method as an async iterator."""

    def __init__(self, type_ref: TypeRef) -> None:
        self.type = type_ref
        self._waiting: asyncio.Queue[Any] = asyncio.Queue(conf.INPUT_QUEUE)
        self.ended = False

    async def put(self, item: Any) -> bool:
        """Add a value, an exception or the end. False where the method has not made room for REALTIME_INPUT_SECONDS."""
        try:
            async with asyncio.timeout(conf.INPUT_SECONDS):
                await self._waiting.put(item)
        except TimeoutError:
            return False
        return True

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._read()

    async def _read(self) -> AsyncIterator[Any]:
        while (item := await self._waiting.get()) is not _END:
            if isinstance(item, Exception):
                raise item
            yield item


class Stream:
    """A method that runs for one `omsc` of a client, from its answer to its end."""

    def __init__(
        self,
        target: Target,
        call: Call,
        inputs: dict[str, Input],
        arguments: dict[str, Any],
        writer: Writer,
        send: Send,
    ) -> None:
        self.target = target
        self.call = call
        self.inputs = inputs
        self.writer = writer
        self._arguments = arguments
        self._send = send
        self._revoked = False

    async def run(self) -> None:
        """Run the method to its end and tell the client how it ended. Cancelled when the client wants no more."""
        with observe.span("stream", self.target.name) as span:
            span.user_id = self.call.identity.user_id if self.call.identity else ""
            try:
                await self._run_method()
            except SerializableException as error:
                span.error = f"{type(error).__name__}: {error}"
                await self._send(self.writer.failure(values.encode_exception(error)))
                await self._send(self.writer.closed("error"))
            except asyncio.CancelledError:
                if not self._revoked:
                    raise
                span.error = "Revoked: the credential is no longer good"
                await self._send(self.writer.closed("error"))
            except SocketClosed:
                span.error = "SocketClosed: the client was gone"
            except Exception as error:
                span.error = traceback.format_exc()
                if not isinstance(error, PodiumError):
                    logger.exception("%s failed", span.name)
                await self._send(self.writer.closed("error"))

    async def _run_method(self) -> None:
        returned = self.target.method.returns
        outcome = dispatch.invoke(self.target, self.call, self._arguments)
        if returned.name == "Stream":
            async with contextlib.aclosing(outcome):
                async for value in outcome:
                    await self._send(self.writer.value(values.encode(returned.arguments[0], value)))
        else:
            value = await outcome
            await self._send(self.writer.value(values.encode(returned, value)))
        await self._send(self.writer.closed("done"))

    def revoke(self, task: asyncio.Task[None]) -> None:
        """End it with an error, since its credential is no longer good."""
        self._revoked = True
        task.cancel()

    async def take(self, frame: Value | Failure | Close) -> bool:
        """Hand a frame of the client to its input stream. False where there is none that takes it."""
        source = self.inputs.get(frame.parameter or "")
        if source is None or source.ended:
            return False
        if isinstance(frame, Value):
            try:
                item: Any = values.decode(source.type, bytes(frame.value))
            except WireError as error:
                item = InputInvalid(reason=str(error))
        elif isinstance(frame, Failure):
            item = _exception(bytes(frame.exception))
        else:
            item = _END if frame.reason == "done" else InputFailed()
        source.ended = not isinstance(frame, Value) or isinstance(item, Exception)
        return await source.put(item)


def _exception(text: bytes) -> Exception:
    """The exception that the client raised in its stream: a declared one, or that it failed."""
    try:
        decoded = codecs.decode_dynamic(codecs.loads(text))
    except WireError as error:
        return InputInvalid(reason=str(error))
    return decoded if isinstance(decoded, SerializableException) else InputFailed()


async def open_stream(
    frame: Open, default_header: str | None, headers: dict[str, str], address: str, writer: Writer, send: Send
) -> Stream | OpenResult:
    """The stream that a frame asks for, ready to run; or why not."""
    try:
        target = dispatch.find(frame.endpoint, frame.method)
    except (EndpointNotFound, MethodNotFound):
        return "endpointNotFound"
    if not target.method.streams:
        return "endpointNotFound"
    try:
        identity = await dispatch.authenticate(frame.authorization or default_header)
        dispatch.authorize(target, identity)
    except ScopeMissing:
        return "authorizationDeclined"
    except (NotSignedIn, PodiumError):
        return "authenticationFailed"
    wanted = {
        each.wire_name: each.type.arguments[0]
        for each in target.method.parameters
        if each.type.name == "Stream"
    }
    inputs = {name: Input(kind) for name, kind in wanted.items() if name in frame.inputs}
    try:
        raw = codecs.loads(frame.arguments)
        if not isinstance(raw, dict):
            return "invalidArguments"
        arguments = dispatch.decode_arguments(
            target, raw, {name: aiter(each) for name, each in inputs.items()}
        )
    except PodiumError as error:
        logger.info("%s was not opened: %s", target.name, error.message)
        return "invalidArguments"
    call = Call(frame.endpoint, frame.method, identity, headers, address)
    return Stream(target, call, inputs, arguments, writer, send)


def matches(identity: Identity | None, user_id: str, token_id: str) -> bool:
    """Whether a stream of this identity ends when that user's credentials, or that one token, are revoked."""
    if identity is None:
        return False
    return identity.user_id == user_id and (not token_id or identity.token_id == token_id)
