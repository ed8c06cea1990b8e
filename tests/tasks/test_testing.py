"""The helper that runs scheduled calls in tests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from podium.core import clock
from podium.endpoints.testing import rolled_back
from tasks.models import Job, State
from tasks.scheduling import aschedule, schedule
from tasks.testing import run_scheduled
from tests.notes.models import Note
from tests.notes.tasks import remind
from tests.tasks.sample_tasks import tasks as sample_tasks


@pytest.mark.django_db
def test_scheduled_jobs_run_whenever_they_are_due():
    note = Note.objects.create(title="milk", tags=[])
    schedule(remind, after=timedelta(days=3), note_id=note.pk)
    assert run_scheduled() == 1
    note.refresh_from_db()
    assert note.reminded
    assert Job.objects.get().state == State.DONE
    assert run_scheduled() == 0


@pytest.mark.django_db
def test_a_job_due_later_than_asked_for_waits():
    note = Note.objects.create(title="milk", tags=[])
    schedule(remind, after=timedelta(days=3), note_id=note.pk)
    assert run_scheduled(until=clock.now() + timedelta(days=2)) == 0
    assert Job.objects.get().state == State.PENDING
    assert run_scheduled(until=clock.now() + timedelta(days=4)) == 1


@pytest.mark.django_db
def test_a_failure_reaches_the_test_with_its_traceback(tmp_path):
    schedule(sample_tasks.fail_twice, path=str(tmp_path / "lines"))
    with pytest.raises(
        AssertionError, match=r"(?s)sample_tasks\.fail_twice failed:.*Traceback.*in fail_twice"
    ):
        run_scheduled()
    assert Job.objects.get().attempts == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("task", "arguments", "said"),
    [
        ("notes.gone", {}, r"There is no task notes\.gone\. Was it renamed or removed\?"),
        ("notes.remind", {"other": 1}, r"notes\.remind\(\) no longer has the parameter other"),
    ],
)
def test_a_call_that_no_longer_fits_its_task_says_so(task, arguments, said):
    Job.objects.create(task=task, arguments=arguments)
    with pytest.raises(AssertionError, match=said):
        run_scheduled()
    assert Job.objects.get().state == State.FAILED


@pytest.mark.django_db
@rolled_back
async def test_async_tests_run_it_on_a_thread():
    note = await Note.objects.acreate(title="milk", tags=[])
    await aschedule(remind, note_id=note.pk)
    assert await sync_to_async(run_scheduled)() == 1
    await note.arefresh_from_db()
    assert note.reminded
