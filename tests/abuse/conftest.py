"""A real server with the production options and short time limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests import processes
from tests.processes import Server

LARGE_BYTES = 30 * 1024 * 1024


def running(folder: Path, **more: str) -> AbstractContextManager[Server]:
    """A server with the endpoints and pages of tests/abuse/strangers. more: environment variables."""
    large = folder / "large"
    if not large.exists():
        large.write_bytes(bytes(LARGE_BYTES))
    more = {"DJANGO_SETTINGS_MODULE": "tests.abuse.settings", "LARGE_FILE": str(large), **more}
    return processes.server(folder, **more)


@pytest.fixture(scope="package")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("abuse")) as server:
        yield server
