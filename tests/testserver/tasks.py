"""What the test server runs later, in a worker."""

from __future__ import annotations

from serverpod_test.models import SimpleData

from tasks.scheduling import task


@task
def store(data: SimpleData | None) -> None:
    """Keep the row; without one there is nothing to do."""
    if data is not None:
        data.save(force_insert=True)


@task
def fail(data: SimpleData | None) -> None:
    raise ValueError("a task that fails")
