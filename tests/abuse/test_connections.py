"""Thousands of connections: idle ones are closed when others need room."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil
import pytest

from tests.abuse import raw
from tests.abuse.conftest import running
from tests.processes import Server

pytestmark = pytest.mark.slow


def test_thousands_that_send_nothing_keep_nobody_out(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(3000):
            stack.enter_context(raw.connect(server))
        assert raw.hello(server) < 10


def test_a_process_has_so_many_connections(django_db_setup: None, tmp_path: Path) -> None:
    with running(tmp_path, CONNECTIONS="100") as server, contextlib.ExitStack() as stack:
        for _ in range(400):
            client = stack.enter_context(raw.connect(server))
            raw.send(client, [b"GET /livez HTTP/1.1\r\nhost: loc"])
        raw.hello(server)
        assert len(psutil.Process(server.process.pid).net_connections()) < 150


def test_an_address_has_so_many_connections(django_db_setup: None, tmp_path: Path) -> None:
    """Without a trusted proxy in between. Connections in use stay open."""
    with (
        running(
            tmp_path, CONNECTIONS_PER_ADDRESS="20", FORWARDED_ALLOW_IPS="10.0.0.1", READ_SECONDS="60"
        ) as server,
        contextlib.ExitStack() as stack,
    ):
        used = stack.enter_context(raw.connect(server))
        body = b'{"text": "abc"}'
        raw.send(used, [raw.head("POST /open/length", f"content-length: {len(body)}")])
        for _ in range(100):
            stack.enter_context(raw.connect(server))
        raw.hello(server)
        raw.send(used, [body])
        assert raw.read_answer(used) == (200, b"3")
        assert len(psutil.Process(server.process.pid).net_connections()) < 60


def test_a_proxy_has_more_connections_than_a_client(django_db_setup: None, tmp_path: Path) -> None:
    with running(tmp_path, CONNECTIONS_PER_ADDRESS="20") as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(raw.connect(server)) for _ in range(50)]
        for client in clients:
            raw.send(client, [raw.head("GET /livez")])
            assert raw.read_answer(client)[0] == 200
