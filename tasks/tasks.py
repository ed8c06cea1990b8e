"""Celery tasks: jobs, the sweep, reports of lost processes, and this app's own regular work."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.signals import task_failure, worker_process_shutdown

from podium.core import clock
from podium.rest.resources import idempotency
from tasks import attempts, outcomes, queue, recurring, sending
from tasks.broker import app
from tasks.conf import conf
from tasks.models import Job
from tasks.outcomes import DATABASE_AWAY
from tasks.scheduling import task

logger = logging.getLogger("podium.tasks")

LOST = "tasks.lost"
AGAIN: dict[str, Any] = {
    "autoretry_for": DATABASE_AWAY,
    "retry_backoff": 1,
    "retry_backoff_max": 5,
    "max_retries": 100,
}
"""While the database is unavailable, messages wait for it."""


@app.task(name=sending.RUN, bind=True, **AGAIN)
def run(self: Any, job_id: str) -> None:
    queue.run(job_id, str(self.request.id))


@app.task(name=recurring.SWEEP)
def sweep() -> None:
    try:
        queue.sweep()
    except DATABASE_AWAY as error:  # another sweep follows soon
        logger.error("the sweep is waiting for the database: %s", error)


@app.task(name=recurring.RECUR)
def recur(name: str) -> None:
    recurring.recur(name)


@app.task(name=LOST, **AGAIN)
def lost(job_id: str, message_id: str, timed_out: bool) -> None:
    attempts.end_lost(job_id, message_id, timed_out=timed_out)


@task_failure.connect
def report_lost(sender: Any, task_id: str, exception: Exception, args: Any, **kwargs: Any) -> None:
    """Report a child that died or was killed for its time limit, from a worker's main process, which has no database.

    Without this message the sweep would notice later, and could not distinguish the two cases.
    """
    if sender.name == sending.RUN and isinstance(exception, TimeLimitExceeded | WorkerLostError):
        timed_out = isinstance(exception, TimeLimitExceeded)
        try:
            app.send_task(LOST, args=[args[0], task_id, timed_out], retry_policy=sending.RETRY_POLICY)
        except sending.broker_errors() as error:
            logger.error(
                "the end of job %s could not be reported; the sweep will notice it: %s", args[0], error
            )


worker_process_shutdown.connect(outcomes.stop)


@task(every=timedelta(hours=1))
def delete_ended_calls() -> None:
    """Delete jobs that ended more than TASKS_KEEP_DAYS ago."""
    Job.objects.filter(finished_at__lt=clock.now() - timedelta(days=conf.KEEP_DAYS)).delete()


@task(every=timedelta(days=1))
def delete_expired_answers() -> None:
    """Delete answers to REST requests with an Idempotency-Key that are no longer sent again."""
    idempotency.delete_expired()
