"""What Celery runs: one call, one recurrence, the sweep. And what tasks needs done regularly itself."""

from __future__ import annotations

from datetime import timedelta

from celery import current_task, shared_task

from core import clock
from tasks import queue, recurring
from tasks.conf import conf
from tasks.models import ScheduledCall
from tasks.scheduling import task


@shared_task(name=queue.RUN)
def run(call_id: str) -> None:
    queue.run(call_id)


@shared_task(name=recurring.SWEEP)
def sweep() -> None:
    queue.sweep()


@shared_task(name=recurring.RECUR)
def recur(name: str) -> None:
    recurring.recur(name, str(current_task.request.id))


@task(every=timedelta(hours=1))
def delete_ended_calls() -> None:
    """Delete calls that ended more than TASKS_KEEP_DAYS ago."""
    ScheduledCall.objects.filter(finished_at__lt=clock.now() - timedelta(days=conf.KEEP_DAYS)).delete()
