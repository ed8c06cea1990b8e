"""Tasks that the test server runs later, in a worker."""

from __future__ import annotations

import logging

from serverpod_test.models import SimpleData

from tasks.scheduling import task

logger = logging.getLogger("podium.testserver")


@task
def store(number: int) -> None:
    """Insert a row with this number."""
    SimpleData.objects.create(num=number)


@task
def fail() -> None:
    raise ValueError("a task that fails")


@task
def note(data: SimpleData | None) -> None:
    """Write the row's number to the log."""
    logger.info("%s", data.num if data else None)


@task
def note_and_fail(data: SimpleData | None) -> None:
    note(data)
    raise ValueError("a task that fails")
