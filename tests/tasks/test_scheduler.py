"""The scheduler's own table: an unreadable row does not block others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from podium.core import clock
from podium.core.project import ROOT
from tasks.broker import app
from tasks.models import Job
from tasks.scheduler import Scheduler
from tests.tasks.conftest import wait_until
from tests.tasks.test_scheduling import messages

FAULTS = {
    "minute": "UPDATE django_celery_beat_crontabschedule SET minute = '99'",
    "text": "UPDATE django_celery_beat_crontabschedule SET hour = '[0, 12]'",
    "never": "UPDATE django_celery_beat_crontabschedule SET day_of_month = '31', month_of_year = '2'",
    "time zone": "UPDATE django_celery_beat_crontabschedule SET timezone = 'Mars/Phobos'",
    "arguments": "UPDATE django_celery_beat_periodictask SET args = '{not JSON' WHERE name = 'mine'",
    "headers": "UPDATE django_celery_beat_periodictask SET headers = '[' WHERE name = 'mine'",
    "interval": "UPDATE django_celery_beat_periodictask SET crontab_id = NULL WHERE name = 'mine'",
}
"""Values written by hand or by another program."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_row_of_the_schedule_stops_nothing_else(fault: str) -> None:
    PeriodicTask.objects.create(
        name="mine", task="tasks.sweep", crontab=CrontabSchedule.objects.create(minute="0")
    )
    with connection.cursor() as cursor:
        cursor.execute(FAULTS[fault])
    scheduler = Scheduler(app=app)
    assert {"podium.sweep", "podium.tasks.delete_ended_calls"} <= scheduler.schedule.keys()
    PeriodicTask.objects.filter(name="podium.sweep").update(last_run_at=None)
    for _ in range(5):
        assert scheduler.tick() >= 0


@pytest.mark.django_db(transaction=True)
def test_the_scheduler_sends_the_sweep_and_stores_recurring_calls() -> None:
    interval, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
    long_ago = clock.now().replace(year=2020)
    PeriodicTask.objects.create(
        name="podium.sample_tasks.tick", task="tasks.recur", interval=interval, last_run_at=long_ago
    )
    PeriodicTask.objects.create(
        name="podium.sweep", task="tasks.sweep", interval=interval, last_run_at=long_ago
    )
    scheduler = Scheduler(app=app)
    for _ in range(3):
        scheduler.tick()
    assert Job.objects.filter(task="sample_tasks.tick", recurring=True).count() == 1
    assert messages() >= 2


PROGRAM = """
import threading
import celery
celery.current_app.conf  # as some libraries do when they are imported: Celery makes its fallback application
import django
django.setup()
from tasks.broker import app

@celery.shared_task
def theirs(): ...

def look():
    assert celery.current_app._get_current_object() is app, celery.current_app
    assert theirs.app is app, theirs.app
    print("the same")

thread = threading.Thread(target=look)
thread.start()
thread.join()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_code_of_others_finds_our_application_on_any_thread(environment: dict[str, str]) -> None:
    """For example django-celery-beat's admin pages, and tasks that a project declares with Celery's own decorator."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.stdout == "the same\n", ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_scheduler_that_waits_for_the_database_can_be_stopped(
    number: signal.Signals, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "beat", f"--pidfile={tmp_path / 'pid'}"]
    log = tmp_path / "beat.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=ROOT)
    try:
        wait_until(lambda: "waiting for the database" in log.read_text(), seconds=60)
        process.send_signal(number)
        assert process.wait(30) == 0
    finally:
        process.kill()
