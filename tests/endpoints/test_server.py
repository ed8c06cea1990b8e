"""Behavior that needs a real server: closed connections, bodies that do not arrive or do not end."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from tests import processes
from tests.processes import Server

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


def test_a_method_that_catches_its_cancellation_is_cancelled_again(server: Server) -> None:
    body = b'{"name": "stubborn"}'
    with connected(server) as connection:
        connection.sendall(head("/slow/stubborn", len(body)) + body)
        time.sleep(0.4)
    until = time.monotonic() + 20
    while "stubborn twice" not in httpx.post(f"{server.url}/slow/cancelledNames").json():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_slow_method_answers_a_client_that_stays(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        for _ in range(3):  # on one connection: the watch for its end reads nothing of the next request
            assert client.post("/slow/wait", json={"seconds": 0.2}).json() == "waited"


def test_a_body_that_does_not_arrive_is_abandoned(server: Server) -> None:
    for sent in (b"", b'{"value"'):
        with connected(server) as connection:
            connection.sendall(head("/echo/number", 100) + sent)
            started = time.monotonic()
            assert answer(connection).startswith(b"HTTP/1.1 408 ")
            assert 0.8 < time.monotonic() - started < 5


def test_an_announced_size_over_the_limit_is_refused_before_the_body_arrives(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(head("/echo/number", 10**12))
        received = answer(connection)
    assert received.startswith(b"HTTP/1.1 413 ") and b"524288" in received


@pytest.mark.parametrize("size", [600 * 1024, 5 * 1024 * 1024])
def test_a_client_that_sends_too_much_gets_the_error(server: Server, size: int) -> None:
    for _ in range(5):
        refused = httpx.post(f"{server.url}/echo/number", content=b" " * size)
        assert refused.status_code == 413 and "524288" in refused.text


async def test_more_sync_calls_than_threads_wait_their_turn(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        slow = [asyncio.create_task(client.post("/slow/block", json={"seconds": 2})) for _ in range(8)]
        await asyncio.sleep(0.1)
        assert (await client.post("/echo/number", json={"value": 1})).json() == 1
        assert not any(each.done() for each in slow)
        assert len({(await each).json() for each in slow}) == 4


async def test_forty_calls_at_once_share_the_connections(server: Server, transactional_db: None) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        methods = ["count", "countSync", "titlesByCursor", "backend"] * 10
        answers = await asyncio.gather(*(client.post(f"/tables/{method}") for method in methods))
    assert {each.status_code for each in answers} == {200}
    assert len({each.json() for each in answers[3::4]}) <= 8  # Postgres's processes behind them


def test_a_body_of_unknown_length_is_refused_once_it_is_over_the_limit(server: Server) -> None:
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with connected(server) as connection:
        connection.sendall(b"POST /echo/number HTTP/1.1\r\nhost: s\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(8):
            connection.sendall(piece)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):  # 512 KiB are just allowed: it waits for more
            connection.recv(1)
        connection.settimeout(10)
        connection.sendall(piece)
        received = answer(connection)
    assert received.startswith(b"HTTP/1.1 413 ") and b"524288" in received


def test_a_body_that_trickles_in_is_abandoned(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(head("/echo/number", 1000))
        connection.settimeout(0.2)
        started = time.monotonic()
        received = b""
        while not received:
            assert time.monotonic() - started < 5
            connection.sendall(b" ")
            with suppress(TimeoutError):
                received = connection.recv(65536)
    assert received.startswith(b"HTTP/1.1 408 ")


def test_a_head_request_is_refused_without_a_body(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"HEAD /echo/number HTTP/1.1\r\nhost: server\r\nconnection: close\r\n\r\n")
        received = answer(connection)
    assert received.startswith(b"HTTP/1.1 405 ") and b"allow: POST, OPTIONS" in received
    assert received.endswith(b"\r\n\r\n")


@pytest.fixture
def small_server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """As `server`, with 4 connections to the database for its 4 threads."""
    more = {"DJANGO_SETTINGS_MODULE": "tests.endpoints.settings", "DATABASE_POOL_SIZE": "4"}
    with processes.server(tmp_path, **more) as running:
        yield running


async def test_two_hundred_calls_on_four_connections_leave_no_thread_and_no_connection(
    small_server: Server,
) -> None:
    server = psutil.Process(small_server.process.pid)
    methods = ["count", "countSync", "titlesByCursor", "failsAfterRead", "leavesTransactionOpen"]

    async def many(client: httpx.AsyncClient) -> tuple[list[int], int]:
        answers = await asyncio.gather(*(client.post(f"/tables/{method}") for method in methods * 40))
        return [each.status_code for each in answers], server.num_threads()

    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=small_server.url, timeout=30, limits=limits) as client:
        first, threads_before = await many(client)
        second, threads_after = await many(client)
        assert first == second == [200, 200, 200, 500, 200] * 40
        assert threads_after == threads_before
        pids = {(await client.post("/tables/backend")).json() for _ in range(20)}
        assert (
            await client.post("/tables/count")
        ).json() == 0  # the transaction that was left open was not committed
    assert len(pids) <= 4
