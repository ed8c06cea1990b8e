"""Scheduled calls, in tests: run what waits, now, without a worker and whenever it is due."""

from __future__ import annotations

from core import clock
from tasks import queue
from tasks.models import ScheduledCall, State


def run_scheduled() -> int:
    """Run all calls that wait, those due first first, and what they schedule in turn; gives how many ran.

    Each is claimed, read from its row and ended as by a worker. Raises AssertionError, with the traceback of the
    call, at the first that fails; it is not tried again. Sync code; in an async test
    `await sync_to_async(run_scheduled)()`.
    """
    count = 0
    while (
        call := ScheduledCall.objects.filter(state=State.PENDING).order_by("run_at", "id").first()
    ) is not None:
        ScheduledCall.objects.filter(pk=call.pk).update(run_at=min(call.run_at, clock.now()))
        queue.run(str(call.pk))
        call.refresh_from_db()
        if call.last_error:
            raise AssertionError(f"{call.task} failed:\n{call.last_error}")
        count += 1
    return count
