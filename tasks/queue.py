"""The way of a call: put in the table, sent to the broker, claimed by one worker, run, ended.

The row is the truth; a message only says "look at this row". So a message may get lost, come twice or come late.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import math
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet
from kombu.exceptions import OperationalError

from core import clock, observe
from core.logs import redacted
from tasks.conf import conf
from tasks.definitions import Task, tasks
from tasks.models import ScheduledCall, State

logger = logging.getLogger("podium.tasks")

RUN = "tasks.run"
"""Name of the Celery task that runs one call (tasks/tasks.py)."""
GRACE_SECONDS = 30
"""What a task has to end by itself after its timeout, before its worker process is killed."""
DEAD = "The worker stopped while it ran this call: killed, out of memory, or cut off from the database."
EARLY = timedelta(seconds=1)
"""How much before its time a call may start: clocks of broker and workers differ a little."""


def put(call: ScheduledCall) -> None:
    """Store a pending call in the running transaction, and send its message when that commits, if it is due soon."""
    now = clock.now()
    ahead = timedelta(seconds=conf.SEND_AHEAD_SECONDS)
    soon = call.run_at <= now + ahead
    call.sends = 1 if soon else 0
    call.send_at = _next_send(call, now) if soon else call.run_at - ahead
    call.save()
    if soon:
        transaction.on_commit(lambda: _send_or_leave(call))


def sweep() -> int:
    """Send what is due and was not sent, or was sent and not acted on; give up calls of dead workers. Gives how many.

    Any number may run at a time: each takes other rows.
    """
    count = _give_up_dead()
    while batch := _send_batch():
        count += batch
        if batch < conf.SWEEP_BATCH:
            break
    return count


def run(call_id: str) -> None:
    """Run one call if it is still to run: due, pending, claimed by nobody else. Failures end in its row."""
    call = _claim(call_id)
    if call is None:
        logger.info("call %s is not to run: not due, or it ran already, or it was cancelled", call_id)
        return
    error = ""
    try:
        with observe.span("task", call.task) as span, _lease(call):
            span.user_id = call.user_id
            try:
                _call(call)
            except Exception as failure:
                error = span.error = _description(call, failure)
                raise
    except Exception:
        logger.exception("task %s failed, attempt %d of %d", call.task, call.attempts, call.max_attempts)
    if not _end(_ours(call), error):
        logger.error("call %s of %s was given up while it ran here", call.pk, call.task)


def _call(call: ScheduledCall) -> None:
    if call.task not in tasks:
        raise LookupError(f"There is no task {call.task}. Was it renamed or removed?")
    declared = tasks[call.task]
    arguments = declared.decode(call.arguments)
    if inspect.iscoroutinefunction(declared.function):
        async_to_sync(_call_async)(declared, arguments)
    else:
        declared.function(**arguments)


async def _call_async(declared: Task, arguments: dict[str, Any]) -> None:
    limit = asyncio.timeout(declared.seconds)
    try:
        async with limit:
            await declared.function(**arguments)
    except TimeoutError:
        if limit.expired():
            raise SoftTimeLimitExceeded from None
        raise


def _description(call: ScheduledCall, failure: Exception) -> str:
    """What the row and the call log say of a failure: the traceback, below a sentence where that is not plain."""
    trace = redacted(traceback.format_exc())  # shown in the admin, like a log
    if isinstance(failure, SoftTimeLimitExceeded):
        return f"It took longer than its timeout of {_seconds(call):g} s and was stopped.\n\n{trace}"
    return trace


# Claiming, the sign of life, the end ----------------------------------------------------------------------------------


def _claim(call_id: str) -> ScheduledCall | None:
    """Make a due, pending call ours by one conditional UPDATE, so that one worker alone has it; None: not to run."""
    now = clock.now()
    claimed = ScheduledCall.objects.filter(pk=call_id, state=State.PENDING, run_at__lte=now + EARLY).update(
        state=State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=now,
        finished_at=None,
        lease_until=now + timedelta(seconds=conf.LEASE_SECONDS),
    )
    return ScheduledCall.objects.get(pk=call_id) if claimed else None


@contextmanager
def _lease(call: ScheduledCall) -> Iterator[None]:
    """Give a sign of life from a thread of its own while the call runs, three in the time of a lease."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(conf.LEASE_SECONDS / 3):
            until = clock.now() + timedelta(seconds=conf.LEASE_SECONDS)
            try:
                _ours(call).update(lease_until=until)
            except DatabaseError:
                logger.exception("call %s could not give its sign of life", call.pk)
            finally:
                connection.close()

    thread = threading.Thread(target=beat, name="task-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _ours(call: ScheduledCall) -> QuerySet[ScheduledCall]:
    """The row while it is still this attempt of it: a worker taken for dead must not end what another began."""
    return ScheduledCall.objects.filter(pk=call.pk, state=State.RUNNING, attempts=call.attempts)


def _end(row: QuerySet[ScheduledCall], error: str) -> bool:
    """Note how an attempt ended; if it failed and may be tried again, put the next one in the queue.

    False: there is no such row any more.
    """
    with transaction.atomic():
        call = row.select_for_update().first()
        if call is None:
            return False
        now = clock.now()
        call.last_error, call.lease_until, call.finished_at = error, None, now
        if error and call.attempts < call.max_attempts:
            call.state = State.PENDING
            call.run_at = now + _wait(call)
            put(call)
        else:
            call.state = State.FAILED if error else State.DONE
            call.save()
    return True


def _give_up_dead() -> int:
    """End the attempts of workers that gave no sign of life for a lease's time: killed, or cut off."""
    count = 0
    silent = ScheduledCall.objects.filter(state=State.RUNNING, lease_until__lt=clock.now())
    for call in silent[: conf.SWEEP_BATCH]:
        message = f"{DEAD} Its last sign of life was good until {call.lease_until:%Y-%m-%d %H:%M:%S} UTC."
        if _end(_ours(call).filter(lease_until=call.lease_until), message):
            logger.error("task %s, call %s: %s", call.task, call.pk, message)
            count += 1
    return count


def _seconds(call: ScheduledCall) -> float:
    return tasks[call.task].seconds if call.task in tasks else float(conf.TIMEOUT_SECONDS)


def _wait(call: ScheduledCall) -> timedelta:
    """The wait before the next attempt."""
    if call.task in tasks:
        return tasks[call.task].wait(call.attempts)
    return timedelta(seconds=conf.BACKOFF_SECONDS)


# Sending ------------------------------------------------------------------------------------------------------------


def _next_send(call: ScheduledCall, now: datetime) -> datetime:
    """When to send again if nobody acts on the message just sent: each time after twice as long."""
    doublings = min(max(call.sends - 1, 0), 10)
    return max(call.run_at, now) + timedelta(seconds=conf.RESEND_SECONDS * int(2**doublings))


def _send(call: ScheduledCall) -> None:
    seconds = math.ceil(_seconds(call))
    current_app.send_task(
        RUN,
        args=[str(call.pk)],
        eta=call.run_at if call.run_at > clock.now() else None,
        soft_time_limit=seconds,
        time_limit=seconds + GRACE_SECONDS,
        ignore_result=True,
        retry=True,
        retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1},
    )


def _send_or_leave(call: ScheduledCall) -> None:
    """Send a call's message; where the broker does not take it, log that: the next sweep sends it."""
    try:
        _send(call)
    except OperationalError as error:
        logger.error(
            "the broker did not take %s, call %s; it will be sent later: %s", call.task, call.pk, error
        )
        ScheduledCall.objects.filter(pk=call.pk, state=State.PENDING).update(send_at=call.run_at)


def _send_batch() -> int:
    now = clock.now()
    with transaction.atomic():
        due = ScheduledCall.objects.filter(state=State.PENDING, send_at__lte=now).order_by("send_at")
        batch = list(due.select_for_update(skip_locked=True)[: conf.SWEEP_BATCH])
        for call in batch:
            call.sends += 1
            call.send_at = _next_send(call, now)
            _send(call)
        ScheduledCall.objects.bulk_update(batch, ["sends", "send_at"])
    return len(batch)
