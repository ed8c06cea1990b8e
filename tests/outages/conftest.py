"""A stack for the tests of a module; each test begins with all of it running."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.outages.stack import Stack


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
