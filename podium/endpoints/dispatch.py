"""The one entry for calls: HTTP calls, streams and tests pass through `enter` before a method runs. No HTTP here.

The size of what a client sends is limited before it gets here (http.py, bodies.py, realtime/websocket.py). A method's
rate is counted, and the middleware runs, when the invocation does (running.py).

Walk: docs/explanation/life-of-a-call.md
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal

from podium.core import observe
from podium.endpoints import arguments, authorization, credentials, running
from podium.endpoints.calls import NO_HEADERS, Call, CredentialExpired, Identity
from podium.endpoints.credentials import Credential
from podium.endpoints.errors import BadRequest, CallError, MethodNotFound, NotSignedIn
from podium.endpoints.targets import Target


@dataclass(slots=True)
class Invocation:
    """A call that may run: its method, its context and its decoded arguments."""

    target: Target
    call: Call
    arguments: dict[str, Any]

    def result(self) -> Coroutine[Any, Any, Any]:
        """Run a method that returns one result. Raises TooManyCalls (429), and the method's own exceptions."""
        return running.invoke(self.target, self.call, self.arguments)

    def values(self) -> AbstractAsyncContextManager[AsyncIterator[Any]]:
        """Run a method that returns a stream: its values are available within the block."""
        return running.values(self.target, self.call, self.arguments)


async def enter(
    target: Target,
    kind: Literal["call", "stream"],
    credential: Credential,
    read: Callable[[], Mapping[str, Any]],
    *,
    inputs: Mapping[str, AsyncIterator[Any]] | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
    address: str = "",
    limit: Callable[[Identity], None] | None = None,
) -> Invocation:
    """Check that a call may run, and decode its arguments. The checks that need no I/O come first.

    kind        "call" over HTTP, "stream" over the socket, which methods with input streams need too
    credential  an Authorization header, None without one; in tests an identity itself
    read        returns the raw arguments; called once the caller is authorized
    inputs      the input streams, by their names on the wire
    limit       raises if the caller has too many streams open; called before the arguments are read

    Raises BadRequest or MethodNotFound (400) for a method of the other kind, BadAuthorizationHeader (400), NotSignedIn
    and CredentialExpired (401), ScopeMissing, SignInUnfinished, ImpersonationRefused and ApiKeyRefused (403),
    InvalidArguments (400).
    """
    if target.method.streams != (kind == "stream"):
        raise _wrong_kind(target)
    call = Call(target.endpoint.name, target.method.wire_name, None, headers, address)
    await admit(target, call, credential)
    if limit is not None and call.identity is not None:
        limit(call.identity)
    return Invocation(target, call, arguments.decode(target, read(), inputs))


async def admit(target: Target, call: Call, credential: Credential) -> None:
    """Resolve the caller of a call, and check that the method is open to them."""
    if credential is not None:
        identity = call.identity = await credentials.identify(target, credential)
        if identity is not None and (span := observe.current()) is not None:
            identity.note_in(span)
    if (error := authorization.refusal(target.entry, call.identity)) is not None:
        await authorization.refuse(error, call, target.name)


async def recheck(invocation: Invocation, header: str | None) -> Identity:
    """Check the caller of a running stream again. Returns the present identity. Raises NotSignedIn, ScopeMissing.

    A stream lives as long as its sign-in, so an access token that has expired since does not end it.
    """
    try:
        identity = await credentials.authenticate(header)
    except CredentialExpired as expired:
        identity = expired.identity
    if identity is None:
        raise NotSignedIn
    target, call = invocation.target, invocation.call
    if (error := authorization.refusal(target.entry, identity)) is not None:
        present = Call(call.endpoint, call.method, identity, call.headers, call.address)
        await authorization.refuse(error, present, target.name)
    return identity


def _wrong_kind(target: Target) -> CallError:
    if target.method.streams:
        return BadRequest(text=f"{target.name} is a stream: open it over the WebSocket at /v1/websocket.")
    return MethodNotFound(text=f"{target.name} is not a stream: call it over HTTP.")
