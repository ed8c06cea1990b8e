"""One project for all tests of `serve`, and one running server for those that do not stop it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outages.components import remove
from tests.serve.project import Project, Serve


@pytest.fixture(scope="session")
def project() -> Iterator[Project]:
    """A project whose database has no tables yet."""
    # Not pytest's folder, which each run of pytest closes to others: Postgres and the server have users of their own.
    folder = Path(tempfile.mkdtemp(prefix="podium-serve-"))
    folder.chmod(0o755)
    made = Project(folder)
    try:
        made.postgres.start()
        made.postgres.create_database()
        made.valkey.start()
        yield made
    finally:
        made.close()
        remove(folder)


@pytest.fixture(scope="module")
def shared(project: Project) -> Iterator[list[Serve]]:
    """At most one running server, kept between tests."""
    kept: list[Serve] = []
    yield kept
    for each in kept:
        each.close()


@pytest.fixture
def serve(project: Project, shared: list[Serve]) -> Iterator[Serve]:
    """A running server with two web servers. One that a test ended is started again for the next."""
    if shared and shared[0].process.poll() is not None:
        shared.clear()
    if not shared:
        shared.append(project.serve("--migrate", "--workers=2", "--concurrency=2"))
    yield shared[0]
    sys.stdout.write(shared[0].output)
