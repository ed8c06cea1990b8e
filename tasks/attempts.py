"""Attempts of calls: claimed by one worker, kept alive by signs of life, ended once. Rows only; nothing runs here."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject, Left

from core import clock
from tasks import sending
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import Reason, ScheduledCall, State

logger = logging.getLogger("podium.tasks")

EARLY = timedelta(seconds=1)
"""A call may start this long before its time: clocks of broker and workers differ a little."""
ERROR_LENGTH = 50_000
"""Characters kept of an error."""
UNREADABLE_LENGTH = 10_000
"""Characters kept of arguments that can't be read."""

DIED = "The worker stopped while it ran this call: killed, out of memory, or cut off from the database."
DIED_TOO_OFTEN = "{} It happened {} times, so the call is not run again."
TIMED_OUT = "Timed out after {:g} s: it ran longer than its timeout"
KILLED = TIMED_OUT + ", did not stop within {} s after that, and its process was killed."


class Unreadable(Exception):
    """A stored call that can't be run: its task or its arguments are not known here."""


def claim(call_id: str, message_id: str) -> ScheduledCall | None:
    """Make a due, pending call ours by one conditional UPDATE, so that one worker alone has it; None: not to run."""
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
    """The row while it is still this attempt of it: a worker taken for dead must not end what another began."""
    return ScheduledCall.objects.filter(pk=call.pk, state=State.RUNNING, attempts=call.attempts)


def renew(call: ScheduledCall) -> None:
    """Show that the worker lives."""
    until = clock.now() + timedelta(seconds=conf.LEASE_SECONDS)
    ours(call).update(lease_until=until, is_suspect=False)


def end(row: QuerySet[ScheduledCall], error: str = "", reason: Reason = Reason.NONE) -> bool:
    """Note how an attempt ended; if it is to run again, put the next attempt in the queue.

    False: there is no such row any more.
    """
    with transaction.atomic():
        call = row.select_for_update().first()
        if call is None:
            return False
        now = clock.now()
        call.last_error, call.reason = storable(error), reason
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
    """The wait before the next attempt; none after the first death of a worker, which is rarely the call's doing."""
    times = call.deaths - 1 if call.reason == Reason.DIED else call.attempts - call.deaths
    if times < 1:
        return timedelta()
    if call.task in tasks:
        return tasks[call.task].wait(times)
    return timedelta(seconds=conf.BACKOFF_SECONDS)


def end_lost(call_id: str, message_id: str, *, timed_out: bool) -> None:
    """End the attempt whose process is gone: killed for its time limit, or dead. As Celery's main process reports."""
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
    """Fail a call that can't be read, so that no sweep selects it again; report it once."""
    rows = ScheduledCall.objects.filter(pk=call_id, state__in=[State.PENDING, State.RUNNING])
    now = clock.now()
    text = storable(f"This call cannot be read: {type(error).__name__}: {error}")
    values: dict[str, Any] = {
        "state": State.FAILED,
        "reason": Reason.UNREADABLE,
        "last_error": text,
        "lease_until": None,
        "is_suspect": False,
        "finished_at": now,
    }
    if not _can_be_fetched(call_id):  # the admin must be able to show it
        original = Left(Cast("arguments", TextField()), UNREADABLE_LENGTH)
        values |= {"arguments": JSONObject(unreadable=original), "started_at": None, "slot": None}
        values |= dict.fromkeys(["run_at", "send_at", "created_at"], now)
    if rows.update(**values):
        logger.error("call %s was not run. %s", call_id, text)


def _can_be_fetched(call_id: Any) -> bool:
    try:
        with transaction.atomic():
            ScheduledCall.objects.filter(pk=call_id).first()
    except Exception:  # noqa: BLE001  whatever a stored value does to those who read it
        return False
    return True


def storable(text: str) -> str:
    """Text as Postgres takes it: without NUL and lone surrogates; of a long one both its ends."""
    if len(text) > ERROR_LENGTH:
        half = ERROR_LENGTH // 2
        text = f"{text[:half]}\n... {len(text) - 2 * half} characters ...\n{text[-half:]}"
    return text.replace("\x00", "\\0").encode(errors="backslashreplace").decode()
