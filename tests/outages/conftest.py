"""A stack for a module's tests. Everything is running at the start of each test."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.outages.stack import Stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore warnings about open sockets: an outage cuts the load's connections and leaves their sockets open."""
    for item in items:
        if "tests/outages/" in item.path.as_posix():
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(scope="module")
def module_stack() -> Iterator[Stack]:
    with Stack() as running:
        yield running


@pytest.fixture
def stack(module_stack: Stack) -> Iterator[Stack]:
    """A web server, a worker and the scheduler with a separate Postgres and Valkey. Logs are shown on failure."""
    module_stack.restore()
    yield module_stack
    sys.stdout.write(module_stack.logs())
