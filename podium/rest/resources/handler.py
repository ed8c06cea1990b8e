"""Requests that read, and the checks that all requests pass. Reads run in sync code and on the event loop."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from podium.access.conditions import Action
from podium.access.errors import SignInNeeded
from podium.core import observe
from podium.core.errors import PodiumError
from podium.endpoints import threads
from podium.rest.resources import changes, forms, parameters, versions
from podium.rest.resources.errors import MethodRefused
from podium.rest.resources.messages import Answer, Request
from podium.rest.resources.registry import READING, Resource
from podium.rows import reading
from podium.rows.queries import Query
from podium.wire.codecs import dumps

Steps = Generator[Query, list[Any], Answer]
CACHING = {"Cache-Control": "private, no-cache"}
"""Of everything that is read: browsers keep it and ask with the ETag, proxies do not keep it."""


def respond(resource: Resource, request: Request) -> Answer:
    """Answer a request in sync code. Raises PodiumError."""
    action = check(resource, request)
    if action == "read":
        return reading.run(read(resource, request))
    return changes.change(resource, request, action)


async def arespond(resource: Resource, request: Request) -> Answer:
    """Answer a request on the event loop; changes run on a thread. Raises PodiumError."""
    action = check(resource, request)
    if action == "read":
        return await reading.arun(read(resource, request))
    return await threads.run(partial(changes.change, resource, request, action))


def method_of(method: str) -> str:
    """The method of a request: HEAD is GET."""
    return "GET" if method in READING else method


def name_of(resource: Resource, method: str, key: str | None) -> str:
    """The name of a request in the call log."""
    return f"{method[:20]} {resource.address()}" + ("" if key is None else "/{id}")


def rate_of(resource: Resource, method: str) -> str:
    """The name under which requests are counted for ENDPOINTS_RATE."""
    return f"rest:{method}:{resource.path}"


def note_refusal(error: PodiumError, span: observe.Span) -> None:
    """Record that a request was refused."""
    span.status, span.error = error.status, f"{type(error).__name__}: {error}"


def check(resource: Resource, request: Request) -> Action:
    """Return the action of a request. Raises MethodRefused (405), SignInNeeded (401)."""
    methods = resource.methods(one=request.key is not None)
    action = methods.get(request.method)
    if action is None:
        allowed = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
        raise MethodRefused(
            text=f"Not a method of this resource: {request.method[:20]}.", allow=", ".join(allowed)
        )
    if request.call.identity is None and resource.is_closed_to_strangers(action):
        raise SignInNeeded
    return action


# Reading --------------------------------------------------------------------------------------------------------------


def read(resource: Resource, request: Request) -> Steps:
    """Read a row or a list."""
    return _list(resource, request) if request.key is None else _row(resource, request)


def _list(resource: Resource, request: Request) -> Steps:
    versions.refuse_conditions(request.headers)
    found = parameters.of_list(resource, request.query)
    page = yield from reading.page(found.asked, request.by)
    write = forms.writer(resource.model, found.view)
    body: dict[str, Any] = {"results": [write(row) for row in page.rows], "next": page.next or None}
    if found.count:
        body["count"] = yield from reading.count(found.asked, request.by)
    headers = dict(CACHING)
    if page.next:
        following = urlencode(parameters.read(request.query) | {"after": page.next})
        headers["Link"] = f'<{request.path}?{following}>; rel="next"'
    return Answer(200, dumps(body), headers)


def _row(resource: Resource, request: Request) -> Steps:
    view = parameters.of_row(resource, request.query)
    key = resource.key_of(request.key or "")
    row = yield from reading.row(resource.model, key, request.by, view.expand, versions=True)
    tag = versions.etag(row, view)
    versions.check_read(request.headers, tag)
    headers = CACHING | {"ETag": tag}
    if versions.is_known(request.headers, tag):
        return Answer(304, b"", headers)
    return Answer(200, dumps(forms.writer(resource.model, view)(row)), headers)
