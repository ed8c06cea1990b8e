"""Calls over HTTP: the request read and checked, the outcome as the wire says. Raw ASGI, before Django's middleware.

The table of outcomes is in docs/reference/wire.md.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from base64 import b64encode
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from django.core.exceptions import ImproperlyConfigured

from podium.core import cancellation, observe
from podium.core.cancellation import Cancellation
from podium.core.errors import PodiumError
from podium.database import failures
from podium.endpoints import (
    arguments,
    bodies,
    cors,
    dispatch,
    middleware,
    quotas,
    rates,
    targets,
    tracebacks,
)
from podium.endpoints.addresses import client_address
from podium.endpoints.bodies import ClientGone, EagerCoroutine
from podium.endpoints.conf import conf
from podium.endpoints.cors import ERROR_CODE, Headers
from podium.endpoints.dispatch import Invocation
from podium.endpoints.errors import (
    NAME_SHOWN,
    BadRequest,
    BodyTooLarge,
    BodyTooSlow,
    EndpointNotFound,
    MethodNotAllowed,
)
from podium.endpoints.rates import Usage
from podium.endpoints.registry import registry
from podium.endpoints.targets import Target
from podium.wire.classes import SerializableException
from podium.wire.codecs import dumps, encode_dynamic, loads
from podium.wire.errors import WireError
from podium.wire.unreadable import UnreadableValue

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
"""Types of ASGI, for middleware around the whole server."""

logger = logging.getLogger("podium.calls")

JSON = (b"content-type", b"application/json; charset=utf-8")
TEXT = (b"content-type", b"text/plain; charset=utf-8")
NOT_SNIFFED = (b"x-content-type-options", b"nosniff")

WATCH_AFTER_SECONDS = 0.05
"""Longer calls watch for the client to disconnect; most calls end earlier and need not."""

CLEAN_UP_SECONDS = 5.0
"""Time for clean-up after the client has gone, before the call is cancelled again."""


def prepare() -> None:
    """Read all endpoints at start rather than at the first call. Raises BadEndpoints, ImproperlyConfigured."""
    registry().definitions()
    check_settings()


def check_settings() -> None:
    """Raise ImproperlyConfigured for an invalid rate, middleware or number of proxies."""
    middleware.load(tuple(conf.MIDDLEWARE))
    try:
        if conf.RATE:
            rates.parse(conf.RATE)
    except ValueError as error:
        raise ImproperlyConfigured(f"ENDPOINTS_RATE: {error}") from None
    if conf.TRUSTED_PROXIES < 0:
        raise ImproperlyConfigured(
            f"ENDPOINTS_TRUSTED_PROXIES is {conf.TRUSTED_PROXIES}; set it to the number of proxies, or 0"
        )


def is_endpoint(path: str) -> bool:
    """Return whether the path is an endpoint's: its first segment is the name of one."""
    return registry().has(path[1:].partition("/")[0])


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI 3, HTTP only."""
    headers = headers_of(scope["headers"])
    if scope["method"] == "OPTIONS":
        await _answer(send, 200, b"", cors.of_preflight(headers))
        return
    limits: Headers = []
    status, body, more = await _outcome(scope, receive, headers, limits)
    if status:
        more = [*more, *limits]
        await _answer(send, status, body, [*more, *cors.exposing(more), *cors.of_call(headers)])


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer for a path that is neither an endpoint nor a page, to a call and to the preflight before it."""
    headers = headers_of(scope["headers"])
    if scope["method"] == "OPTIONS":
        await _answer(send, 200, b"", cors.of_preflight(headers))
        return
    name = scope["path"][1:].partition("/")[0]
    error = EndpointNotFound(text=f"Endpoint not found: {name[:NAME_SHOWN]!r}.")
    await _answer(send, error.status, error.message.encode(), [TEXT, *cors.of_call(headers)])


def headers_of(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers with names in lower case, as in ASGI; the values of a repeated header are joined with commas."""
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


async def _outcome(
    scope: Scope, receive: Receive, headers: dict[str, str], limits: Headers
) -> tuple[int, bytes, Headers]:
    """Status, body and its headers; status 0 if the client is gone. Adds what is left of the quotas to `limits`."""
    endpoint, _, method = scope["path"][1:].partition("/")
    with observe.span("call", f"{endpoint}.{method[:NAME_SHOWN]}" if method else endpoint) as span:
        try:
            body = await _called(scope, receive, headers, endpoint, method, span, limits)
            span.status = 200
            return 200, body, [JSON]
        except SerializableException as error:
            return _declared(error, span)
        except WireError:  # raised by the method itself: invalid input from clients is InvalidArguments
            return _failed(span)
        except PodiumError as error:
            span.status, span.error = error.status, f"{type(error).__name__}: {error}"
            if isinstance(error, UnreadableValue):
                logger.error("%s: %s", span.name, error)
            return error.status, *_refusal(error)
        except ClientGone:
            span.error = "ClientGone: the client closed the connection before it had its answer"
            return 0, b"", []
        except Exception as error:  # noqa: BLE001  logged in there
            refusal = failures.refusal(error)
            return _failed(span) if refusal is None else _refused_by_database(refusal, error, span)


def _refused_by_database(
    refusal: PodiumError, error: Exception, span: observe.Span
) -> tuple[int, bytes, Headers]:
    """Answer errors that are not the method's fault. There may be many of them, so no tracebacks are logged."""
    span.status, span.error = refusal.status, f"{type(refusal).__name__}: {error}"
    logger.warning("%s: %s", span.name, refusal.message)
    return refusal.status, *_refusal(refusal)


def _declared(error: SerializableException, span: observe.Span) -> tuple[int, bytes, Headers]:
    try:
        body = dumps(encode_dynamic(error))
    except WireError:
        return _failed(span)
    span.status, span.error = 400, f"{type(error).__name__}: {error}"
    return 400, body, [JSON]


def _refusal(error: PodiumError) -> tuple[bytes, Headers]:
    """Body and headers for an error whose text clients may see."""
    if error.status == 401:
        return b"", [(b"www-authenticate", b"Bearer")]
    if error.status == 403:
        return b"", []
    text = error.message.encode()
    if isinstance(error, BodyTooLarge | BodyTooSlow):
        return text, [TEXT, (b"connection", b"close")]  # the rest of the body is not awaited
    if isinstance(error, MethodNotAllowed):
        return text, [TEXT, (b"allow", b"POST, OPTIONS")]
    headers = [TEXT, (ERROR_CODE, error.code.encode())]
    if "retry_after" in error.details:
        after = str(error.details["retry_after"]).encode()
        headers += [(b"retry-after", after)]
    return text, headers


def _failed(span: observe.Span) -> tuple[int, bytes, Headers]:
    """Send the failure to the log and the span, and in development to the client. Call it in an except block."""
    span.status, span.error = 500, traceback.format_exc()
    logger.exception("%s failed", span.name)
    error = sys.exception()
    body = b"" if error is None else tracebacks.body(error)
    return 500, body, [JSON] if body else []


async def _called(
    scope: Scope,
    receive: Receive,
    headers: dict[str, str],
    endpoint: str,
    method: str,
    span: observe.Span,
    limits: Headers,
) -> bytes:
    if scope["method"] != "POST":
        raise MethodNotAllowed  # arguments of a GET, including passwords, would be in the logs of every proxy
    sizes = registry().sizes
    limit = sizes.get((endpoint, method), conf.MAX_BODY_BYTES) if sizes else conf.MAX_BODY_BYTES
    address = partial(client_address, scope)
    body = await bodies.read(receive, headers.get("content-length", ""), limit, address)
    raw = _arguments(body)
    query = _query(scope["query_string"]) if scope["query_string"] else {}
    if not method:
        method = str(query.get("method") or raw.get("method") or "")
        span.name = f"{endpoint}.{method[:NAME_SHOWN]}"
        if len(body) > (limit := sizes.get((endpoint, method), limit)):
            raise bodies.too_large(limit)
    header = headers.get("authorization")
    if header is None and conf.KEY_IN_BODY:
        header = _key_in(raw)
    target = targets.find(endpoint, method)
    invocation = await dispatch.enter(
        target,
        "call",
        header,
        (lambda: raw | arguments.from_texts(target, query)) if query else lambda: raw,
        headers=headers,
        address=client_address(scope),
    )
    try:
        result = await _result(target, invocation, receive)
    finally:
        if usage := invocation.call.usage:
            limits += _of_quotas(target, usage)
    return dumps(arguments.encode_result(target, result))


def _of_quotas(target: Target, usage: Sequence[Usage]) -> Headers:
    """The headers that report what is left of a method's quotas."""
    found = quotas.headers(quotas.of_method(target.entry.quotas), usage)
    return [(name.encode(), value.encode()) for name, value in found.items()]


async def _result(target: Target, invocation: Invocation, receive: Receive) -> Any:
    if target.is_async:
        return await _unless_gone(receive, invocation.result())
    if invocation.call.identity is not None:
        return await invocation.result()
    async with _threads_of_strangers():
        return await invocation.result()


def _threads_of_strangers() -> asyncio.Semaphore:
    """Three quarters of the threads, so that a flood of anonymous calls leaves some for signed-in users."""
    loop = asyncio.get_running_loop()
    if (found := _strangers.get(loop)) is None:
        found = _strangers[loop] = asyncio.Semaphore(max(1, conf.THREADS * 3 // 4))
    return found


_strangers: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def _unless_gone(receive: Receive, work: Coroutine[Any, Any, Any]) -> Any:
    """The result of `work`, which is cancelled when the client closes the connection. Raises ClientGone."""
    started = EagerCoroutine(work)
    if started.done:
        return started.result
    task = asyncio.current_task()
    assert task is not None
    gone: Cancellation | None = None

    async def watch() -> None:
        nonlocal gone
        await _disconnect(receive)
        gone = cancellation.cancel(task, grace=CLEAN_UP_SECONDS)

    watchers: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    timer = loop.call_later(WATCH_AFTER_SECONDS, lambda: watchers.append(loop.create_task(watch())))
    try:
        return await started
    except asyncio.CancelledError:
        if gone and gone.take_back():
            raise ClientGone from None
        raise
    finally:
        timer.cancel()
        for watcher in watchers:
            cancellation.cancel(watcher)
        if gone:
            gone.stop()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _key_in(raw: dict[str, Any]) -> str | None:
    """The Authorization header that a current client would send for the key in the body. Never a key from the query."""
    key = raw.get("auth")
    return f"Basic {b64encode(key.encode()).decode()}" if isinstance(key, str) and key else None


def _query(text: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(text.decode(errors="replace"), keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        raise BadRequest(text="The query has more than 1000 fields.") from None


def _arguments(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        raw = loads(body)
    except WireError as error:
        raise BadRequest(text=f"The body: {error}") from None
    if not isinstance(raw, dict):
        raise BadRequest(text="The body is not a JSON object of the method's arguments.")
    return raw


async def _answer(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, NOT_SNIFFED, *headers]})
    await send({"type": "http.response.body", "body": body})
