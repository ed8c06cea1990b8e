"""The way of a call: put in the table, sent to the broker, claimed by one worker, run, ended.

The row is the truth. `put` (sending.py) stores it, `run` (running.py) is one attempt of it, `sweep` looks after what
got lost: messages that nobody acted on, and calls whose worker died.
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
    """Send what is due and was not sent, or was sent and not acted on; give up calls of dead workers. Gives how many.

    Any number may run at a time: each takes other rows. A row that can't be read holds up no other.
    """
    count = _give_up_dead()
    try:
        while batch := _send_batch():
            count += batch
            if batch < conf.SWEEP_BATCH:
                break
    except BROKER_ERRORS as error:
        logger.error("the broker did not take the calls that are due; they will be sent later: %s", error)
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
    """Send one call's message; whatever is wrong with its row concerns that row alone."""
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
    except Exception as error:  # noqa: BLE001  whatever a stored value does to those who read it
        attempts.mark_unreadable(call_id, error)


def _give_up_dead() -> int:
    """End the attempts of workers that gave no sign of life: killed, or cut off.

    The first time a lease has run out the worker is only suspected, and gets another. After an outage of the database
    all leases have run out, and those who live need a moment to say so.
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
    except Exception as error:  # noqa: BLE001  whatever a stored value does to those who read it
        attempts.mark_unreadable(call_id, error)
        return False
    logger.error("call %s: %s", call_id, attempts.DIED)
    return True
