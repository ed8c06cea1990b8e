"""Pending jobs and their messages.

A message only asks a worker to look at a row: it may get lost, arrive twice or arrive late.
"""

from __future__ import annotations

import logging
import math
from datetime import datetime, timedelta

from django.db import transaction
from kombu.exceptions import OperationalError

from podium.core import clock
from podium.core.lazy import redis
from tasks.broker import app
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import Job, State

logger = logging.getLogger("podium.tasks")

RUN = "tasks.run"
"""Name of the Celery task that runs a job (tasks/tasks.py)."""
RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}


def broker_errors() -> tuple[type[Exception], ...]:
    """The errors of a broker that can't be reached or does not accept a message."""
    return OperationalError, redis.RedisError, OSError


def put(job: Job, *changed: str) -> None:
    """Store a pending job in the current transaction. If it is due soon, send its message after the commit.

    changed  the fields to write if the job is already stored
    """
    now = clock.now()
    ahead = timedelta(seconds=conf.SEND_AHEAD_SECONDS)
    soon = job.run_at <= now + ahead
    job.state = State.PENDING
    job.sends = 1 if soon else 0
    job.send_at = next_send(job, now) if soon else job.run_at - ahead
    job.save(update_fields=[*changed, "state", "sends", "send_at"] if changed else None)
    if soon:
        transaction.on_commit(lambda: _send_or_leave(job))


def next_send(job: Job, now: datetime) -> datetime:
    """The time to resend if no worker acts on the message just sent. The interval doubles each time."""
    doublings = min(max(job.sends - 1, 0), 10)
    return max(job.run_at, now) + timedelta(seconds=conf.RESEND_SECONDS * int(2**doublings))


def seconds(job: Job) -> float:
    """The timeout of one attempt."""
    return tasks[job.task].seconds if job.task in tasks else float(conf.TIMEOUT_SECONDS)


def send(job: Job) -> None:
    """Send the message of a pending job. Raises one of broker_errors()."""
    limit = math.ceil(seconds(job))
    app.send_task(
        RUN,
        args=[str(job.pk)],
        eta=job.run_at if job.run_at > clock.now() else None,
        soft_time_limit=limit,
        time_limit=limit + conf.GRACE_SECONDS,
        ignore_result=True,
        retry=True,
        retry_policy=RETRY_POLICY,
    )


def _send_or_leave(job: Job) -> None:
    """Send a job's message. If the broker does not accept it, log that: the next sweep sends it."""
    try:
        send(job)
    except broker_errors() as error:
        logger.error(
            "the broker did not accept %s, job %s; it will be sent later: %s", job.task, job.pk, error
        )
        Job.objects.filter(pk=job.pk, state=State.PENDING).update(send_at=job.run_at)
