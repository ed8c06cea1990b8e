"""Clients that read slowly or not at all: they hold no thread, and those that never read are closed."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest

from tests.abuse import raw
from tests.abuse.conftest import LARGE_BYTES
from tests.processes import Server

pytestmark = pytest.mark.slow

FILE = "/uploads/strangers"


@contextlib.contextmanager
def readers(server: Server, count: int) -> Iterator[list[socket.socket]]:
    """Clients that requested a file and read none of it."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(raw.connect(server, buffer=4096)) for _ in range(count)]
        for client in clients:
            raw.send(client, [raw.head(f"GET {FILE}")])
        time.sleep(1)
        yield clients


def test_clients_that_read_nothing_hold_no_thread_and_are_closed(server: Server) -> None:
    process = psutil.Process(server.process.pid)
    with readers(server, 40):
        for url in ("/static/admin/css/base.css", FILE, "/livez"):
            assert httpx.head(f"{server.url}{url}", timeout=2.5).status_code == 200
        until = time.monotonic() + 30
        while any("large" in each.path for each in process.open_files()):
            assert time.monotonic() < until, "the files stay open"
            time.sleep(0.5)


def test_a_client_that_reads_slowly_gets_all(server: Server) -> None:
    """The client takes longer for the last megabytes than the server's limit for a stalled answer."""
    with raw.connect(server, buffer=65536) as client:
        raw.send(client, [raw.head(f"GET {FILE}")])
        left, started = LARGE_BYTES, time.monotonic()
        while b"\r\n\r\n" not in client.recv(65536, socket.MSG_PEEK):
            time.sleep(0.1)
        left += client.recv(65536, socket.MSG_PEEK).index(b"\r\n\r\n") + 4
        while left:
            part = client.recv(65536)
            assert part, f"cut off {left} bytes before the end"
            left -= len(part)
            time.sleep(0.6 if time.monotonic() - started < 9 else 0)


def test_answers_to_calls_are_not_kept_for_ever(server: Server) -> None:
    """Endless requests whose answers nobody reads: the server stops reading, then closes the connection."""
    body = b'{"text": "%s"}' % (b"\\n" * 1000)
    request = raw.head("POST /open/length", f"content-length: {len(body)}") + body
    with raw.connect(server, buffer=4096) as client:
        client.settimeout(1)
        with contextlib.suppress(TimeoutError):
            raw.send(client, [request * 10] * 10_000)
        client.settimeout(raw.PATIENCE)
        raw.read_all(client)
    raw.hello(server)


def test_large_answers_that_are_taken_slowly_fill_no_memory(server: Server) -> None:
    """The server keeps at most 64 MB of them, and a client that reads its answer gets it."""
    size = 8 * 1024 * 1024
    body = json.dumps({"text": "a", "times": size}).encode()
    request = raw.head("POST /open/repeat", f"content-length: {len(body)}") + body
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    with contextlib.ExitStack() as stack:
        clients: list[socket.socket] = []
        for _ in range(10):
            for _ in range(5):
                clients.append(stack.enter_context(raw.connect(server, buffer=4096)))
                raw.send(clients[-1], [request])
            time.sleep(1)
            for client in clients:  # fast enough not to be closed for slowness
                with contextlib.suppress(ConnectionError):
                    client.recv(4096)
        assert process.memory_info().rss - before < 240 * 1024 * 1024, "of 400"
        status, answer = raw.ask(server, request)
        assert (status, len(answer)) == (200, size + 2)
