"""The laboratory's endpoints, in this process and behind a real server."""

from __future__ import annotations

import inspect
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.db import connection

from config import places
from endpoints import asgi
from endpoints.endpoint import Endpoint
from endpoints.registry import Registry, instead
from tests.endpoints.laboratory import endpoints as laboratory

CLASSES = [each for _, each in inspect.getmembers(laboratory, inspect.isclass) if issubclass(each, Endpoint)]


@pytest.fixture(autouse=True)
def registry(settings: Any) -> Iterator[Registry]:
    """This process serves the laboratory's endpoints and no others."""
    settings.PODIUM_AUTHENTICATE = "tests.endpoints.laboratory.tokens.resolve"
    with instead(Registry(each for each in CLASSES if each is not Endpoint)) as found:
        assert found.faults == []
        yield found


@dataclass(frozen=True)
class Server:
    """One running server process."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server with the laboratory's endpoints, on the tests' database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = (os.environ.get("DATABASE_URL") or places.database_url()).rpartition("/")[0]
    environment = {
        **os.environ,
        "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
        "SECRET_KEY": django_settings.SECRET_KEY,
        "REDIS_URL": django_settings.REDIS_URL,
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "tests.endpoints.settings",
    }
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", f"--port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    until = time.monotonic() + 60
    while b"running on" not in log.read_bytes():
        assert process.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    yield Server(process, port, log)
    process.terminate()
    process.wait(20)


@pytest.fixture(params=["in this process", pytest.param("server", marks=pytest.mark.slow)])
async def http(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the laboratory: once without a server in between, once with a real one."""
    if request.param == "server":
        transport, url = httpx.AsyncHTTPTransport(), request.getfixturevalue("server").url
    else:
        transport, url = httpx.ASGITransport(asgi.application), "http://server"  # type: ignore[assignment]
    async with httpx.AsyncClient(transport=transport, base_url=url, timeout=20) as client:
        yield client
