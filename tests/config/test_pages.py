"""Pages on threads: slow clients hold up neither pages nor health."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from config import pages
from config.pages import Pages
from endpoints.asgi import Message

DONE: Message = {"type": "http.request", "body": b"", "more_body": False}
PART: Message = {"type": "http.request", "body": b"part", "more_body": True}


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [])
    return [body]


def make_pages(wsgi: Any = echo) -> Pages:
    return Pages(wsgi, threads=1, transfer_threads=1, transfers=("/uploads/",))


async def ask(server: Pages, path: str, *messages: Message) -> tuple[int, bytes]:
    """Status and body; 0 where nothing was answered. After `messages` the client sends nothing more."""
    waiting, sent = iter(messages), []

    async def receive() -> Message:
        if (message := next(waiting, None)) is None:
            await asyncio.Event().wait()
            raise AssertionError
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
    }
    async with asyncio.timeout(10):
        await server(scope, receive, send)
    status = sent[0]["status"] if sent else 0
    return status, b"".join(message.get("body", b"") for message in sent)


async def test_a_body_that_does_not_come_holds_no_thread() -> None:
    server = make_pages()
    slow = [asyncio.create_task(ask(server, "/page", PART)) for _ in range(3)]
    slow.append(asyncio.create_task(ask(server, "/uploads/x", PART)))
    await asyncio.sleep(0.1)
    assert await ask(server, "/livez", DONE) == (200, b"")
    assert not any(task.done() for task in slow)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_a_body_arrives_whole_also_where_it_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    server = make_pages()
    assert await ask(server, "/page", PART, PART, DONE) == (200, b"partpart")
    monkeypatch.setattr(pages, "READ_AHEAD_BYTES", 5)
    assert await ask(server, "/page", PART, PART, PART, DONE) == (200, b"partpartpart")
    assert await ask(server, "/uploads/x", PART, PART, DONE) == (200, b"partpart")


async def test_a_request_that_takes_too_long_is_refused(settings: Any) -> None:
    settings.ENDPOINTS_READ_TIMEOUT_SECONDS = 0.05
    status, _ = await ask(make_pages(), "/page", PART)
    assert status == 408


async def test_a_client_that_left_is_not_answered() -> None:
    assert await ask(make_pages(), "/page", PART, {"type": "http.disconnect"}) == (0, b"")


async def test_an_upload_that_stands_still_gives_its_thread_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "STALL_SECONDS", 0.05)
    assert await ask(make_pages(), "/uploads/x", PART) == (200, b"part")


async def test_a_download_that_nobody_takes_gives_its_thread_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "STALL_SECONDS", 0.05)
    ended = threading.Event()

    def endless(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [])
        for _ in range(100):
            yield b"x"
        ended.set()

    async def never(message: Message) -> None:
        await asyncio.Event().wait()

    async def receive() -> Message:
        return DONE

    scope = {"type": "http", "method": "GET", "path": "/uploads/x", "query_string": b"", "headers": []}
    async with asyncio.timeout(10):
        await make_pages(endless)({**scope, "http_version": "1.1"}, receive, never)
    assert ended.is_set()
