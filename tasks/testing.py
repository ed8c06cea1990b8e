"""Run waiting jobs in tests: now, without a worker, whenever they are due."""

from __future__ import annotations

from datetime import datetime

from podium.core import clock
from tasks import queue
from tasks.models import Job, State


def run_scheduled(*, until: datetime | None = None) -> int:
    """Run all waiting jobs in the order of their times, and the jobs that they schedule. Return the number of runs.

    until  leave out jobs that are due later. For a task that schedules itself again, this is needed to come to an end

    Each job is claimed, read from its row and ended as by a worker. Raises AssertionError, with the traceback of the
    job, at the first failure; it is not tried again. For sync code; in an async test
    `await sync_to_async(run_scheduled)()`.
    """
    count = 0
    waiting = Job.objects.filter(state=State.PENDING).order_by("run_at", "id")
    if until is not None:
        waiting = waiting.filter(run_at__lte=until)
    while (job := waiting.first()) is not None:
        Job.objects.filter(pk=job.pk).update(run_at=min(job.run_at, clock.now()))
        queue.run(str(job.pk))
        job.refresh_from_db()
        if job.last_error:
            raise AssertionError(f"{job.task} failed:\n{job.last_error}")
        count += 1
    return count
