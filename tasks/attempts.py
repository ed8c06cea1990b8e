"""Attempts of calls: claimed by one worker, kept alive by its lease, ended once. Rows only; nothing runs here."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject, Left

from core import clock
from core.logs import storable
from tasks import sending
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import Reason, ScheduledCall, State

logger = logging.getLogger("podium.tasks")

EARLY = timedelta(seconds=1)
"""A call may start this long before its time, because the clocks of broker and workers differ slightly."""
ERROR_LENGTH = 50_000
"""Maximum characters stored of an error."""
UNREADABLE_LENGTH = 10_000
"""Maximum characters stored of unreadable arguments."""

DIED = "The worker stopped while it ran this call: killed, out of memory, or cut off from the database."
DIED_TOO_OFTEN = "{} This happened {} times, so the call does not run again."
TIMED_OUT = "Timed out after {:g} s: it ran longer than its timeout"
KILLED = TIMED_OUT + ", did not stop within {} s after that, and its process was killed."


class Unreadable(Exception):
    """A stored call that can't be run, because its task or its arguments are unknown."""


def claim(call_id: str, message_id: str) -> ScheduledCall | None:
    """Claim a due, pending call with one conditional UPDATE, so that only one worker gets it.

    Return None if there is nothing to run.
    """
    now = clock.now()
    claimed = ScheduledCall.objects.filter(pk=call_id, state=State.PENDING, run_at__lte=now + EARLY).update(
        state=State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=now,
        finished_at=None,
        message_id=message_id,
        lease_until=now + timedelta(seconds=conf.LEASE_SECONDS),
        is_suspect=False,
    )
    return ScheduledCall.objects.get(pk=call_id) if claimed else None


def ours(call: ScheduledCall) -> QuerySet[ScheduledCall]:
    """The call's row, if it is still this attempt: a worker given up as dead must not end a later attempt."""
    return ScheduledCall.objects.filter(pk=call.pk, state=State.RUNNING, attempts=call.attempts)


def renew(call: ScheduledCall) -> None:
    """Renew the lease, which shows that the worker is alive."""
    until = clock.now() + timedelta(seconds=conf.LEASE_SECONDS)
    ours(call).update(lease_until=until, is_suspect=False)


def end(row: QuerySet[ScheduledCall], error: str = "", reason: Reason = Reason.NONE) -> bool:
    """Record the end of an attempt. If the call is to run again, put the next attempt in the queue.

    Return False if the attempt's row no longer exists.
    """
    with transaction.atomic():
        call = row.select_for_update().first()
        if call is None:
            return False
        now = clock.now()
        call.last_error, call.reason = storable(error, ERROR_LENGTH), reason
        call.lease_until, call.is_suspect, call.finished_at = None, False, now
        changed = ["last_error", "reason", "lease_until", "is_suspect", "finished_at", "deaths", "run_at"]
        if reason == Reason.DIED:
            call.deaths += 1
        if error and _runs_again(call):
            call.run_at = now + _wait(call)
            sending.put(call, *changed)
            return True
        call.state = State.FAILED if error else State.DONE
        if reason == Reason.DIED:
            call.last_error = DIED_TOO_OFTEN.format(error, call.deaths)
        call.save(update_fields=[*changed, "state"])
    return True


def _runs_again(call: ScheduledCall) -> bool:
    if call.reason == Reason.UNREADABLE:
        return False
    if call.reason == Reason.DIED:
        return call.deaths < conf.MAX_DEATHS
    return call.attempts - call.deaths < call.max_attempts


def _wait(call: ScheduledCall) -> timedelta:
    """The wait before the next attempt. None after a worker's first death, which is rarely the call's fault."""
    times = call.deaths - 1 if call.reason == Reason.DIED else call.attempts - call.deaths
    if times < 1:
        return timedelta()
    if call.task in tasks:
        return tasks[call.task].wait(times)
    return timedelta(seconds=conf.BACKOFF_SECONDS)


def end_lost(call_id: str, message_id: str, *, timed_out: bool) -> None:
    """End an attempt whose process was killed for its time limit, or died, as reported by Celery's main process."""
    row = ScheduledCall.objects.filter(pk=call_id, state=State.RUNNING, message_id=message_id)
    call = row.first()
    if call is None:
        return
    error, reason = DIED, Reason.DIED
    if timed_out:
        error, reason = KILLED.format(sending.seconds(call), conf.GRACE_SECONDS), Reason.TIMEOUT
    if end(ours(call), error, reason):
        logger.error("task %s, call %s: %s", call.task, call.pk, error)


def mark_unreadable(call_id: Any, error: Exception) -> None:
    """Mark an unreadable call as failed, so that no sweep selects it again. Logs it once."""
    rows = ScheduledCall.objects.filter(pk=call_id, state__in=[State.PENDING, State.RUNNING])
    now = clock.now()
    text = storable(f"This call cannot be read: {type(error).__name__}: {error}", ERROR_LENGTH)
    values: dict[str, Any] = {
        "state": State.FAILED,
        "reason": Reason.UNREADABLE,
        "last_error": text,
        "lease_until": None,
        "is_suspect": False,
        "finished_at": now,
    }
    if not _can_be_fetched(call_id):  # the admin must be able to display it
        original = Left(Cast("arguments", TextField()), UNREADABLE_LENGTH)
        values |= {"arguments": JSONObject(unreadable=original), "started_at": None, "slot": None}
        values |= dict.fromkeys(["run_at", "send_at", "created_at"], now)
    if rows.update(**values):
        logger.error("call %s was not run. %s", call_id, text)


def _can_be_fetched(call_id: Any) -> bool:
    try:
        with transaction.atomic():
            ScheduledCall.objects.filter(pk=call_id).first()
    except Exception:  # noqa: BLE001  a stored value can raise anything when it is read
        return False
    return True
