"""Unreadable rows are marked and reported, and do not block others."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from podium.core import clock
from tasks import definitions, queue
from tasks.models import Job, Reason, State
from tests.tasks.test_scheduling import messages

FAULTS = {
    "unknown task": "task = 'sample_tasks.renamed'",
    "huge number": f"arguments = '{{\"path\": {'9' * 5000}}}'",
    "deep JSON": f"arguments = '{'[' * 6000}{']' * 6000}'",
    "endless time": "run_at = '-infinity'",
    "time before the calendar": "run_at = '0044-03-15 BC'",
    "time at its end": "run_at = '9999-12-31 23:59:59+00'",
    "time after the calendar": "created_at = '20000-01-01'",
    "full counter": "sends = 2147483647",
}
"""Values of a due row, written by hand or by another program."""

ARGUMENTS = {
    "list": "arguments = '[1, 2]'",
    "text": "arguments = '\"path\"'",
    "null": "arguments = 'null'",
    "wrong type": "arguments = '{\"path\": 5}'",
    "unknown name": 'arguments = \'{"path": "/tmp/x", "speed": 1}\'',
    "missing name": "arguments = '{}'",
    "full counter of attempts": "attempts = 2147483647",
}
"""Faults that only a worker detects."""


def damage(call: Job, assignment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE tasks_scheduledcall SET {assignment} WHERE id = %s", [call.pk])


def due(**more: object) -> Job:
    past = clock.now() - timedelta(minutes=1)
    values = {
        "task": "sample_tasks.write_line",
        "arguments": {"path": "/tmp/x"},
        "run_at": past,
        "send_at": past,
    }
    return Job.objects.create(**{**values, **more})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_sweep_marks_what_it_can_not_read_and_sends_the_rest(fault, caplog, client: Client):
    before, broken, after = due(), due(send_at=clock.now() - timedelta(minutes=2)), due()
    damage(broken, FAULTS[fault])
    with caplog.at_level(logging.ERROR, "podium.tasks"):
        assert queue.sweep() == 3
        queue.sweep()
    assert messages() == 2
    broken.refresh_from_db()
    assert (broken.state, broken.reason) == (State.FAILED, Reason.UNREADABLE)
    assert broken.last_error.startswith("This job cannot be read: ")
    reports = [record for record in caplog.records if str(broken.pk) in record.getMessage()]
    assert len(reports) == 1
    for call in before, after:
        call.refresh_from_db()
        assert (call.state, call.sends) == (State.PENDING, 1)

    client.force_login(User.objects.create_superuser("operator@example.com", "a-long-passphrase"))
    page = client.get("/admin/tasks/job/?reason__exact=unreadable")
    assert page.status_code == 200
    assert "This job cannot be read" in page.text
    assert client.get(f"/admin/tasks/job/{broken.pk}/change/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [*ARGUMENTS, "unknown task", "huge number", "deep JSON"])
def test_a_worker_marks_a_call_that_does_not_fit_its_task(fault, caplog):
    call = due(max_attempts=4)
    damage(call, (ARGUMENTS | FAULTS)[fault])
    with caplog.at_level(logging.ERROR, "podium.tasks"):
        queue.run(str(call.pk), "a message")
        queue.run(str(call.pk), "the same message again")
    call.refresh_from_db()
    assert (call.state, call.reason) == (State.FAILED, Reason.UNREADABLE)  # at once: retries would not help
    assert call.last_error
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1


@pytest.mark.django_db(transaction=True)
def test_dead_calls_that_can_not_be_read_hold_up_no_other(caplog):
    past = clock.now() - timedelta(minutes=1)
    running = {"state": State.RUNNING, "attempts": 1, "lease_until": past, "is_suspect": True}
    broken, sound, unknown = due(**running), due(**running), due(**running, task="sample_tasks.renamed")
    damage(broken, FAULTS["huge number"])
    assert queue.sweep() >= 1
    for call in broken, sound, unknown:
        call.refresh_from_db()
    assert (broken.state, broken.reason) == (State.FAILED, Reason.UNREADABLE)
    assert (sound.state, sound.deaths) == (State.PENDING, 1)
    assert unknown.state in (State.PENDING, State.FAILED)


@pytest.mark.django_db(transaction=True)
def test_a_bad_declaration_in_memory_holds_up_its_own_calls_only(monkeypatch):
    """A fault that validation does not detect must not stop the scheduler either."""
    other = due(task="sample_tasks.write_line_async")
    monkeypatch.setitem(definitions.tasks["sample_tasks.write_line_async"].__dict__, "timeout", 5)
    sound = due()
    queue.sweep()
    other.refresh_from_db()
    sound.refresh_from_db()
    assert (other.state, sound.sends) == (State.FAILED, 1)
