"""Web apps of other origins can read every answer: a browser hides status and body of one without the headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from podium.server.pages import FILES, Pages
from tests.processes import Server

ORIGIN = "https://app.example"
CALL = {"origin": ORIGIN, "content-type": "text/plain; charset=utf-8"}
LARGE = b" " * (512 * 1024 + 1)


def ask(server: Server, method: str, path: str, **more: Any) -> httpx.Response:
    headers = CALL | more.pop("headers", {})
    return httpx.request(method, f"{server.url}{path}", headers=headers, timeout=20, **more)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "headers", "content", "status"),
    [
        ("/echo/number", {}, b'{"value": 1}', 200),
        ("/echo/number", {}, b"no JSON", 400),
        ("/echo/nothingLikeIt", {}, b"", 400),
        ("/echo/who", {"authorization": "Digest x"}, b"", 400),
        ("/failing/declared", {}, b"", 400),
        ("/members/hello", {"authorization": "Bearer gone"}, b"", 401),
        ("/staff/hello", {"authorization": "Bearer anna"}, b"", 403),
        ("/nothing/here", {"authorization": "Bearer anna"}, b"{}", 404),
        ("/nothing", {}, b"{}", 404),
        ("/echo/number", {}, LARGE, 413),
        ("/nothing/here", {}, LARGE, 404),
        ("/failing/bug", {}, b"", 500),
        ("/echo/number", {f"x-{number}": "a" for number in range(200)}, b"", 431),
        ("/echo/number?" + "a" * 20_000, {}, b"", 414),
        ("/echo/number", {"x-long": "a" * 70_000}, b"", 431),
        (f"{FILES}upload/x:y", {}, b"x", 404),
        (f"{FILES}upload/x:y", {}, LARGE, 404),
        (f"{FILES}nothing", {}, b"x", 404),
    ],
)
def test_each_answer_to_a_post_can_be_read(
    server: Server, path: str, headers: dict[str, str], content: bytes, status: int
) -> None:
    answer = ask(server, "POST", path, headers=headers, content=content)
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/echo/number", "/echo/nothingLikeIt", "/nothing/here", "/nothing"])
def test_calls_have_serverpod_s_headers(server: Server, path: str) -> None:
    answer = ask(server, "POST", path, content=b"{}")
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert "access-control-allow-headers" not in answer.headers
    for headers, allowed in (
        ({}, "authorization, content-type"),
        ({"access-control-request-headers": "authorization,x-own"}, "authorization,x-own"),
    ):
        asked = ask(server, "OPTIONS", path, headers=headers)
        assert (asked.status_code, asked.headers["content-length"]) == (200, "0")
        assert asked.headers["access-control-allow-origin"] == "*"
        assert asked.headers["access-control-allow-methods"] == "POST"
        assert asked.headers["access-control-allow-headers"] == allowed


@pytest.mark.slow
def test_other_origins_cannot_read_pages(server: Server) -> None:
    for path in ("/api/notes/", "/account/login/", "/"):
        asked = ask(server, "OPTIONS", path, headers={"access-control-request-method": "POST"})
        assert "access-control-allow-origin" not in asked.headers


@pytest.mark.parametrize("origins", [["*"], [ORIGIN], ["https://other.example"]])
async def test_failures_around_the_views_of_files_can_be_read(settings: Any, origins: list[str]) -> None:
    settings.ENDPOINTS_ALLOWED_ORIGINS = origins

    def failing(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("503 Service Unavailable", [("Vary", "Cookie")])
        return [b"The database is unavailable."]

    transport = httpx.ASGITransport(Pages(failing, (("/",), 1)))
    async with httpx.AsyncClient(transport=transport, base_url="http://server", headers=CALL) as client:
        found = {path: await client.put(path) for path in (f"{FILES}upload/x", "/account/login/")}
    allowed = {path: answer.headers.get("access-control-allow-origin") for path, answer in found.items()}
    expected = {"*": "*", ORIGIN: ORIGIN}.get(origins[0])
    assert allowed == {f"{FILES}upload/x": expected, "/account/login/": None}
