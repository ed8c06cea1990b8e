"""Pages on threads: slow clients hold up neither pages nor health."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from podium.endpoints.asgi import Message
from podium.server import pages
from podium.server.pages import Pages

DONE: Message = {"type": "http.request", "body": b"", "more_body": False}
PART: Message = {"type": "http.request", "body": b"part", "more_body": True}


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [])
    return [body]


def make_pages(wsgi: Any = echo, threads: int = 1) -> Pages:
    return Pages(wsgi, (("/uploads/",), threads), (("/",), threads))


async def ask(server: Pages, path: str, *messages: Message, client: str = "203.0.113.1") -> tuple[int, bytes]:
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
        "client": (client, 1),
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


async def test_a_body_arrives_whole_also_where_it_is_kept_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    server = make_pages()
    assert await ask(server, "/page", PART, PART, DONE) == (200, b"partpart")
    monkeypatch.setattr(pages, "MEMORY_BYTES", 5)
    assert await ask(server, "/page", PART, PART, PART, DONE) == (200, b"partpartpart")
    assert await ask(server, "/uploads/x", PART, PART, DONE) == (200, b"partpart")


async def test_a_body_that_is_too_large_is_refused_before_there_is_a_thread(settings: Any) -> None:
    settings.ENDPOINTS_MAX_BODY_BYTES = 10
    status, text = await ask(make_pages(wsgi=None), "/page", PART, PART, PART)
    assert status == 413 and b"exceeds the maximum allowed size of 10 bytes" in text


async def test_a_request_that_takes_too_long_is_refused(settings: Any) -> None:
    settings.ENDPOINTS_READ_TIMEOUT_SECONDS = 0.05
    status, _ = await ask(make_pages(), "/page", PART)
    assert status == 408


async def test_a_client_that_left_is_not_answered() -> None:
    assert await ask(make_pages(), "/page", PART, {"type": "http.disconnect"}) == (0, b"")


async def test_an_answer_made_while_it_is_sent_stays_on_its_thread() -> None:
    """It may have an open cursor there. Files are read by any free thread."""
    threads = set()

    def large(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [])
        for _ in range(10):
            threads.add(threading.get_ident())
            yield b"x" * pages.PIECE_BYTES

    status, body = await ask(make_pages(large, threads=4), "/page", DONE)
    assert (status, len(body), len(threads)) == (200, 10 * pages.PIECE_BYTES, 1)


@pytest.mark.parametrize("as_file", [True, False])
async def test_an_answer_ends_where_its_client_goes_away(as_file: bool) -> None:
    closed = threading.Event()

    class Endless:
        close = staticmethod(closed.set)

        def __iter__(self) -> Iterator[bytes]:
            while not closed.is_set():
                yield b"x" * pages.PIECE_BYTES

        def read(self, size: int) -> bytes:
            return b"x" * size

    def endless(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](Endless(), 1) if as_file else Endless()

    gone: Message = {"type": "http.disconnect"}
    status, _ = await ask(make_pages(endless), "/uploads/x", DONE, gone)
    assert status == 200 and await asyncio.to_thread(closed.wait, 10)


async def test_one_address_leaves_threads_to_others() -> None:
    """It may use three of four."""
    release = threading.Event()

    def block(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/block":
            release.wait(10)
        return echo(environ, start_response)

    server = make_pages(block, threads=4)
    held = [asyncio.create_task(ask(server, "/block", DONE)) for _ in range(8)]
    await asyncio.sleep(0.1)
    assert await ask(server, "/page", DONE, client="203.0.113.2") == (200, b"")
    release.set()
    assert await asyncio.gather(*held) == [(200, b"")] * 8
