"""The life of a job: stored in the table, sent to the broker, claimed by one worker, run, ended.

The row is authoritative. `put` (sending.py) stores it, `run` (running.py) makes one attempt, and `sweep` recovers what
was lost: messages that no worker acted on, and jobs whose worker died.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from podium.core import clock
from tasks import attempts, sending
from tasks.attempts import Unreadable
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import Job, Reason, State
from tasks.outcomes import DATABASE_AWAY
from tasks.running import run
from tasks.sending import broker_errors, put

__all__ = ["put", "run", "sweep"]

logger = logging.getLogger("podium.tasks")


def sweep() -> int:
    """Send due jobs that were not sent or not acted on, and give up jobs of dead workers. Return their number.

    Any number of sweeps may run at once, because each takes different rows. An unreadable row does not block others.
    """
    count = _give_up_dead()
    try:
        while batch := _send_batch():
            count += batch
            if batch < conf.SWEEP_BATCH:
                break
    except broker_errors() as error:
        logger.error("the broker did not accept the due jobs; they will be sent later: %s", error)
    return count


def _send_batch() -> int:
    now = clock.now()
    with transaction.atomic():
        due = Job.objects.filter(state=State.PENDING, send_at__lte=now).order_by("send_at")
        batch = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[: conf.SWEEP_BATCH])
        for job_id in batch:
            _send_again(job_id)
    return len(batch)


def _send_again(job_id: UUID) -> None:
    """Send one job's message. Faults in its row affect that row alone."""
    try:
        with transaction.atomic():
            job = Job.objects.get(pk=job_id)
            if job.task not in tasks:
                raise Unreadable(f"There is no task {job.task}. Was it renamed or removed?")
            job.sends += 1
            job.send_at = sending.next_send(job, clock.now())
            job.save(update_fields=["sends", "send_at"])
            sending.send(job)
    except DATABASE_AWAY:
        raise
    except broker_errors():
        raise
    except Exception as error:  # noqa: BLE001  a stored value can raise anything when it is read
        attempts.mark_unreadable(job_id, error)


def _give_up_dead() -> int:
    """End the attempts of workers that have stopped renewing their leases: killed, or cut off.

    When a lease expires for the first time, the worker only becomes suspect and gets another lease. After an outage of
    the database all leases have expired, and live workers need time to renew them.
    """
    now = clock.now()
    silent = Job.objects.filter(state=State.RUNNING, lease_until__lt=now)
    dead = list(silent.filter(is_suspect=True).values_list("pk", "attempts")[: conf.SWEEP_BATCH])
    silent.filter(is_suspect=False).update(
        is_suspect=True, lease_until=now + timedelta(seconds=conf.LEASE_SECONDS)
    )
    return sum(_give_up(job_id, attempt) for job_id, attempt in dead)


def _give_up(job_id: UUID, attempt: int) -> bool:
    row = Job.objects.filter(pk=job_id, attempts=attempt, state=State.RUNNING, is_suspect=True)
    try:
        if not attempts.end(row, attempts.DIED, Reason.DIED):
            return False
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  a stored value can raise anything when it is read
        attempts.mark_unreadable(job_id, error)
        return False
    logger.error("job %s: %s", job_id, attempts.DIED)
    return True
