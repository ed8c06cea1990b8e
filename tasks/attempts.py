"""Attempts of jobs: claimed by one worker, kept alive by its lease, ended once. Rows only; nothing runs here."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject, Left

from podium.core import clock
from podium.core.logs import storable
from tasks import sending
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import Job, Reason, State

logger = logging.getLogger("podium.tasks")

EARLY = timedelta(seconds=1)
"""A job may start this long before its time, because the clocks of broker and workers differ slightly."""
ERROR_LENGTH = 50_000
"""Maximum characters stored of an error."""
UNREADABLE_LENGTH = 10_000
"""Maximum characters stored of unreadable arguments."""

DIED = "The worker stopped while it ran this job: killed, out of memory, or cut off from the database."
DIED_TOO_OFTEN = "{} This happened {} times, so the job does not run again."
TIMED_OUT = "Timed out after {:g} s: it ran longer than its timeout"
KILLED = TIMED_OUT + ", did not stop within {} s after that, and its process was killed."


class Unreadable(Exception):
    """A stored job that can't be run, because its task or its arguments are unknown."""


def claim(job_id: str, message_id: str) -> Job | None:
    """Claim a due, pending job with one conditional UPDATE, so that only one worker gets it.

    Return None if there is nothing to run.
    """
    now = clock.now()
    claimed = Job.objects.filter(pk=job_id, state=State.PENDING, run_at__lte=now + EARLY).update(
        state=State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=now,
        finished_at=None,
        message_id=message_id,
        lease_until=now + timedelta(seconds=conf.LEASE_SECONDS),
        is_suspect=False,
    )
    return Job.objects.get(pk=job_id) if claimed else None


def ours(job: Job) -> QuerySet[Job]:
    """The job's row, if it is still this attempt: a worker given up as dead must not end a later attempt."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


def renew(job: Job) -> None:
    """Renew the lease, which shows that the worker is alive."""
    until = clock.now() + timedelta(seconds=conf.LEASE_SECONDS)
    ours(job).update(lease_until=until, is_suspect=False)


def end(row: QuerySet[Job], error: str = "", reason: Reason = Reason.NONE) -> bool:
    """Record the end of an attempt. If the job is to run again, put the next attempt in the queue.

    Return False if the attempt's row no longer exists.
    """
    with transaction.atomic():
        job = row.select_for_update().first()
        if job is None:
            return False
        now = clock.now()
        job.last_error, job.reason = storable(error, ERROR_LENGTH), reason
        job.lease_until, job.is_suspect, job.finished_at = None, False, now
        changed = ["last_error", "reason", "lease_until", "is_suspect", "finished_at", "deaths", "run_at"]
        if reason == Reason.DIED:
            job.deaths += 1
        if error and _runs_again(job):
            job.run_at = now + _wait(job)
            sending.put(job, *changed)
            return True
        job.state = State.FAILED if error else State.DONE
        if reason == Reason.DIED:
            job.last_error = DIED_TOO_OFTEN.format(error, job.deaths)
        job.save(update_fields=[*changed, "state"])
    return True


def _runs_again(job: Job) -> bool:
    if job.reason == Reason.UNREADABLE:
        return False
    if job.reason == Reason.DIED:
        return job.deaths < conf.MAX_DEATHS
    return job.attempts - job.deaths < job.max_attempts


def _wait(job: Job) -> timedelta:
    """The wait before the next attempt. None after a worker's first death, which is rarely the job's fault."""
    times = job.deaths - 1 if job.reason == Reason.DIED else job.attempts - job.deaths
    if times < 1:
        return timedelta()
    if job.task in tasks:
        return tasks[job.task].wait(times)
    return timedelta(seconds=conf.BACKOFF_SECONDS)


def end_lost(job_id: str, message_id: str, *, timed_out: bool) -> None:
    """End an attempt whose process was killed for its time limit, or died, as reported by Celery's main process."""
    row = Job.objects.filter(pk=job_id, state=State.RUNNING, message_id=message_id)
    job = row.first()
    if job is None:
        return
    error, reason = DIED, Reason.DIED
    if timed_out:
        error, reason = KILLED.format(sending.seconds(job), conf.GRACE_SECONDS), Reason.TIMEOUT
    if end(ours(job), error, reason):
        logger.error("task %s, job %s: %s", job.task, job.pk, error)


def mark_unreadable(job_id: Any, error: Exception) -> None:
    """Mark an unreadable job as failed, so that no sweep selects it again. Logs it once."""
    rows = Job.objects.filter(pk=job_id, state__in=[State.PENDING, State.RUNNING])
    now = clock.now()
    text = storable(f"This job cannot be read: {type(error).__name__}: {error}", ERROR_LENGTH)
    values: dict[str, Any] = {
        "state": State.FAILED,
        "reason": Reason.UNREADABLE,
        "last_error": text,
        "lease_until": None,
        "is_suspect": False,
        "finished_at": now,
    }
    if not _can_be_fetched(job_id):  # the admin must be able to display it
        original = Left(Cast("arguments", TextField()), UNREADABLE_LENGTH)
        values |= {"arguments": JSONObject(unreadable=original), "started_at": None, "slot": None}
        values |= dict.fromkeys(["run_at", "send_at", "created_at"], now)
    if rows.update(**values):
        logger.error("job %s was not run. %s", job_id, text)


def _can_be_fetched(job_id: Any) -> bool:
    try:
        with transaction.atomic():
            Job.objects.filter(pk=job_id).first()
    except Exception:  # noqa: BLE001  a stored value can raise anything when it is read
        return False
    return True
