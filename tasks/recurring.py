"""Tasks that recur. The scheduler stores a call for each slot (slots.py); the database sees to it that it is one.

Each recurring task is listed in django-celery-beat's table of periodic tasks too, where operators see and disable it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from celery import Celery
from django.db import IntegrityError, transaction
from django.db.models import F
from django_celery_beat.models import PeriodicTask

from core import clock
from tasks import sending, slots
from tasks.conf import conf
from tasks.definitions import Task, tasks
from tasks.models import ScheduledCall, State

logger = logging.getLogger("podium.tasks")

RECUR = "tasks.recur"
SWEEP = "tasks.sweep"
"""Names of the Celery tasks that are on the schedule (tasks/tasks.py)."""
PREFIX = "podium."


def register(app: Celery) -> None:
    """Put the sweep and every task with `every=` on the schedule of a Celery app.

    A sweep that no worker took before the next one is due expires, so that nothing piles up while workers are down.
    """
    entries: dict[str, Any] = {
        f"{PREFIX}sweep": {
            "task": SWEEP,
            "schedule": timedelta(seconds=conf.SWEEP_SECONDS),
            "options": {"expire_seconds": conf.SWEEP_SECONDS},
        }
    }
    for name, declared in tasks.items():
        if declared.every is not None:
            every = declared.every
            shown = every if isinstance(every, timedelta) else slots.canonical(every)
            entries[PREFIX + name] = {"task": RECUR, "schedule": shown, "args": [name]}
    app.conf.beat_schedule = {**app.conf.beat_schedule, **entries}


def tidy(**kwargs: Any) -> None:
    """When the scheduler starts: forget tasks that recur no longer, and start the clock of new ones.

    Without the second, a task that recurs daily would never run where the scheduler restarts every few hours.
    """
    names = [PREFIX + name for name, declared in tasks.items() if declared.every is not None]
    ours = PeriodicTask.objects.filter(task=RECUR)
    ours.exclude(name__in=names).delete()
    ours.filter(last_run_at=None).update(last_run_at=clock.now())


def fill(entries: Iterable[PeriodicTask]) -> float | None:
    """Store the calls of the slots that have come; give the seconds until the next slot, None where nothing recurs.

    A slot that passed while no scheduler ran is made up for, the latest alone.
    """
    nexts: list[float] = []
    for entry in entries:
        declared = tasks.get(entry.name.removeprefix(PREFIX))
        if declared is None or declared.every is None:
            continue
        now = clock.now()
        slot = slots.latest(declared.every, now)
        if entry.last_run_at is None or entry.last_run_at < slot:
            _fill_slot(entry, declared, slot)
            entry.last_run_at = slot
        nexts.append((slots.following(declared.every, now) - clock.now()).total_seconds())
    return max(min(nexts), 0.0) if nexts else None


def _fill_slot(entry: PeriodicTask, declared: Task, slot: datetime) -> None:
    """Store the call of a slot, unless another scheduler did. Two statements decide: each alone would do.

    The unique row decides as long as it is kept (TASKS_KEEP_DAYS), `last_run_at` also after that.
    """
    with transaction.atomic():
        mine = PeriodicTask.objects.filter(pk=entry.pk, enabled=True).exclude(last_run_at__gte=slot)
        if mine.update(last_run_at=slot, total_run_count=F("total_run_count") + 1):
            _put(declared, slot)


def recur(name: str) -> None:
    """Run a recurring task now, out of turn: "Run selected tasks" in the admin."""
    declared = tasks.get(name)
    if declared is None or declared.every is None:
        logger.warning("%s recurs no longer; restart the scheduler", name)
        return
    with transaction.atomic():
        _put(declared, None)


def _put(declared: Task, slot: datetime | None) -> None:
    """Put a call in the queue, unless one of the same task still waits there."""
    if ScheduledCall.objects.filter(task=declared.name, recurring=True, state=State.PENDING).exists():
        logger.info("%s is not run for %s: its call before that still waits", declared.name, slot or "now")
        return
    call = ScheduledCall(
        task=declared.name,
        recurring=True,
        slot=slot,
        run_at=slot or clock.now(),
        max_attempts=1 + declared.retries,
    )
    try:
        with transaction.atomic():
            sending.put(call)
    except IntegrityError:
        logger.info("%s for %s is stored already", declared.name, slot)
