"""The slots of recurring tasks: the same for all schedulers, with one call for each."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.schedules import crontab
from django.db import connection
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from podium.core import clock
from tasks import recurring, slots
from tasks.broker import app
from tasks.models import Job, State

NOW = datetime(2026, 11, 30, 12, 34, 56, 789, tzinfo=UTC)
"""A Monday."""


@pytest.mark.parametrize(
    ("every", "latest", "following"),
    [
        (timedelta(seconds=1), "2026-11-30 12:34:56", "2026-11-30 12:34:57"),
        (timedelta(hours=1), "2026-11-30 12:00:00", "2026-11-30 13:00:00"),
        (timedelta(days=1), "2026-11-30 00:00:00", "2026-12-01 00:00:00"),
        (crontab(), "2026-11-30 12:34:00", "2026-11-30 12:35:00"),
        (crontab(minute="*/20"), "2026-11-30 12:20:00", "2026-11-30 12:40:00"),
        (crontab(minute=40, hour="*/6"), "2026-11-30 06:40:00", "2026-11-30 12:40:00"),
        (crontab(minute=0, hour=3, day_of_week="sun"), "2026-11-29 03:00:00", "2026-12-06 03:00:00"),
        (crontab(0, 0, day_of_month=31), "2026-10-31 00:00:00", "2026-12-31 00:00:00"),
        (crontab(0, 0, day_of_month=29, month_of_year=2), "2024-02-29 00:00:00", "2028-02-29 00:00:00"),
    ],
    ids=str,
)
def test_slots_before_and_after_a_moment(every, latest, following):
    assert str(slots.latest(every, NOW))[:19] == latest
    assert str(slots.following(every, NOW))[:19] == following
    exactly = slots.following(every, NOW)
    assert slots.latest(every, exactly) == exactly
    assert slots.following(every, exactly) > exactly


@pytest.mark.parametrize("field", [{0, 30}, [0, 30], "*/30", 7, "*"], ids=str)
def test_any_spelling_of_a_crontab_can_be_stored_and_read_again(field):
    """django-celery-beat stores the text of each field, and can't read the text of a list."""
    shown: Any = slots.canonical(crontab(minute=field))
    stored, given = crontab(minute=str(shown._orig_minute)), crontab(minute=field)
    assert stored == given


@pytest.fixture
def entry() -> PeriodicTask:
    interval = IntervalSchedule.objects.create(every=1, period="seconds")
    return PeriodicTask.objects.create(
        name="podium.sample_tasks.tick",
        task=recurring.RECUR,
        interval=interval,
        last_run_at=clock.now() - timedelta(days=1),
    )


@pytest.fixture
def still(monkeypatch) -> datetime:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.mark.django_db
def test_a_slot_has_one_job_with_several_schedulers(entry, still):
    stale = [PeriodicTask.objects.get() for _ in range(3)]  # of schedulers that were paused and then continue
    assert recurring.fill([entry]) == pytest.approx(1, abs=1)
    assert recurring.fill([entry]) is not None
    Job.objects.update(state=State.DONE)
    for each in stale:
        recurring.fill([each])
    call = Job.objects.get()
    assert call.slot == call.run_at == still.replace(microsecond=0)
    entry.refresh_from_db()
    assert (entry.last_run_at, entry.total_run_count) == (call.slot, 1)

    Job.objects.all().delete()  # after TASKS_KEEP_DAYS
    recurring.fill([PeriodicTask(pk=entry.pk, name=entry.name, last_run_at=still - timedelta(days=30))])
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_row_alone_keeps_a_slot_from_running_twice(entry, still):
    recurring.fill([entry])
    Job.objects.update(state=State.DONE)
    PeriodicTask.objects.update(last_run_at=still - timedelta(days=1))  # for example restored from a backup
    recurring.fill([PeriodicTask.objects.get()])
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_disabled_task_and_one_whose_call_still_waits_are_left_out(entry, monkeypatch):
    recurring.fill([entry])
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=5))
    recurring.fill([entry])
    assert Job.objects.count() == 1  # the first one is still pending
    Job.objects.update(state=State.DONE)
    PeriodicTask.objects.update(enabled=False)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=10))
    recurring.fill([entry])
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_schedulers_that_fill_a_slot_at_the_same_moment_store_one_call(entry, still):
    together = threading.Barrier(8)

    def fill(mine: PeriodicTask) -> None:
        try:
            together.wait(20)
            recurring.fill([mine])
        finally:
            connection.close()

    threads = [threading.Thread(target=fill, args=[PeriodicTask.objects.get()]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Job.objects.filter(task="sample_tasks.tick").count() == 1


@pytest.mark.django_db
def test_run_now_in_the_admin_needs_no_slot(entry):
    app.tasks[recurring.RECUR]("sample_tasks.tick")
    call = Job.objects.get()
    assert (call.slot, call.recurring) == (None, True)
    app.tasks[recurring.RECUR]("sample_tasks.tick")
    app.tasks[recurring.RECUR]("sample_tasks.gone")
    assert Job.objects.count() == 1
