"""The scheduler: `celery -A config.celery beat`. It sends the sweep and stores the jobs of recurring tasks.

It recovers by itself from an outage of the database or the broker. Any number of schedulers may run at once.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import schedules
from celery.beat import SchedulingError
from django.db import connections
from django.db.models import QuerySet
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from tasks import recurring
from tasks.outcomes import DATABASE_AWAY

logger = logging.getLogger("podium.tasks")

PAUSE_SECONDS = 1.0
"""Pause between attempts while the database is unavailable."""


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """End the process by SIGTERM or SIGINT. Celery's handler asks the scheduler first, which is not made yet."""
    if threading.current_thread() is not threading.main_thread():  # `celery worker -B`
        yield
        return
    before = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(*_: Any) -> None:
    raise SystemExit(0)


class Entry(ModelEntry):
    """A row of the schedule. For recurring tasks it only lists and enables them; `recurring.fill` runs them."""

    def is_due(self) -> schedules.schedstate:
        if self.task == recurring.RECUR:
            return schedules.schedstate(False, 60)
        state: schedules.schedstate = super().is_due()
        return state


class Scheduler(DatabaseScheduler):
    """django-celery-beat's scheduler, plus slots, and able to wait for its database and broker."""

    Entry = Entry
    producer = None  # each message uses a connection of the app's pool, so no broken one is kept

    def setup_schedule(self) -> None:
        """Wait for the database first: otherwise the schedule would stay empty for minutes."""
        with _ended_by_signals():
            while not self._is_connected():
                time.sleep(PAUSE_SECONDS)
        super().setup_schedule()

    def _is_connected(self) -> bool:
        try:
            connections["default"].ensure_connection()
        except DATABASE_AWAY as error:
            self._pause(error)
            return False
        return True

    def enabled_models_qs(self) -> QuerySet[PeriodicTask]:
        """All rows without their schedules, which are read one by one so that a faulty one affects no other."""
        rows: QuerySet[PeriodicTask] = PeriodicTask.objects.filter(enabled=True)
        return rows

    def all_as_schedule(self) -> dict[str, ModelEntry]:
        """The readable entries by name."""
        entries = {}
        for model in self.enabled_models():
            try:
                entries[model.name] = self.Entry(model, app=self.app)
            except DATABASE_AWAY:
                raise
            except Exception as error:  # noqa: BLE001  a stored value can raise anything when it is read
                logger.error("the periodic task %s can't be read and does not run: %s", model.name, error)
        return entries

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Do everything that is due. Return the seconds until the next tick."""
        try:
            wait = super().tick(*args, **kwargs)
            entries = [each.model for each in self._schedule.values() if each.task == recurring.RECUR]
            until_slot = recurring.fill(entries)
        except DATABASE_AWAY as error:
            return self._pause(error)
        return float(wait if until_slot is None else min(wait, until_slot))

    def _pause(self, error: Exception) -> float:
        logger.error("the scheduler is waiting for the database: %s", error)
        connections.close_all()
        return PAUSE_SECONDS

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send one message. If the broker does not accept it, the next one is sent at its own time."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            logger.error("%s was not sent: %s", entry.name, error)
