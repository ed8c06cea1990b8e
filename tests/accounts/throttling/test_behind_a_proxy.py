"""Limits by address behind a proxy that writes `address:port`: each client counts as one address, on every path."""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import itertools
import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import websockets

from accounts.models import SecurityEvent
from tests import processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ALLOWED = 4
PORTS = itertools.count(30_000)
PASSWORD_TRIES = 21
"""One more than the free tries of an address in limits.FREE."""

Write = Callable[[int], str]


def of_v4(client: int) -> str:
    return f"198.51.100.{client}:{next(PORTS)}"


def of_v6(client: int) -> str:
    """Return another address of the same /64 network each time."""
    return f"[2001:db8:0:{client:x}::{next(PORTS):x}]:{next(PORTS)}"


def of_none(client: int) -> str:
    """Return another name that is not an address each time: RFC 7239 lets proxies write such names."""
    return f"_x{client}y{next(PORTS)}"


@pytest.fixture(scope="module", params=["", "127.0.0.1"], ids=["by-the-server", "by-uvicorn"])
def trusted(request: pytest.FixtureRequest) -> str:
    """The proxy that the server's uvicorn trusts; uvicorn then rewrites the peer address itself."""
    return str(request.param)


@pytest.fixture(scope="module")
def server(
    trusted: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[processes.Server]:
    """A server with low limits, counted apart from those of other servers."""
    folder, prefix = tmp_path_factory.mktemp("behind-a-proxy"), uuid.uuid4().hex
    (folder / "served.py").write_text(
        "from tests.settings import *\n"
        f"REALTIME_PREFIX = CACHES['default']['KEY_PREFIX'] = {prefix!r}\n"
        "ENDPOINTS_TRUSTED_PROXIES = 1\n"
        f"ENDPOINTS_RATE = '{10 * ALLOWED}/h'\n"
        f"REALTIME_SOCKETS_PER_ADDRESS = {ALLOWED}\n"
        f"_LIMIT = {{'address': '{ALLOWED}/h'}}\n"
        "ACCOUNTS_THROTTLE_RATES = dict.fromkeys(['registration', 'password_reset', 'anonymous', 'refresh'], _LIMIT)\n"
    )
    more = {"DJANGO_SETTINGS_MODULE": "served", "PYTHONPATH": str(folder)}
    with processes.server(folder, **more, FORWARDED_ALLOW_IPS=trusted) as running:
        yield running


def post(server: processes.Server, path: str, forwarded: str, given: Any, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    sent = {"X-Forwarded-For": f"203.0.113.66, {forwarded}", "Content-Type": "application/json", **headers}
    try:
        body = given if isinstance(given, str) else json.dumps(given)
        connection.request("POST", path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def form(server: processes.Server, path: str, forwarded: str, **fields: str) -> tuple[int, str]:
    """Post a page's form as a browser does. Any CSRF token works if the cookie and the form have the same one."""
    token = "a" * 32
    pairs = "&".join(f"{name}={value}" for name, value in {"csrfmiddlewaretoken": token, **fields}.items())
    head = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
    return post(server, path, forwarded, pairs, **head)


def headless(server: processes.Server, path: str, forwarded: str, **fields: str) -> tuple[int, str]:
    token = "a" * 32
    head = {"Cookie": f"csrftoken={token}", "X-CSRFToken": token}
    return post(server, f"/_allauth/browser/v1/{path}", forwarded, fields, **head)


def address() -> str:
    return f"nobody{next(PORTS)}@example.com"


Try = Callable[[processes.Server, str], tuple[int, str]]
CALLS: dict[str, tuple[int, Try]] = {
    "a method's rate": (10 * ALLOWED, lambda s, f: post(s, "/greeting/hello", f, {"name": "x"})),
    "signing up": (
        ALLOWED,
        lambda s, f: post(s, "/emailIdp/startRegistration", f, {"email": address()}),
    ),
    "a new password": (
        ALLOWED,
        lambda s, f: post(s, "/emailIdp/startPasswordReset", f, {"email": address()}),
    ),
    "no name": (ALLOWED, lambda s, f: post(s, "/anonymousIdp/login", f, {})),
    "a refresh": (
        ALLOWED,
        lambda s, f: post(s, "/jwtRefresh/refreshAccessToken", f, {"refreshToken": "x"}),
    ),
    "guesses by calls": (
        PASSWORD_TRIES,
        lambda s, f: post(s, "/emailIdp/login", f, {"email": address(), "password": "wrong"}),
    ),
    "guesses on the page": (
        PASSWORD_TRIES,
        lambda s, f: form(s, "/account/login/", f, login=address(), password="wrong"),
    ),
    "guesses at the admin": (
        PASSWORD_TRIES,
        lambda s, f: form(s, "/admin/login/", f, username=address(), password="wrong"),
    ),
    "guesses by the headless API": (
        PASSWORD_TRIES,
        lambda s, f: headless(s, "auth/login", f, email=address(), password="wrong"),
    ),
    "a new password on the page": (
        ALLOWED,
        lambda s, f: form(s, "/account/password/reset/", f, email=address()),
    ),
    "a new password by the headless API": (
        ALLOWED,
        lambda s, f: headless(s, "auth/password/request", f, email=address()),
    ),
}
LIMITED = re.compile(r"[Tt]oo many|tooMany|too_many")


def test_one_client_is_one_address(server: processes.Server, trusted: str) -> None:
    write = of_v6 if trusted else of_v4
    late = {}
    for client, (name, (allowed, attempt)) in enumerate(CALLS.items(), start=1):
        answers = [attempt(server, write(client)) for _ in range(allowed + 1)]
        first, last = answers[0], answers[-1]
        assert first[0] < 500 and not LIMITED.search(first[1]), (name, first)
        if not (last[0] == 429 or LIMITED.search(last[1])):
            late[name] = last[0]
    refused = asyncio.run(opened(server, write, len(CALLS) + 1))
    assert (late, refused) == ({}, [False] * ALLOWED + [True])
    noted = set(SecurityEvent.objects.filter(event="too_many_tries").values_list("address", flat=True))
    assert all(each and ipaddress.ip_address(each) for each in noted)
    assert len(noted) == len(CALLS) - 1  # the log of calls records a method's rate


def test_texts_that_are_not_addresses_count_as_one_address(server: processes.Server) -> None:
    for name in ("signing up", "a new password on the page"):
        allowed, attempt = CALLS[name]
        answers = [attempt(server, of_none(number)) for number in range(allowed + 1)]
        assert LIMITED.search(answers[-1][1]), (name, answers[-1])
    refused = asyncio.run(opened(server, of_none, 1))
    assert refused == [False] * ALLOWED + [True]


async def opened(server: processes.Server, write: Write, client: int) -> list[bool]:
    """Open one socket more than allowed. Returns for each whether it was refused."""
    sockets, refused = [], []
    for _ in range(ALLOWED + 1):
        headers = {"X-Forwarded-For": write(client)}
        try:
            sockets.append(await websockets.connect(server.socket, additional_headers=headers))
            refused.append(False)
        except websockets.InvalidStatus as error:
            assert error.response.status_code == 403
            refused.append(True)
    for each in sockets:
        await each.close()
    return refused
