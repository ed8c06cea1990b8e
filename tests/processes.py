"""Real processes on the tests' database: their environment, and a server. For tests with `transactional_db`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from podium.dev import paths
from podium.server.web import UVICORN

START_SECONDS = 60
STOP_SECONDS = 20


def environment(**more: str) -> dict[str, str]:
    """That of a process which works on the test database and this run's Redis."""
    address = (os.environ.get("DATABASE_URL") or paths.database_url()).rpartition("/")[0]
    return {
        **os.environ,
        "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "true",
        "ALLOWED_HOSTS": "*",
        **more,
    }


@dataclass(frozen=True)
class Server:
    """A running server; `log` holds what it printed."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket(self) -> str:
        """The address of the streams' WebSocket."""
        return f"ws://127.0.0.1:{self.port}/v1/websocket"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(STOP_SECONDS)


def start_server(folder: Path, command: Sequence[str] = UVICORN, **more: str) -> Server:
    """config.asgi on uvicorn, as it runs everywhere, answering. more: of the environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, f"--port={port}"],
            env=environment(PUBLIC_URL=f"http://127.0.0.1:{port}", **more),
            stdout=output,
            stderr=output,
        )
    until = time.monotonic() + START_SECONDS
    while b"running on" not in log.read_bytes():
        assert process.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    return Server(process, port, log)


@contextmanager
def server(folder: Path, command: Sequence[str] = UVICORN, **more: str) -> Iterator[Server]:
    """The same for a block; pytest shows what it printed when the test fails."""
    running = start_server(folder, command, **more)
    try:
        yield running
    finally:
        running.stop()
        sys.stdout.write(running.log.read_text())
