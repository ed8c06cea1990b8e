"""Recurring tasks. The scheduler stores a job for each slot (slots.py); the database ensures that there is only one.

Each recurring task is also listed in django-celery-beat's table of periodic tasks, where operators can disable it.
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

from podium.core import clock
from tasks import sending, slots
from tasks.conf import conf
from tasks.definitions import Task, tasks
from tasks.models import Job, State

logger = logging.getLogger("podium.tasks")

RECUR = "tasks.recur"
SWEEP = "tasks.sweep"
"""Names of the Celery tasks on the schedule (tasks/tasks.py)."""
PREFIX = "podium."


def register(app: Celery) -> None:
    """Put the sweep and every task with `every=` on the schedule of a Celery app.

    A sweep expires if no worker takes it before the next one, so that none pile up while workers are down.
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
    """At the start of the scheduler, forget tasks that no longer recur, and start the clock of new ones.

    Without the second, a daily task would never run if the scheduler restarts every few hours.
    """
    names = [PREFIX + name for name, declared in tasks.items() if declared.every is not None]
    ours = PeriodicTask.objects.filter(task=RECUR)
    ours.exclude(name__in=names).delete()
    ours.filter(last_run_at=None).update(last_run_at=clock.now())


def fill(entries: Iterable[PeriodicTask]) -> float | None:
    """Store the jobs of slots that are due. Return the seconds until the next slot, or None if nothing recurs.

    If slots passed while no scheduler ran, only the latest one is made up for.
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
    """Store the job of a slot, unless another scheduler did. There are two safeguards, and either is sufficient.

    The unique row works as long as it is kept (TASKS_KEEP_DAYS); `last_run_at` also works after that.
    """
    with transaction.atomic():
        mine = PeriodicTask.objects.filter(pk=entry.pk, enabled=True).exclude(last_run_at__gte=slot)
        if mine.update(last_run_at=slot, total_run_count=F("total_run_count") + 1):
            _put(declared, slot)


def recur(name: str) -> None:
    """Run a recurring task now, outside its schedule: "Run selected tasks" in the admin."""
    declared = tasks.get(name)
    if declared is None or declared.every is None:
        logger.warning("%s no longer recurs; restart the scheduler", name)
        return
    with transaction.atomic():
        _put(declared, None)


def _put(declared: Task, slot: datetime | None) -> None:
    """Put a job in the queue, unless an earlier job of the same task is still pending."""
    if Job.objects.filter(task=declared.name, recurring=True, state=State.PENDING).exists():
        logger.info("%s does not run for %s: its previous job is still pending", declared.name, slot or "now")
        return
    job = Job(
        task=declared.name,
        recurring=True,
        slot=slot,
        run_at=slot or clock.now(),
        max_attempts=1 + declared.retries,
    )
    try:
        with transaction.atomic():
            sending.put(job)
    except IntegrityError:
        logger.info("%s for %s is already stored", declared.name, slot)
