"""What only a real server shows: connections that are closed, bodies that do not come or do not end."""

from __future__ import annotations

import asyncio
import socket
import time

import httpx
import pytest

from tests.endpoints.conftest import Server

pytestmark = pytest.mark.slow


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), 10)


def head(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nhost: server\r\ncontent-length: {length}\r\n\r\n".encode()


def answer(connection: socket.socket) -> bytes:
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def test_a_client_that_goes_away_cancels_its_async_method(server: Server) -> None:
    body = b'{"seconds": 30, "name": "gone away"}'
    with connected(server) as connection:
        connection.sendall(head("/slow/wait", len(body)) + body)
        time.sleep(0.4)
        assert httpx.post(f"{server.url}/slow/cancelledNames").json() == []
    until = time.monotonic() + 5
    while httpx.post(f"{server.url}/slow/cancelledNames").json() != ["gone away"]:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_slow_method_answers_a_client_that_stays(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        for _ in range(3):  # on one connection: the watch for its end takes nothing of the next request
            assert client.post("/slow/wait", json={"seconds": 0.2}).json() == "waited"


def test_a_body_that_does_not_come_is_given_up(server: Server) -> None:
    for sent in (b"", b'{"value"'):
        with connected(server) as connection:
            connection.sendall(head("/echo/number", 100) + sent)
            started = time.monotonic()
            assert answer(connection).startswith(b"HTTP/1.1 408 ")
            assert 0.8 < time.monotonic() - started < 5


def test_an_announced_size_over_the_limit_is_refused_before_the_body_comes(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(head("/echo/number", 10**12))
        received = answer(connection)
    assert received.startswith(b"HTTP/1.1 413 ") and b"524288" in received


@pytest.mark.parametrize("size", [600 * 1024, 5 * 1024 * 1024])
def test_who_sends_too_much_hears_so(server: Server, size: int) -> None:
    for _ in range(5):
        refused = httpx.post(f"{server.url}/echo/number", content=b" " * size)
        assert refused.status_code == 413 and "524288" in refused.text


async def test_more_sync_calls_than_threads_wait_their_turn(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as client:
        slow = [asyncio.create_task(client.post("/slow/block", json={"seconds": 0.5})) for _ in range(8)]
        await asyncio.sleep(0.1)
        started = time.monotonic()
        assert (await client.post("/echo/number", json={"value": 1})).json() == 1
        assert time.monotonic() - started < 0.4
        assert len({(await each).json() for each in slow}) == 4


async def test_forty_calls_at_once_share_the_connections(server: Server, transactional_db: None) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        methods = ["count", "countSync", "titlesByCursor", "backend"] * 10
        answers = await asyncio.gather(*(client.post(f"/tables/{method}") for method in methods))
    assert {each.status_code for each in answers} == {200}
    assert len({each.json() for each in answers[3::4]}) <= 8  # Postgres's processes behind them
