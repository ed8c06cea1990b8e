"""Scheduling and cancelling, up to the row and the message; no worker runs here."""

from __future__ import annotations

import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections, transaction

from podium.core import clock, observe
from podium.wire.errors import WireError
from podium.wire.types import SetAsList
from tasks import definitions, queue
from tasks.broker import app
from tasks.errors import TimeTooFar
from tasks.models import Job, Reason, State
from tasks.scheduling import acancel, aschedule, cancel, schedule, task
from tests.tasks.sample_tasks import tasks as sample_tasks


def messages() -> int:
    with app.connection_for_read() as broker:
        channel: Any = broker.default_channel
        return int(channel.client.llen("celery"))


@pytest.mark.django_db(transaction=True)
def test_a_call_is_stored_and_its_message_leaves_after_commit():
    with transaction.atomic():
        call = schedule(sample_tasks.write_line, path="/tmp/x", identifier="mine")
        assert messages() == 0
    assert messages() == 1
    stored = Job.objects.get()
    assert stored == call
    assert (stored.task, stored.arguments) == ("sample_tasks.write_line", {"path": "/tmp/x"})
    assert (stored.state, stored.identifier, stored.max_attempts) == (State.PENDING, "mine", 1)


@pytest.mark.django_db(transaction=True)
def test_a_call_that_was_rolled_back_leaves_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        schedule(sample_tasks.write_line, path="/tmp/x")
        raise ZeroDivisionError
    assert messages() == 0
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_call_far_ahead_is_left_to_the_sweep():
    call = schedule(sample_tasks.write_line, at=clock.now() + timedelta(hours=3), path="/tmp/x")
    assert messages() == 0
    assert queue.sweep() == 0
    Job.objects.update(run_at=clock.now(), send_at=clock.now())
    assert queue.sweep() == 1
    assert queue.sweep() == 0
    assert messages() == 1
    call.refresh_from_db()
    assert call.sends == 1
    assert call.send_at > clock.now()


@pytest.mark.django_db(transaction=True)
async def test_async_code_schedules_and_cancels():
    await aschedule(sample_tasks.write_line, after=timedelta(hours=1), identifier="later", path="/tmp/x")
    assert await acancel("later") == 1
    assert (await Job.objects.aget()).state == State.CANCELLED
    await sync_to_async(connections.close_all)()  # of the thread that the ORM had there


@pytest.mark.django_db
def test_cancel_takes_pending_calls_of_that_identifier_only():
    schedule(sample_tasks.write_line, after=timedelta(hours=1), identifier="a", path="/tmp/x")
    schedule(sample_tasks.write_line, after=timedelta(hours=1), identifier="b", path="/tmp/x")
    running = schedule(sample_tasks.write_line, after=timedelta(hours=1), identifier="a", path="/tmp/x")
    Job.objects.filter(pk=running.pk).update(state=State.RUNNING)
    assert cancel("a") == 1
    assert cancel("a") == 0
    states = Job.objects.values_list("identifier", "state").order_by("created_at")
    assert list(states) == [("a", "cancelled"), ("b", "pending"), ("a", "running")]
    with pytest.raises(ValueError, match="identifier"):
        cancel("")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, TypeError, "sample_tasks.write_line.*'path'"),
        ({"path": "x", "speed": 1}, TypeError, "sample_tasks.write_line.*'speed'"),
        ({"path": 3}, WireError, "String"),
        ({"path": "x", "at": datetime(2030, 1, 1)}, TypeError, "time zone"),  # noqa: DTZ001
        ({"path": "x", "at": datetime(2030, 1, 1, tzinfo=UTC), "after": timedelta(1)}, TypeError, "both"),
    ],
)
def test_wrong_arguments_are_refused_when_scheduling(arguments, error, message):
    with pytest.raises(error, match=message):
        schedule(sample_tasks.write_line, **arguments)
    assert not Job.objects.exists()


def test_a_plain_function_is_not_a_task():
    with pytest.raises(TypeError, match="write @task above it"):
        schedule(len)


@pytest.mark.django_db
def test_a_call_remembers_who_scheduled_it():
    user_id = str(uuid.uuid4())
    with observe.span("call", "notes.remind") as span:
        span.user_id = user_id
        schedule(sample_tasks.write_line, path="/tmp/x")
    assert Job.objects.get().user_id == user_id


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_fail_the_call(environment):
    program = """
import django, time
django.setup()
from tasks.scheduling import schedule
from tests.tasks.sample_tasks.tasks import write_line
started = time.monotonic()
schedule(write_line, path="/tmp/x")
assert time.monotonic() - started < 5
"""
    environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    assert "will be sent later" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert messages() == 0
    assert Job.objects.get().state == State.PENDING
    assert queue.sweep() == 1
    assert messages() == 1


def test_declarations_that_make_no_sense_are_refused():
    with pytest.raises(TypeError, match="whole seconds"):
        task(every=timedelta(milliseconds=5))(lambda: None)
    with pytest.raises(TypeError, match="negative"):
        task(retries=-1)(lambda: None)


def test_start_names_every_fault_in_a_signature(monkeypatch):
    monkeypatch.setattr(definitions, "tasks", known := dict(definitions.tasks))
    monkeypatch.setattr("tasks.checks.tasks", known)

    @task
    def unclear(*, things: list, at: datetime, whole: object, texts: SetAsList[str]) -> None: ...  # type: ignore[type-arg]

    @task(every=timedelta(seconds=1))
    def needs_more(*, path: str) -> None: ...

    with pytest.raises(SystemCheckError) as refused:
        call_command("check")
    text = str(refused.value)
    assert "test_scheduling.unclear: things: list is not a wire type; write for example list[str]" in text
    assert "whole: " in text
    assert "texts: SetAsList[str] is for what has no hash in Python; write set[str]" in text
    assert "test_scheduling.needs_more: recurs without arguments" in text
    assert "test_scheduling.py:" in text


@pytest.mark.django_db
def test_a_time_beyond_the_calendar_is_refused_and_one_gone_by_is_now():
    with pytest.raises(TimeTooFar):
        schedule(sample_tasks.write_line, path="/tmp/x", after=timedelta.max)
    before = clock.now()
    assert schedule(sample_tasks.write_line, path="/tmp/x", after=timedelta.min).run_at >= before


@pytest.mark.django_db(transaction=True)
def test_a_silent_worker_is_suspected_before_it_is_given_up():
    call = Job.objects.create(
        task="sample_tasks.write_line",
        state=State.RUNNING,
        attempts=1,
        lease_until=clock.now() - timedelta(1),
    )
    assert queue.sweep() == 0
    call.refresh_from_db()
    assert (call.state, call.is_suspect) == (State.RUNNING, True)
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert queue.sweep() == 1
    call.refresh_from_db()
    assert (call.state, call.deaths, call.reason) == (State.PENDING, 1, Reason.DIED)
    assert call.last_error.startswith("The worker stopped while it ran this job")
