"""The test server as a process, on a separate database, and the Python client generated from it."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from podium.dev import testing
from tests.processes import environment
from tests.testserver import build
from tests.testserver.running import server

ROOT = Path(__file__).parent.parent.parent
Package = Any  # the generated package
REDIS_DATABASE = 7
"""The database of the first worker of pytest-xdist; the next worker uses the one before it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests: they start processes and need the model files."""
    missing = pytest.mark.skipif(not build.is_possible(), reason=build.MISSING)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(missing)
            item.add_marker(pytest.mark.slow)


def generate(target: str, folder: Path) -> Path:
    """Write a client of the test server."""
    command = [sys.executable, "-m", "tests.testserver", "--target", target, "--out", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """The Python client."""
    folder = str(generate("python", tmp_path_factory.mktemp("testserver-python")))
    sys.path.insert(0, folder)
    try:
        yield importlib.import_module(f"{build.NAME}_client")
    finally:
        sys.path.remove(folder)


def redis_url() -> str:
    """A Redis database separate from that of the tests, whose task messages the test server's worker would take."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return testing.redis_url(settings.REDIS_URL, REDIS_DATABASE - int(worker.removeprefix("gw")))


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running test server, on a database that is dropped with it."""
    folder = tmp_path_factory.mktemp("testserver")
    try:
        with server(folder, environment(MEDIA_ROOT=str(folder / "media"), REDIS_URL=redis_url())) as host:
            yield host
    finally:
        sys.stdout.write((folder / "server.log").read_text())


@pytest.fixture
async def client(package: Package, host: str) -> AsyncIterator[Any]:
    """A client without a signed-in user."""
    async with package.AsyncClient(host) as client:
        yield client


@pytest.fixture
async def admin(package: Package, client: Any) -> AsyncIterator[Any]:
    """The client of an administrator."""
    await client.authentication.remove_all_users()
    answer = await client.authentication.authenticate("test@foo.bar", "password", ["serverpod.admin"])
    token = f"{answer.key_id}:{answer.key}"
    async with package.AsyncClient(client.host, auth=package.Auth(token, scheme="Basic")) as admin:
        yield admin
