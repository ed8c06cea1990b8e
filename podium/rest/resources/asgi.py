"""The entry before Django: for programs with a token. No middleware of Django, no threads for reads.

A request with a cookie goes to Django (viewsets.py), which checks its CSRF token. So does everything if the project has
its own authentication or throttles for REST.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rest_framework.settings import api_settings

from podium.core import observe
from podium.core.errors import PodiumError
from podium.database import failures
from podium.endpoints import authorization, bodies, cors, credentials, quotas, threads, tracebacks
from podium.endpoints.addresses import client_address
from podium.endpoints.asgi import NOT_SNIFFED, Message, Receive, Scope, Send, headers_of
from podium.endpoints.authorization import Rules
from podium.endpoints.bodies import ClientGone
from podium.endpoints.calls import Call, Identity
from podium.endpoints.conf import conf
from podium.endpoints.errors import BodyTooLarge, BodyTooSlow
from podium.rest import errors
from podium.rest.resources import handler
from podium.rest.resources.errors import ServerFailed, TokenRefused
from podium.rest.resources.messages import JSON, Answer, Request
from podium.rest.resources.registry import PREFIX, READING, Resource, resources
from podium.rest.throttles import RateLimits
from podium.wire.codecs import dumps
from podium.wire.unreadable import UnreadableValue

logger = logging.getLogger("podium.calls")

METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
WITH_BODY = frozenset(["POST", "PUT", "PATCH"])
BEARER = b"bearer "


def prepare() -> None:
    """Find the resources at start rather than at the first request."""
    resources()


def is_direct(scope: Scope) -> bool:
    """Test whether a request belongs here: one with a token and no cookie, or the preflight of such a request."""
    if not scope["path"].startswith(PREFIX):
        return False
    names = {name: value for name, value in scope["headers"]}
    if b"cookie" in names:
        return False
    if scope["method"] in METHODS:
        is_ours = names.get(b"authorization", b"")[: len(BEARER)].lower() == BEARER
    else:
        is_ours = scope["method"] == "OPTIONS" and b"access-control-request-method" in names
    return is_ours and _find(scope["path"]) is not None and _is_usual()


def _find(path: str) -> tuple[Resource, str | None] | None:
    """Return the resource of a path, and the text of the key in it."""
    name, slash, key = path[len(PREFIX) :].removesuffix("/").partition("/")
    resource = resources().get(name)
    if resource is None or "/" in key or (slash and not key) or not resource.methods(one=bool(key)):
        return None
    return resource, key or None


def _is_usual() -> bool:
    """Test whether REST identifies and counts callers in Podium's way."""
    classes: Iterable[Any] = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    throttles: Iterable[Any] = api_settings.DEFAULT_THROTTLE_CLASSES
    return any(getattr(each, "is_that_of_calls", False) for each in classes) and all(
        each is RateLimits for each in throttles
    )


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI 3, HTTP only."""
    found = _find(scope["path"])
    assert found is not None  # is_direct has found it
    resource, key = found
    headers = headers_of(scope["headers"])
    if scope["method"] == "OPTIONS":
        methods = resource.methods(one=key is not None)
        await _send(send, Answer(200), cors.of_resource_preflight(headers, methods))
        return
    answer = await _answer(resource, key, scope, receive, headers)
    if answer is not None:
        origin = cors.of_origin(headers.get("origin", ""))
        await _send(send, answer, origin, is_head=scope["method"] == "HEAD")


async def _answer(
    resource: Resource, key: str | None, scope: Scope, receive: Receive, headers: dict[str, str]
) -> Answer | None:
    """The answer, a refusal too; None if the client is gone."""
    method = handler.method_of(scope["method"])
    call = Call("rest", scope["path"], None, headers, client_address(scope))
    with observe.span("call", handler.name_of(resource, method, key)) as span:
        try:
            await _admit(resource, method, scope, call)
            body = await _body(method, scope, receive, call)
            request = Request(method, scope["path"], key, scope["query_string"], call, body)
            found = await _responded(resource, request)
            span.status = 200
        except ClientGone:
            span.error = "ClientGone: the client closed the connection before it had its answer"
            return None
        except Exception as error:  # noqa: BLE001  logged in there
            found = _refused(error, span)
    if not call.usage:
        return found
    return replace(found, headers={**found.headers, **quotas.headers(quotas.of_method(()), call.usage)})


async def _admit(resource: Resource, method: str, scope: Scope, call: Call) -> None:
    """Identify the caller, and count the request. Raises TokenRefused (401), CallError (403, 429)."""
    identity = call.identity = await _identified(call.headers["authorization"])
    if (span := observe.current()) is not None:
        identity.note_in(span)
    rules = Rules(allow_impersonation=method in READING, allow_api_keys=method in resource.api_key_methods)
    if error := authorization.refusal(rules, identity):
        await authorization.refuse(error, call, f"{scope['method']} {scope['path']}")
    if limits := quotas.of_method(()):
        await quotas.count(handler.rate_of(resource, method), call, limits)


async def _body(method: str, scope: Scope, receive: Receive, call: Call) -> bytes:
    if method not in WITH_BODY:
        return b""
    announced = call.headers.get("content-length", "")
    return await bodies.read(receive, announced, conf.MAX_BODY_BYTES, lambda: call.address)


async def _identified(header: str) -> Identity:
    """Return the caller. Raises TokenRefused (401)."""
    try:
        identity = await credentials.authenticate(header)
    except PodiumError as error:
        raise TokenRefused(text=error.message) from None
    if identity is None:
        raise TokenRefused
    return identity


async def _responded(resource: Resource, request: Request) -> Answer:
    executor = threads.SerialExecutor()
    executor.enter()  # so that reads need no thread
    try:
        return await handler.arespond(resource, request)
    finally:
        executor.leave()


def _refused(error: Exception, span: observe.Span) -> Answer:
    """The answer to an error. Call it in an except block."""
    refusal = error if isinstance(error, PodiumError) else failures.refusal(error)
    if refusal is None:
        span.status, span.error = 500, traceback.format_exc()
        logger.exception("%s failed", span.name)
        body = tracebacks.body(error) or dumps(errors.body_of(ServerFailed()))
        return Answer(500, body)
    handler.note_refusal(refusal, span)
    if isinstance(refusal, UnreadableValue):
        logger.error("%s: %s", span.name, refusal)
    elif refusal is not error:
        logger.warning("%s: %s", span.name, refusal.message)
    headers = errors.headers_of(refusal)
    if isinstance(refusal, BodyTooLarge | BodyTooSlow):
        headers["Connection"] = "close"  # the rest of the body is not awaited
    return Answer(refusal.status, dumps(errors.body_of(refusal)), headers)


async def _send(send: Send, answer: Answer, more: cors.Headers, *, is_head: bool = False) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers += [NOT_SNIFFED, *more, *cors.exposing(headers)]
    if answer.body:
        headers.append((b"content-type", JSON.encode()))
    if answer.status not in (204, 304):
        headers.append((b"content-length", str(len(answer.body)).encode()))
    start: Message = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
