"""Two real servers with the streams of tests/realtime/chat, which share only Redis."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from podium.server.web import UVICORN
from tests import processes
from tests.processes import Server

PREFIX = f"podium-test-{uuid.uuid4().hex[:8]}"


@pytest.fixture(autouse=True)
def own_prefix(settings) -> str:
    settings.REALTIME_PREFIX = PREFIX
    return PREFIX


@pytest.fixture
def room() -> str:
    return f"room-{uuid.uuid4().hex[:8]}"


def start_server(folder: Path, command: Sequence[str] = UVICORN) -> Server:
    """A server with the streams of tests/realtime/chat."""
    return processes.start_server(
        folder, command, DJANGO_SETTINGS_MODULE="tests.realtime.settings", REALTIME_TEST_PREFIX=PREFIX
    )


@pytest.fixture(scope="session")
def servers(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    folder = tmp_path_factory.mktemp("servers")
    running = (start_server(folder), start_server(folder))
    yield running
    for server in running:
        server.stop()
        sys.stdout.write(f"--- {server.log.name}\n{server.log.read_text()}")


@pytest.fixture
def server(servers: tuple[Server, Server]) -> Server:
    return servers[0]
