"""The two entries of generated resources: Django's for sessions, and the server's own for tokens.

Both run in the test's own thread and transaction.
"""

from __future__ import annotations

import json
import types
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from asgiref.sync import async_to_sync
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import clear_url_caches, include, path, set_urlconf

from accounts.models import User
from podium.access import Caller, Rules, SignedIn
from podium.access import rules as rule_classes
from podium.endpoints.calls import Identity
from podium.endpoints.threads import in_callers_thread
from podium.rest import urls
from podium.rest.resources import asgi
from tests.rest.shelf.models import Bookcase, ShelfBook
from tests.rows import world


@dataclass
class Reply:
    """An answer of either entry."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content) if self.content else None

    @property
    def error(self) -> dict[str, Any]:
        return self.body["error"]


@dataclass
class Door:
    """Sends requests through one entry, as one user or nobody."""

    send: Callable[..., Reply]
    by: Caller | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, bytes):
            content = body
        else:
            content = b"" if body is None else json.dumps(body).encode()
            if body is not None:
                named.setdefault("content-type", "application/json")
        return self.send(self.by, method, address, content, {**self.headers, **named})

    def get(self, address: str, **headers: str) -> Reply:
        return self("GET", address, **headers)

    def post(self, address: str, body: Any, **headers: str) -> Reply:
        return self("POST", address, body, **headers)

    def patch(self, address: str, body: Any, **headers: str) -> Reply:
        return self("PATCH", address, body, **headers)

    def delete(self, address: str, **headers: str) -> Reply:
        return self("DELETE", address, **headers)


@contextmanager
def resources(settings: Any) -> Iterator[None]:
    """Rules for the models of tests/access/teams and tests/rest/shelf, and their resources below /api/."""
    with world.rules(), shelf_rules():
        urlconf: Any = types.ModuleType("tests.rest.urlconf")
        urlconf.urlpatterns = [path("api/", include(urls.patterns()))]
        settings.ROOT_URLCONF = urlconf
        settings.PODIUM_AUTHENTICATE = "tests.rest.doors.resolve"
        clear_url_caches()
        set_urlconf(None)
        yield
    clear_url_caches()


@contextmanager
def shelf_rules() -> Iterator[None]:
    """Rules of a library that all users keep together."""

    class ShelfRules(Rules[Bookcase]):
        read = create = update = delete = SignedIn
        filter = ["name"]
        expand = ["books"]
        plural = "shelves"

    class BookRules(Rules[ShelfBook]):
        read = create = update = delete = SignedIn
        filter = ["shelf", "title", "kind", "order", "price", "link", "loan", "printed_at"]
        expand = ["shelf"]

    yield
    rule_classes.forget(Bookcase, ShelfBook)


def user_of(by: Caller) -> User:
    """The user with the key of a caller."""
    found = User.objects.filter(pk=by.user_id).first()
    if found is None:
        found = User(pk=uuid.UUID(by.user_id), email=f"{by.user_id}@example.com")
        found.save(force_insert=True)
    found.groups.set([Group.objects.get_or_create(name=name)[0] for name in by.scopes])
    return found


def through_django(
    by: Caller | None, method: str, address: str, content: bytes, headers: dict[str, str]
) -> Reply:
    """Send a request with a session's cookie."""
    client = Client(raise_request_exception=True)
    if by is not None:
        client.force_login(user_of(by))
    type = headers.pop("content-type", "")
    response = client.generic(method, address, content, type, headers=headers)
    return Reply(
        response.status_code,
        {name.lower(): value for name, value in response.headers.items()},
        response.content,
    )


def through_server(
    by: Caller | None, method: str, address: str, content: bytes, headers: dict[str, str]
) -> Reply:
    """Send a request with a token. Django answers those that are not for the server's own entry."""
    path = address.partition("?")[0]
    if by is None or not asgi.is_direct(scope_of(method, path, headers={"authorization": "Bearer x"})):
        return through_django(by, method, address, content, headers)
    token = f"Bearer {by.user_id}/{','.join(by.scopes)}"
    return raw(method, address, content, {"authorization": token, **headers})


def scope_of(method: str, path: str, query: str = "", *, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 5),
    }


def raw(method: str, address: str, content: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
    """Send a request to the server's own entry."""
    path, _, query = address.partition("?")
    lengths = {"content-length": str(len(content))} if content else {}
    scope = scope_of(method, path, query, headers={**(headers or {}), **lengths})
    assert asgi.is_direct(scope), "the request would go to Django"
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content}

    async def send(message: Any) -> None:
        sent.append(message)

    token = in_callers_thread.set(True)
    try:
        async_to_sync(asgi.application)(scope, receive, send)
    finally:
        in_callers_thread.reset(token)
    start, body = sent
    answered = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Reply(start["status"], answered, body["body"])


async def resolve(token: str) -> Identity | None:
    """The identity behind a token of `through_server`: the user's key, and scopes."""
    key, _, scopes = token.partition("/")
    return Identity(key, frozenset(scopes.split(",")) - {""}) if key else None
