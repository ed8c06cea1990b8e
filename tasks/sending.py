"""Pending calls and their messages.

A message only asks a worker to look at a row: it may get lost, arrive twice or arrive late.
"""

from __future__ import annotations

import logging
import math
from datetime import datetime, timedelta

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import clock
from tasks.broker import app
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import ScheduledCall, State

logger = logging.getLogger("podium.tasks")

RUN = "tasks.run"
"""Name of the Celery task that runs a call (tasks/tasks.py)."""
BROKER_ERRORS = (OperationalError, RedisError, OSError)
RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}


def put(call: ScheduledCall, *changed: str) -> None:
    """Store a pending call in the current transaction. If it is due soon, send its message after the commit.

    changed  the fields to write if the call is already stored
    """
    now = clock.now()
    ahead = timedelta(seconds=conf.SEND_AHEAD_SECONDS)
    soon = call.run_at <= now + ahead
    call.state = State.PENDING
    call.sends = 1 if soon else 0
    call.send_at = next_send(call, now) if soon else call.run_at - ahead
    call.save(update_fields=[*changed, "state", "sends", "send_at"] if changed else None)
    if soon:
        transaction.on_commit(lambda: _send_or_leave(call))


def next_send(call: ScheduledCall, now: datetime) -> datetime:
    """The time to resend if no worker acts on the message just sent. The interval doubles each time."""
    doublings = min(max(call.sends - 1, 0), 10)
    return max(call.run_at, now) + timedelta(seconds=conf.RESEND_SECONDS * int(2**doublings))


def seconds(call: ScheduledCall) -> float:
    """The timeout of one attempt."""
    return tasks[call.task].seconds if call.task in tasks else float(conf.TIMEOUT_SECONDS)


def send(call: ScheduledCall) -> None:
    """Send the message of a pending call. Raises BROKER_ERRORS."""
    limit = math.ceil(seconds(call))
    app.send_task(
        RUN,
        args=[str(call.pk)],
        eta=call.run_at if call.run_at > clock.now() else None,
        soft_time_limit=limit,
        time_limit=limit + conf.GRACE_SECONDS,
        ignore_result=True,
        retry=True,
        retry_policy=RETRY_POLICY,
    )


def _send_or_leave(call: ScheduledCall) -> None:
    """Send a call's message. If the broker does not accept it, log that: the next sweep sends it."""
    try:
        send(call)
    except BROKER_ERRORS as error:
        logger.error(
            "the broker did not accept %s, call %s; it will be sent later: %s", call.task, call.pk, error
        )
        ScheduledCall.objects.filter(pk=call.pk, state=State.PENDING).update(send_at=call.run_at)
