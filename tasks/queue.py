"""The life of a call: stored in the table, sent to the broker, claimed by one worker, run, ended.

The row is authoritative. `put` (sending.py) stores it, `run` (running.py) makes one attempt, and `sweep` recovers what
was lost: messages that no worker acted on, and calls whose worker died.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from core import clock
from tasks import attempts, sending
from tasks.attempts import Unreadable
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import Reason, ScheduledCall, State
from tasks.outcomes import DATABASE_AWAY
from tasks.running import run
from tasks.sending import BROKER_ERRORS, put

__all__ = ["put", "run", "sweep"]

logger = logging.getLogger("podium.tasks")


def sweep() -> int:
    """Send due calls that were not sent or not acted on, and give up calls of dead workers. Return their number.

    Any number of sweeps may run at once, because each takes different rows. An unreadable row does not block others.
    """
    count = _give_up_dead()
    try:
        while batch := _send_batch():
            count += batch
            if batch < conf.SWEEP_BATCH:
                break
    except BROKER_ERRORS as error:
        logger.error("the broker did not accept the due calls; they will be sent later: %s", error)
    return count


def _send_batch() -> int:
    now = clock.now()
    with transaction.atomic():
        due = ScheduledCall.objects.filter(state=State.PENDING, send_at__lte=now).order_by("send_at")
        batch = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[: conf.SWEEP_BATCH])
        for call_id in batch:
            _send_again(call_id)
    return len(batch)


def _send_again(call_id: UUID) -> None:
    """Send one call's message. Faults in its row affect that row alone."""
    try:
        with transaction.atomic():
            call = ScheduledCall.objects.get(pk=call_id)
            if call.task not in tasks:
                raise Unreadable(f"There is no task {call.task}. Was it renamed or removed?")
            call.sends += 1
            call.send_at = sending.next_send(call, clock.now())
            call.save(update_fields=["sends", "send_at"])
            sending.send(call)
    except (*DATABASE_AWAY, *BROKER_ERRORS):
        raise
    except Exception as error:  # noqa: BLE001  a stored value can raise anything when it is read
        attempts.mark_unreadable(call_id, error)


def _give_up_dead() -> int:
    """End the attempts of workers that have stopped renewing their leases: killed, or cut off.

    When a lease expires for the first time, the worker only becomes suspect and gets another lease. After an outage of
    the database all leases have expired, and live workers need time to renew them.
    """
    now = clock.now()
    silent = ScheduledCall.objects.filter(state=State.RUNNING, lease_until__lt=now)
    dead = list(silent.filter(is_suspect=True).values_list("pk", "attempts")[: conf.SWEEP_BATCH])
    silent.filter(is_suspect=False).update(
        is_suspect=True, lease_until=now + timedelta(seconds=conf.LEASE_SECONDS)
    )
    return sum(_give_up(call_id, attempt) for call_id, attempt in dead)


def _give_up(call_id: UUID, attempt: int) -> bool:
    row = ScheduledCall.objects.filter(pk=call_id, attempts=attempt, state=State.RUNNING, is_suspect=True)
    try:
        if not attempts.end(row, attempts.DIED, Reason.DIED):
            return False
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  a stored value can raise anything when it is read
        attempts.mark_unreadable(call_id, error)
        return False
    logger.error("call %s: %s", call_id, attempts.DIED)
    return True
