"""From names and raw arguments to a method's result: find, authenticate, authorize, decode, invoke, encode. No HTTP."""

from __future__ import annotations

import base64
import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NoReturn

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from core import observe
from endpoints import middleware, rates, signals, threads
from endpoints.calls import Call, Identity
from endpoints.conf import conf
from endpoints.definitions import EndpointDefinition, MethodDefinition
from endpoints.errors import (
    BadAuthorizationHeader,
    BadResult,
    ImpersonationRefused,
    InvalidArguments,
    NotSignedIn,
    ScopeMissing,
    SignInUnfinished,
)
from endpoints.registry import Entry, registry
from schema.codecs import Codec, codec, loads
from schema.errors import WireError

Authenticate = Callable[[str], Awaitable[Identity | None]]
logger = logging.getLogger("podium.calls")

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
    endpoints = registry()
    target: Target | None = endpoints.targets.get((endpoint, method))
    if target is None:  # only names that exist get in, so it is bounded
        target = endpoints.targets[endpoint, method] = make_target(endpoints.find(endpoint, method))
    return target


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


@receiver(setting_changed)
def _forget(*, setting: str, **_: Any) -> None:
    if setting == "PODIUM_AUTHENTICATE":
        _resolver.cache_clear()


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


async def identify(target: Target, header: str | None) -> Identity | None:
    """Who makes a call of this method: nobody where clients send no credential, or where it need not be good."""
    if target.method.unauthenticated:  # to sign in, an old credential must be no obstacle
        return None
    try:
        identity = await authenticate(header)
    except NotSignedIn:
        if target.entry.credential_optional:
            return None
        raise
    if identity is not None and identity.unfinished and target.entry.credential_optional:
        return None  # an unfinished sign-in starts over and adds nothing to the account
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
        except ValueError:  # of base64, of UTF-8, or of a text that is not even ASCII
            raise BadAuthorizationHeader from None
    raise BadAuthorizationHeader


async def authorize(target: Target, call: Call) -> None:
    """Check that the caller may call this method. Every way to call a method uses this: calls, streams, tests.

    Raises NotSignedIn (401), ScopeMissing (403), SignInUnfinished (403), and, unless the method allows impersonation,
    ImpersonationRefused (403).
    """
    entry, identity = target.entry, call.identity
    if identity is None:
        if entry.require_login:
            raise NotSignedIn
        return
    if identity.operator and not entry.allow_impersonation:
        await threads.run(partial(refuse_impersonation, call, target.name))
    if identity.unfinished and not entry.unfinished_allowed:
        raise SignInUnfinished
    if not entry.required_scopes <= identity.scopes:
        raise ScopeMissing


def refuse_impersonation(call: Call, method: str) -> NoReturn:
    """Refuse an operator acting as a user, and send the signal for the audit log. Sync code only."""
    signals.impersonation_refused.send_robust(sender=Call, call=call, method=method)
    raise ImpersonationRefused


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


def from_texts(target: Target, texts: Mapping[str, str]) -> dict[str, Any]:
    """Raw arguments from a query string, where all are texts: what is no text to its type is read as JSON."""
    raw: dict[str, Any] = {}
    for argument in target.arguments:
        text = texts.get(argument.wire_name)
        if text is None or argument.codec is None:
            continue
        try:
            argument.codec.decode(text)
            raw[argument.wire_name] = text
        except WireError:
            raw[argument.wire_name] = _json_or_text(text)
    return raw


def _json_or_text(text: str) -> Any:
    try:
        return loads(text)
    except WireError:
        return text


def encode_result(target: Target, value: Any) -> Any:
    """Plain data for what a method gave, by its declared type: what clients may not see does not leave.

    Raises BadResult, which no client may see, where the method gave something else than it declares.
    """
    try:
        return target.result.encode(value)
    except WireError as error:
        declared = target.result.type
        raise BadResult(f"{target.name} is declared to give {declared}: {error}") from error


# Running it -------------------------------------------------------------------------------------------------------


def invoke(target: Target, call: Call, arguments: Mapping[str, Any]) -> Coroutine[Any, Any, Any]:
    """Run a method that gives one result. For one that gives a stream: `values`.

    Async methods run on the event loop, their ORM calls on threads (endpoints/threads.py). Sync ones take one hop to a
    thread. No thread and no connection is held by a method that only waits.
    """
    _mark_unlogged(target)
    rate = target.entry.rate or conf.RATE
    if not rate and not conf.MIDDLEWARE:
        return _run(target, call, arguments)
    return _guarded(target, call, rate, tuple(conf.MIDDLEWARE), partial(_run, target, call, arguments))


def values(
    target: Target, call: Call, arguments: Mapping[str, Any]
) -> AbstractAsyncContextManager[AsyncIterator[Any]]:
    """Run a method that gives a stream: within the block its values, at the end of it the method is closed.

    It gives the very iterator that the method returned, so that who sends the values can see what kind it is.
    """
    _mark_unlogged(target)
    rate = target.entry.rate or conf.RATE
    if not rate and not conf.MIDDLEWARE:
        return _values(target, call, arguments)
    run = partial(_values, target, call, arguments)
    return _guarded_values(target, call, rate, tuple(conf.MIDDLEWARE), run)


def _mark_unlogged(target: Target) -> None:
    if target.entry.unlogged and (span := observe.current()) is not None:
        span.recorded = False


async def _guarded(
    target: Target, call: Call, rate: str, paths: tuple[str, ...], run: Callable[[], Awaitable[Any]]
) -> Any:
    """Run a method within its rate and the middleware, whose ORM calls have a lane as those of the method have."""
    lane = threads.Lane()
    lane.enter()
    try:
        if rate:
            await rates.count(target.name, call, rates.parse(rate))
        return await middleware.around(paths, call, run)
    finally:
        lane.leave()


@asynccontextmanager
async def _guarded_values(
    target: Target,
    call: Call,
    rate: str,
    paths: tuple[str, ...],
    run: Callable[[], AbstractAsyncContextManager[AsyncIterator[Any]]],
) -> AsyncIterator[AsyncIterator[Any]]:
    """The same for a stream."""

    async def proceed() -> AsyncIterator[Any]:
        return _one_by_one(run())

    lane = threads.Lane()
    lane.enter()
    try:
        if rate:
            await rates.count(target.name, call, rates.parse(rate))
        if paths:
            iterator = await middleware.around(paths, call, proceed)
            try:
                yield iterator
            finally:
                await _close_iterator(iterator)
        else:
            async with run() as iterator:
                yield iterator
    finally:
        lane.leave()


async def _one_by_one(values: AbstractAsyncContextManager[AsyncIterator[Any]]) -> AsyncIterator[Any]:
    """For middleware, to which a stream is an iterator: the method is closed when there is no more."""
    async with values as iterator:
        async for value in iterator:
            yield value


async def _close(call: Call) -> None:
    """Run what the method registered with on_close."""
    for callback in call.closing or ():
        try:
            if inspect.iscoroutinefunction(callback):
                await callback()
            else:
                await threads.run(callback)
        except Exception:
            logger.exception("%s.%s: what on_close was given failed", call.endpoint, call.method)


async def _close_iterator(iterator: Any) -> None:
    if close := getattr(iterator, "aclose", None):  # plain iterators have none
        await close()


def _run(target: Target, call: Call, arguments: Mapping[str, Any]) -> Coroutine[Any, Any, Any]:
    run = _on_the_loop if target.is_async else _on_a_thread
    return run(target.entry.function, call, arguments)


async def _on_a_thread(function: Callable[..., Any], call: Call, arguments: Mapping[str, Any]) -> Any:
    try:
        return await threads.run(partial(function, call, **arguments))
    finally:
        if call.closing is not None:
            await _close(call)


async def _on_the_loop(
    function: Callable[..., Awaitable[Any]], call: Call, arguments: Mapping[str, Any]
) -> Any:
    lane = threads.Lane()
    lane.enter()
    try:
        return await function(call, **arguments)
    finally:
        if call.closing is not None:
            await _close(call)
        lane.leave()


@asynccontextmanager
async def _values(
    target: Target, call: Call, arguments: Mapping[str, Any]
) -> AsyncIterator[AsyncIterator[Any]]:
    lane = threads.Lane()
    if target.is_async:
        lane.enter()
    try:
        iterator = await _iterator(target, lane, call, arguments)
        try:
            yield iterator
        finally:
            await _close_iterator(iterator)
    finally:
        if call.closing is not None:
            await _close(call)
        lane.leave()


async def _iterator(
    target: Target, lane: threads.Lane, call: Call, arguments: Mapping[str, Any]
) -> AsyncIterator[Any]:
    """What a method that streams returned, whichever way it is written, as an async iterator."""
    function = target.entry.function
    if target.is_async:
        found = function(call, **arguments)
        if inspect.iscoroutine(found):
            found = await found
    else:
        found = await lane.run(partial(function, call, **arguments))
    if isinstance(found, AsyncIterator):
        return found
    if not target.is_async and isinstance(found, Iterable):
        return _from_threads(lane, found)
    raise BadResult(f"{target.name} is declared to give {target.method.returns}, and returned {found!r:.80}")


async def _from_threads(lane: threads.Lane, source: Iterable[Any]) -> AsyncIterator[Any]:
    iterator = await lane.run(lambda: iter(source))
    try:
        while (value := await lane.run(partial(next, iterator, _MISSING))) is not _MISSING:
            yield value
    finally:
        if inspect.isgenerator(iterator):
            await lane.run(iterator.close)
