"""A stack for the tests of a module; each test begins with all of it running."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.outages.stack import Stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An outage cuts off connections of the load, and the garbage collector finds their sockets open."""
    for item in items:
        if "tests/outages/" in item.path.as_posix():
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(scope="module")
def module_stack() -> Iterator[Stack]:
    with Stack() as running:
        yield running


@pytest.fixture
def stack(module_stack: Stack) -> Iterator[Stack]:
    """One web server, a worker and the scheduler on a Postgres and a Valkey of their own; logs are shown on failure."""
    module_stack.restore()
    yield module_stack
    sys.stdout.write(module_stack.logs())
