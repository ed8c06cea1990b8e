"""Odd requests by strangers are answered or refused, never a 500, and only a part of their text is kept."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from podium.core import observe
from podium.server import asgi

ECHOES = ("anything", "note", "times", "spans", "someBytes", "decimal", "number", "nullable")
METHODS = [*(f"echo/{name}" for name in ECHOES), "echo/everything", "echo/defaults", "streams/total"]
CLASSES = [
    "Note",
    "NoteColor",
    "int",
    "double",
    "BigInt",
    "DateTime",
    "Duration",
    "UuidValue",
    "ByteData",
    "Uri",
]
KEYS = ["value", "method", "a", "b", "c", "title", "tags", "color", "createdAt", "k", "v", "__className__"]

fuzz = effort(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the fixture is the registry, which no request changes

plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.datetimes().map(lambda each: f"{each.isoformat()}Z")
)
data = st.recursive(
    plain,
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(), inside, max_size=4)
        | st.fixed_dictionaries(
            {"className": st.sampled_from([*CLASSES, "List", "Set", "Map"]) | st.text(), "data": inside}
        )
    ),
    max_leaves=12,
)


async def ask(
    path: str,
    body: bytes = b"{}",
    *,
    method: str = "POST",
    query: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> tuple[int, bytes]:
    """Send straight to the ASGI application: a server or a client in between would refuse half of these requests."""
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": body}]

    async def receive() -> Any:
        return waiting.pop() if waiting else await asyncio.Future()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(b"host", b"localhost"), *headers],
        "client": ("127.0.0.1", 1),
    }
    await asyncio.wait_for(asgi.application(scope, receive, send), 10)
    return sent[0]["status"], sent[1]["body"]


def status(path: str, body: bytes = b"{}", **more: Any) -> int:
    return asyncio.run(ask(path, body, **more))[0]


@fuzz
@given(st.sampled_from(METHODS), data)
@example("echo/anything", {"value": {"className": "List<", "data": []}})
@example("echo/anything", {"value": {"className": "List<int>", "data": [1]}})
@example("echo/anything", {"value": {"className": "(int,{String a})", "data": {"p": [1], "n": {"a": "b"}}}})
@example("echo/times", {"value": [{"k": 1, "v": "9999-12-31T23:59:59.999-14:00"}]})
@example("echo/times", {"value": [{"k": 1, "v": 10**20}, {"k": 1, "v": -(10**14)}]})
@example("echo/spans", {"value": [10**18, 1.5, -(10**17)]})
@example("echo/decimal", {"value": 10**400})
def test_no_json_makes_the_server_fail(method: str, sent: Any) -> None:
    for arguments in (sent, {"value": sent, "a": sent, "b": sent}):
        assert status(f"/{method}", json.dumps(arguments, ensure_ascii=False).encode()) in (200, 400)


@fuzz
@given(st.sampled_from(METHODS), st.binary() | st.binary().map(lambda each: b'{"value":' + each + b"}"))
@example("echo/number", b'{"value": NaN}')
@example("echo/number", b'{"value": ' + b"9" * 5000 + b"}")
@example("echo/nullable", b'{"value": "\\ud800"}')
@example("echo/nullable", b'{"value": "\\u0000"}')
@example("echo/nullable", b'{"value": "\xff"}')
@example("echo", b'{"method":' + b"[" * 900 + b"]" * 900 + b"}")
def test_no_bytes_make_the_server_fail(method: str, body: bytes) -> None:
    assert status(f"/{method}", body) in (200, 400)


@fuzz
@given(st.text(st.characters(), max_size=50), st.binary(max_size=50))
@example("echo/\udcff", b"")
@example("\udcff/x", b"")
@example("echo/nullable", b"value=%ff%00")
@example("echo/nullable", b"value=\xff")
@example("echo/number", b"value=" + b"9" * 5000)
@example("echo/number", b"value=" + b"[" * 5000)
@example("echo/number", b"a=1&" * 2000)
def test_no_path_and_no_query_make_the_server_fail(path: str, query: bytes) -> None:
    for each in (f"/{path}", f"/echo/{path}"):
        if each.strip("/"):
            assert status(each, query=query) in (200, 400, 404), each


@fuzz
@given(st.sampled_from([b"Bearer ", b"Basic ", b"bAsIc", b"", b"Digest "]), st.binary())
@example(b"Basic ", b"\xe9")
@example(b"Basic ", base64.b64encode(b"\xff"))
@example(b"Basic ", base64.b64encode(b"\x00"))
@example(b"Bearer ", b"\xff\xfe")
def test_no_credential_makes_the_server_fail(scheme: bytes, value: bytes) -> None:
    for path in ("/echo/who", "/members/hello"):
        assert status(path, headers=((b"authorization", scheme + value),)) in (200, 400, 401)


@fuzz
@given(st.sampled_from([b"content-length", b"origin", b"x-forwarded-for", b"content-type"]), st.binary())
@example(b"content-length", b"\xb2")
@example(b"content-length", b"9" * 5000)
def test_no_header_makes_the_server_fail(name: bytes, value: bytes) -> None:
    assert status("/echo/nothing", headers=((name, value),)) in (200, 413)


@pytest.mark.django_db
def test_the_accounts_themselves_refuse_odd_credentials(settings: Any) -> None:
    settings.PODIUM_AUTHENTICATE = "accounts.sessions.sessions.resolve"
    for value in (b"Bearer \xff\xfe", b"Basic " + base64.b64encode(b"\x00"), b"Bearer " + b"x" * 60_000):
        assert status("/members/hello", headers=((b"authorization", value),)) == 401


@pytest.mark.parametrize("depth", [100, 200, 300, 320, 340, 360, 380, 400, 450, 500, 2000])
def test_nesting_is_read_or_refused(depth: int) -> None:
    deep = b'{"className":"List","data":[' * depth + b"]}" * depth
    allowed = {100: (200,), 2000: (400,)}.get(depth, (200, 400))
    assert status("/echo/anything", b'{"value":' + deep + b"}") in allowed
    assert status("/echo/number", b'{"value": 1, "unknown":' + deep + b"}") in allowed


async def test_the_last_of_repeated_keys_counts() -> None:
    assert await ask("/echo/number", b'{"value": 1, "value": 2}') == (200, b"2")


async def test_a_query_is_read_as_utf_8() -> None:
    for query in ("value=é".encode(), b"value=%C3%A9"):
        assert await ask("/echo/nullable", query=query) == (200, '"é"'.encode())


@pytest.mark.parametrize("method", ["HEAD", "GET", "PUT", "PATCH", "DELETE", "TRACE", "ODD"])
async def test_an_endpoint_accepts_only_post(method: str) -> None:
    for path in ("/echo", "/echo/number", "/echo/nowhere"):
        assert (await ask(path, method=method))[0] == 405


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/echo/" + "x" * 50_000, b"{}"),
        ("/echo", b'{"method": "' + b"x" * 50_000 + b'"}'),
        ("/" + "x" * 50_000, b"{}"),
    ],
)
async def test_only_the_beginning_of_a_long_name_is_kept_and_shown(
    path: str, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[observe.Span] = []
    monkeypatch.setattr(observe, "_sinks", [ended.append])
    answered, said = await ask(path, body)
    assert answered in (400, 404) and b"xxx" in said and len(said) < 200
    assert [span.name for span in ended] == ([f"echo.{'x' * 100}"] if path.startswith("/echo") else [])
    assert all(len(span.error) < 200 for span in ended)


async def test_a_set_whose_entries_share_a_hash_is_refused(http: httpx.AsyncClient) -> None:
    """Half a megabyte of such entries blocked all other calls for seconds."""
    entries = [
        {"className": "UuidValue", "data": str(uuid.UUID(int=n * (2**61 - 1)))} for n in range(1, 4000)
    ]
    refused = await http.post("/echo/anything", json={"value": {"className": "Set", "data": entries}})
    assert refused.status_code == 400 and "same hash" in refused.text
