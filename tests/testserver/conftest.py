"""The test server as a process, on a database of its own; the Python client that is generated from it."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.database import scratch
from tests.postgres import address
from tests.processes import START_SECONDS, STOP_SECONDS, environment
from tests.testserver import build

ROOT = Path(__file__).parent.parent.parent
Package = Any  # the generated package


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them start processes, and need the model files."""
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


@pytest.fixture(scope="session")
def host(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a running test server, on a database that goes away with it."""
    folder = tmp_path_factory.mktemp("testserver")
    with django_db_blocker.unblock():
        postgres, given = address(), environment(MEDIA_ROOT=str(folder / "media"))
    with scratch(postgres) as database:
        server = given["DATABASE_URL"].rpartition("/")[0]
        log = folder / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.testserver", "--port", "0"],
                cwd=ROOT,
                env=given | {"DATABASE_URL": f"{server}/{database.info.dbname}"},
                stdout=output,
                stderr=output,
            )
        try:
            yield _printed_address(process, log)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)
            sys.stdout.write(log.read_text())


def _printed_address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + START_SECONDS
    while not (found := re.search(r"^http\S+$", log.read_text(), re.MULTILINE)):
        assert process.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    return found[0]


@pytest.fixture
async def client(package: Package, host: str) -> AsyncIterator[Any]:
    """Nobody is signed in."""
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
