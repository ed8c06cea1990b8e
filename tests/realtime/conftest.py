"""Two real servers with the streams of tests/realtime/chat, which share nothing but Redis."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from config import places

PREFIX = f"podium-test-{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True)
class Server:
    """One running server process."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/websocket"

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(autouse=True)
def own_prefix(settings) -> str:
    settings.REALTIME_PREFIX = PREFIX
    return PREFIX


@pytest.fixture
def room() -> str:
    return f"room-{uuid.uuid4().hex[:8]}"


def start_server(folder: Path) -> Server:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = (os.environ.get("DATABASE_URL") or places.database_url()).rpartition("/")[0]
    environment = {
        **os.environ,
        "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
        "SECRET_KEY": django_settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "tests.realtime.settings",
        "REALTIME_TEST_PREFIX": PREFIX,
        "REDIS_URL": django_settings.REDIS_URL,
    }
    log = folder / f"server-{port}.log"
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", f"--port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    until = time.monotonic() + 60
    while b"running on" not in log.read_bytes():
        assert process.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    return Server(process, port, log)


def stop_server(server: Server) -> None:
    server.process.terminate()
    server.process.wait(20)


@pytest.fixture(scope="session")
def servers(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    folder = tmp_path_factory.mktemp("servers")
    running = (start_server(folder), start_server(folder))
    yield running
    for server in running:
        stop_server(server)
        sys.stdout.write(f"--- {server.log.name}\n{server.log.read_text()}")


@pytest.fixture
def server(servers: tuple[Server, Server]) -> Server:
    return servers[0]
