"""The real server with the example's endpoints, as a process of its own on the tests' database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from endpoints import registry
from endpoints.definitions import EndpointDefinition
from schema import project
from schema.definitions import Protocol

ROOT = Path(__file__).parent.parent.parent


def definitions() -> tuple[Protocol, list[EndpointDefinition]]:
    """What the server runs from."""
    protocol, faults = project.load(ROOT)
    assert not [fault for fault in faults if fault.severity == "error"], [str(fault) for fault in faults]
    return protocol, registry.registry().definitions()


@contextmanager
def running() -> Iterator[str]:
    """Gives the server's address. The test needs the fixture `transactional_db`."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "true",
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        sys.stdout.write(server.communicate(timeout=20)[0])  # pytest shows it when the test failed


def _wait_for(port: int, server: subprocess.Popen[str]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server did not start: {server.communicate()[0]}")
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not listen within 30 s")
