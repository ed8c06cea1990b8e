"""Options of @task and arguments of schedule(): invalid ones are refused where they are written."""

from __future__ import annotations

import functools
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, cast

import pytest
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from podium.wire.errors import WireError
from tasks import definitions
from tasks.checks import require_settings
from tasks.errors import TimeTooFar
from tasks.models import Job
from tasks.scheduling import schedule, task
from tests.tasks.sample_tasks import tasks as sample_tasks


class Unclear(tzinfo):
    """A time zone without an offset: its times are still naive."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None

    def dst(self, moment: datetime | None) -> None:
        return None

    def tzname(self, moment: datetime | None) -> None:
        return None


class Lunar(crontab):
    """A schedule with its own rules."""


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(definitions, "tasks", known := dict(definitions.tasks))
    return known


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"backoff": 1}, r"backoff=1 is not a timedelta; write for example backoff=timedelta"),
        ({"backoff": True}, "backoff=True is not a timedelta"),
        ({"backoff": timedelta(seconds=-1)}, "backoff=.* must not be negative"),
        ({"backoff": timedelta.max}, "backoff=.* is longer than 365 days"),
        ({"retries": -1}, "retries=-1 must not be negative"),
        ({"retries": True}, "retries=True is not a whole number"),
        ({"retries": None}, "retries=None is not a whole number"),
        ({"retries": 1.0}, "retries=1.0 is not a whole number"),
        ({"retries": "3"}, "retries='3' is not a whole number"),
        ({"retries": 10**30}, "retries=1.* is more than 1000"),
        ({"timeout": 30}, "timeout=30 is not a timedelta"),
        ({"timeout": timedelta()}, "timeout=.* at least one millisecond"),
        ({"timeout": timedelta(days=-1)}, "timeout=.* at least one millisecond"),
        ({"timeout": timedelta.max}, "timeout=.* is longer than 30 days"),
        ({"every": 60}, "every=60 is neither a timedelta nor celery.schedules.crontab"),
        ({"every": "hourly"}, "every='hourly' is neither"),
        ({"every": timedelta()}, "every=.* whole seconds, at least one"),
        ({"every": timedelta(seconds=1.5)}, "every=.* whole seconds"),
        ({"every": timedelta(days=-1)}, "every=.* whole seconds"),
        ({"every": timedelta.max}, "every=.* whole seconds"),
        ({"every": timedelta(days=400)}, "every=.* longer than 365 days"),
        ({"every": crontab(minute=[])}, "every=.* needs whole numbers in each field"),
        ({"every": crontab(minute=cast(Any, [1.5]))}, "every=.* needs whole numbers in each field"),
        ({"every": crontab(hour=True)}, "every=.* needs whole numbers in each field"),
        ({"every": crontab(nowfun=datetime.now)}, "every=.* must not have nowfun"),
        ({"every": Lunar()}, "every=.* is neither"),
        ({"queue": "fast"}, "unknown option 'queue'; the options are retries, backoff, timeout, every"),
        ({"retires": 3, "backoff": 1, "timeout": 0}, "'retires'.*backoff=1 .*timeout=0 "),
    ],
    ids=str,
)
def test_options_that_make_no_sense_are_refused_with_their_place(known, options, said):
    with pytest.raises(TypeError, match=rf"test_options\.py:\d+ test_options\.example: .*{said}"):

        @task(**options)
        def example() -> None: ...

    assert "test_options.example" not in known


@pytest.mark.parametrize(
    "options",
    [
        {"retries": 0, "backoff": timedelta(), "timeout": timedelta(milliseconds=1)},
        {"retries": 1000, "backoff": timedelta(days=365), "timeout": timedelta(days=30)},
        {"every": timedelta(seconds=1)},
        {"every": crontab(minute="*/15", hour=cast(Any, {8, 18}), day_of_week="mon-fri")},
        {"every": crontab(minute=0, hour=0, day_of_month=29, month_of_year=2, day_of_week=1)},
    ],
    ids=str,
)
def test_the_limits_themselves_are_taken_and_every_wait_can_be_computed(known, options):
    @task(**options)
    def example() -> None: ...

    waits = [known["test_options.example"].wait(attempts) for attempts in (1, 2, 31, 2_000_000_000)]
    assert waits == sorted(waits)
    assert waits[-1] <= timedelta(hours=1)


@pytest.mark.parametrize("thing", [5, "name", None.__class__, print, functools.partial(print), dict], ids=str)
def test_only_functions_can_be_tasks(known, thing):
    with pytest.raises(TypeError, match="which is not a function"):
        task(thing)


def test_a_task_can_not_yield(known):
    with pytest.raises(TypeError, match="a task can't use yield"):

        @task
        def example():
            yield 1

    with pytest.raises(TypeError, match="a task can't use yield"):

        @task
        async def example():
            yield 1


@pytest.mark.slow
def test_an_app_with_a_bad_option_does_not_start(tmp_path):
    """The user sees the file, the line, the option and the correction."""
    app = tmp_path / "shop"
    app.mkdir()
    (app / "__init__.py").touch()
    (app / "tasks.py").write_text(
        "from tasks.scheduling import task\n\n\n@task(backoff=1)\ndef pay() -> None: ...\n"
    )
    (tmp_path / "shop_settings.py").write_text(
        "from tests.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'shop']\n"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={
            "DJANGO_SETTINGS_MODULE": "shop_settings",
            "PYTHONPATH": f"{tmp_path}:{root}",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SECRET_KEY": "of a test",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode != 0
    assert f"{app}/tasks.py:4 shop.pay: backoff=1 is not a timedelta" in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BACKOFF_SECONDS", "10"),
        ("RESEND_SECONDS", None),
        ("SWEEP_SECONDS", 0.5),
        ("LEASE_SECONDS", True),
        ("MAX_DEATHS", 0),
        ("TIMEOUT_SECONDS", -1),
        ("KEEP_DAYS", 10**20),
    ],
)
def test_settings_that_would_stop_every_sweep_stop_the_start(settings, name, value):
    setattr(settings, f"TASKS_{name}", value)
    with pytest.raises(ImproperlyConfigured, match=f"TASKS_{name} = .* is not a whole number"):
        require_settings()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"after": 5}, TypeError, "after=5 is not a timedelta"),
        ({"after": True}, TypeError, "after=True is not a timedelta"),
        ({"at": "tomorrow"}, TypeError, "at='tomorrow' is not a datetime"),
        ({"at": date(2030, 1, 1)}, TypeError, "is not a datetime"),
        ({"at": datetime(2030, 1, 1)}, TypeError, "no time zone"),  # noqa: DTZ001
        ({"at": datetime(2030, 1, 1, tzinfo=Unclear())}, TypeError, "no time zone"),
        ({"after": timedelta.max}, TimeTooFar, "too far"),
        ({"identifier": 5}, TypeError, "identifier=5 is not a string"),
        ({"identifier": "x" * 201}, ValueError, "at most 200 characters"),
        ({"identifier": "a\x00b"}, ValueError, "without NUL"),
        ({"path": "a\x00b"}, WireError, "path: expected String, got text with a NUL character"),
        ({"path": "\ud83d"}, WireError, "path: expected String, got text with a lone surrogate"),
        ({"path": object()}, WireError, "String"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # the others' texts differ in each process
)
def test_arguments_that_can_not_be_stored_are_refused_and_the_transaction_goes_on(arguments, error, said):
    with pytest.raises(error, match=said):
        schedule(sample_tasks.write_line, **{"path": "/tmp/x", **arguments})
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1, 2020, 9999])
def test_any_year_of_the_calendar_is_taken(year):
    schedule(sample_tasks.write_line, at=datetime(year, 12, 31, tzinfo=UTC), path="/tmp/x")
    assert Job.objects.get().run_at.year == year
