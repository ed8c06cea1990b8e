"""From names and raw arguments to a method's result: find, authenticate, authorize, decode, invoke, encode. No HTTP."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextvars
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from endpoints.calls import Call, Identity
from endpoints.conf import EndpointsSettings
from endpoints.definitions import EndpointDefinition, MethodDefinition
from endpoints.errors import BadAuthorizationHeader, InvalidArguments, NotSignedIn, ScopeMissing
from endpoints.registry import Entry, registry
from schema.codecs import Codec, codec
from schema.errors import WireError

Authenticate = Callable[[str], Awaitable[Identity | None]]
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Argument:
    """How one argument is read: its name on the wire and in Python, its codec (None: a stream)."""

    wire_name: str
    name: str
    codec: Codec | None
    required: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A method, ready to be called. name: "notes.listNotes", as logs and spans have it."""

    endpoint: EndpointDefinition
    method: MethodDefinition
    name: str
    entry: Entry
    arguments: tuple[Argument, ...]
    result: Codec
    is_async: bool


def find(endpoint: str, method: str) -> Target:
    """Raises EndpointNotFound (404), MethodNotFound (400)."""
    target = _targets.get((endpoint, method))
    if target is None:
        target = _targets[endpoint, method] = make_target(registry().find(endpoint, method))
    return target


_targets: dict[tuple[str, str], Target] = {}  # only names that exist get in, so it is bounded


def make_target(entry: Entry) -> Target:
    """Build what a call of this method needs each time: codecs and the plan of its arguments."""
    endpoint, method = entry.endpoint, entry.method
    returned = method.returns.arguments[0] if method.returns.name == "Stream" else method.returns
    return Target(
        endpoint,
        method,
        name=f"{endpoint.module + '.' if endpoint.module else ''}{endpoint.name}.{method.wire_name}",
        entry=entry,
        arguments=tuple(
            Argument(
                wire_name=each.wire_name,
                name=each.name,
                codec=None if each.type.name == "Stream" else codec(each.type),
                required=each.required,
                nullable=each.type.nullable or each.type.name == "dynamic",
            )
            for each in method.parameters
        ),
        result=codec(returned),
        is_async=inspect.iscoroutinefunction(entry.function) or inspect.isasyncgenfunction(entry.function),
    )


# Who calls --------------------------------------------------------------------------------------------------------


@cache
def _resolver() -> Authenticate:
    resolver: Authenticate = import_string(settings.PODIUM_AUTHENTICATE)
    return resolver


async def authenticate(header: str | None) -> Identity | None:
    """The identity behind an Authorization header; None where there is no header.

    Raises BadAuthorizationHeader (400), NotSignedIn (401) for a credential that is not or no longer good.
    """
    if header is None:
        return None
    identity = await _resolver()(token_of(header))
    if identity is None:
        raise NotSignedIn
    return identity


def token_of(header: str) -> str:
    """The credential in `Bearer <token>` or `Basic <base64 of the key>`. Raises BadAuthorizationHeader."""
    scheme, _, value = header.strip().partition(" ")
    value = value.strip()
    if not value or " " in value:
        raise BadAuthorizationHeader
    if scheme.lower() == "bearer":
        return value
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise BadAuthorizationHeader from None
    raise BadAuthorizationHeader


def authorize(target: Target, identity: Identity | None) -> None:
    """Raises NotSignedIn (401), ScopeMissing (403)."""
    entry = target.entry
    if entry.require_login and identity is None:
        raise NotSignedIn
    if identity is not None and not entry.required_scopes <= identity.scopes:
        raise ScopeMissing


# Arguments and result ---------------------------------------------------------------------------------------------


def decode_arguments(
    target: Target, raw: Mapping[str, Any], inputs: Mapping[str, AsyncIterator[Any]] | None = None
) -> dict[str, Any]:
    """The method's keyword arguments. Unknown ones are ignored. Raises InvalidArguments (400)."""
    found: dict[str, Any] = {}
    for argument in target.arguments:
        if argument.codec is None:
            stream = (inputs or {}).get(argument.wire_name)
            if stream is None:
                raise InvalidArguments(
                    text=f"{target.name}: the input stream {argument.wire_name!r} is missing."
                )
            found[argument.name] = stream
            continue
        value = raw.get(argument.wire_name, _MISSING)
        if value is _MISSING or (value is None and not argument.nullable):
            if not argument.required:
                continue  # a null where none can be is what older clients send for "not given"
            if not argument.nullable:
                raise InvalidArguments(text=f"{target.name}: the argument {argument.wire_name!r} is missing.")
            value = None
        try:
            found[argument.name] = argument.codec.decode(value)
        except WireError as error:
            raise InvalidArguments(text=f"{target.name}: {argument.wire_name}: {error}") from None
    return found


def encode_result(target: Target, value: Any) -> Any:
    """Plain data for what a method gave, by its declared type: what clients may not see does not leave."""
    return target.result.encode(value)


# Running it -------------------------------------------------------------------------------------------------------


def invoke(target: Target, call: Call, arguments: Mapping[str, Any]) -> Any:
    """Run the method. Awaitable with its result; an async iterator where it returns a stream.

    Async methods run on the event loop, their ORM calls on a thread of this call's own. Sync ones take one hop to a
    fixed pool of threads. Either way a database connection goes back when the call ends.
    """
    function = target.entry.function
    if target.method.returns.name == "Stream":
        if target.is_async:
            return _stream(function, call, arguments)
        return _stream_on_threads(function, call, arguments)
    if target.is_async:
        return _on_the_loop(function, call, arguments)
    return _on_a_thread(partial(function, call, **arguments))


async def _on_the_loop(
    function: Callable[..., Awaitable[Any]], call: Call, arguments: Mapping[str, Any]
) -> Any:
    async with _OwnThread():
        return await function(call, **arguments)


async def _stream(
    function: Callable[..., AsyncIterator[Any]], call: Call, arguments: Mapping[str, Any]
) -> AsyncIterator[Any]:
    # No thread of its own: a stream may wait for hours, and must hold neither a thread nor a connection meanwhile.
    # Its ORM calls share the process's one thread for that, whose connection goes back when a stream ends.
    iterator = function(call, **arguments)
    try:
        async for value in iterator:
            yield value
    finally:
        if inspect.isasyncgen(iterator):
            await iterator.aclose()
        await sync_to_async(close_old_connections)()


async def _stream_on_threads(
    function: Callable[..., Iterator[Any]], call: Call, arguments: Mapping[str, Any]
) -> AsyncIterator[Any]:
    iterator = await _on_a_thread(lambda: iter(function(call, **arguments)))
    try:
        while (value := await _on_a_thread(partial(next, iterator, _MISSING))) is not _MISSING:
            yield value
    finally:
        if inspect.isgenerator(iterator):
            await _on_a_thread(iterator.close)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(EndpointsSettings().THREADS, thread_name_prefix="endpoints")


def _on_a_thread(function: Callable[[], Any]) -> Awaitable[Any]:
    context = contextvars.copy_context()
    return asyncio.get_running_loop().run_in_executor(
        _threads(), context.run, _returning_connections, function
    )


def _returning_connections(function: Callable[[], Any]) -> Any:
    try:
        return function()
    finally:
        close_old_connections()  # with CONN_MAX_AGE=0: back to the pool


class _OwnThread(ThreadSensitiveContext):
    """A thread of its own for the ORM of one async call, made when the ORM is first used, gone with the call.

    Without it all async ORM calls of the process would queue on one thread. A call without ORM pays next to nothing.
    """

    async def __aexit__(self, *error: Any) -> None:
        if self in SyncToAsync.context_to_thread_executor:  # the ORM was used: its connection goes back first
            await asyncio.shield(sync_to_async(close_old_connections)())
        await super().__aexit__(*error)
