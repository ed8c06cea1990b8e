"""Tasks that recur: told to Celery's scheduler at start; each recurrence is a ScheduledCall like any other."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery import Celery
from django.db import transaction
from django_celery_beat.models import PeriodicTask

from core import clock
from tasks import queue
from tasks.conf import conf
from tasks.definitions import tasks
from tasks.models import ScheduledCall, State

logger = logging.getLogger("podium.tasks")

RECUR = "tasks.recur"
SWEEP = "tasks.sweep"
"""Names of the Celery tasks that the scheduler sends (tasks/tasks.py)."""


def register(app: Celery) -> None:
    """Put the sweep and every task with `every=` on the schedule of a Celery app.

    A message that no worker took before the next one is due expires, so that nothing piles up while workers are down.
    """
    entries: dict[str, Any] = {
        "podium.sweep": {
            "task": SWEEP,
            "schedule": timedelta(seconds=conf.SWEEP_SECONDS),
            "options": {"expire_seconds": conf.SWEEP_SECONDS},
        }
    }
    for name, declared in tasks.items():
        if declared.every is not None:
            entries[f"podium.{name}"] = {"task": RECUR, "schedule": declared.every, "args": [name]}
            if isinstance(declared.every, timedelta):
                entries[f"podium.{name}"]["options"] = {"expire_seconds": int(declared.every.total_seconds())}
    app.conf.beat_schedule = {**app.conf.beat_schedule, **entries}


def tidy(**kwargs: Any) -> None:
    """When the scheduler starts: forget tasks that recur no longer, and start the clock of new ones.

    Without the second, a task that recurs daily would never run where the scheduler restarts every few hours.
    """
    names = [f"podium.{name}" for name, declared in tasks.items() if declared.every is not None]
    ours = PeriodicTask.objects.filter(task=RECUR)
    ours.exclude(name__in=names).delete()
    ours.filter(last_run_at=None).update(last_run_at=clock.now())


def recur(name: str, message_id: str) -> None:
    """Put the next call of a recurring task in the queue; once for each message, and not while one still waits."""
    declared = tasks.get(name)
    if declared is None or declared.every is None:
        logger.warning("%s recurs no longer; restart the scheduler", name)
        return
    with transaction.atomic():
        waiting = ScheduledCall.objects.filter(task=name, recurring=True, state=State.PENDING)
        if waiting.exists() or ScheduledCall.objects.filter(pk=message_id).exists():
            return
        call = ScheduledCall(pk=message_id, task=name, recurring=True, max_attempts=1 + declared.retries)
        queue.put(call)
