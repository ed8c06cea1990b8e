"""The test server as a separate process, on a database that is dropped with it."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from psycopg.conninfo import make_conninfo

from podium.core import project
from podium.dev import paths, services, testing
from tests.conformance.database import scratch
from tests.testserver import build

START_SECONDS = 180
STOP_SECONDS = 20
REDIS_DATABASE = build.REDIS_DATABASE + 1
"""A test server that was started by hand may run at the same time."""


class NotStarted(Exception):
    """The test server did not start."""


@contextmanager
def fresh() -> Iterator[str]:
    """The address of a new test server on the Postgres and Redis of the environment, or on the private ones."""
    given = os.environ.get("DATABASE_URL")
    with nullcontext() if given else services.running(), tempfile.TemporaryDirectory() as folder:
        environment = {
            "DATABASE_URL": given or paths.database_url(),
            "REDIS_URL": testing.redis_url(os.environ.get("REDIS_URL") or paths.redis_url(), REDIS_DATABASE),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DEBUG": "true",
            "MEDIA_ROOT": f"{folder}/media",
        }
        with server(Path(folder), os.environ | environment) as host:
            yield host


@contextmanager
def server(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a test server with this environment, on a new database next to that of its DATABASE_URL.

    Its output is in server.log in this folder.
    """
    beside, _, _ = environment["DATABASE_URL"].rpartition("/")
    log = folder / "server.log"
    with scratch(make_conninfo(f"{beside}/postgres")) as database, log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.testserver", "--port", "0"],
            cwd=project.ROOT,
            env={**environment, "DATABASE_URL": f"{beside}/{database.info.dbname}"},
            stdout=output,
            stderr=output,
        )
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address that the server prints once it answers."""
    until = time.monotonic() + START_SECONDS
    while not (found := re.search(r"^http\S+$", log.read_text(), re.MULTILINE)):
        if process.poll() is not None or time.monotonic() > until:
            raise NotStarted(f"The test server did not start.\n{log.read_text()}")
        time.sleep(0.1)
    return found[0]
