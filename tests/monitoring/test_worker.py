"""Records that a real Celery worker writes to the call log."""

from __future__ import annotations

import pytest

from monitoring.models import CallLog
from tasks.models import Job, State
from tasks.scheduling import schedule
from tests.tasks.conftest import an_empty_broker, environment, start, wait_until  # noqa: F401  fixtures
from tests.tasks.sample_tasks import tasks as sample_tasks


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_logs_its_tasks_also_when_it_stops_at_once(start, tmp_path):  # noqa: F811
    worker = start("worker")
    done = schedule(sample_tasks.write_line, path=str(tmp_path / "out"))
    failed = schedule(sample_tasks.write_line, path=str(tmp_path / "missing" / "out"))
    wait_until(lambda: not Job.objects.filter(state__in=[State.PENDING, State.RUNNING]).exists())
    worker.terminate()
    assert worker.wait(20) == 0
    logged = CallLog.objects.filter(kind="task", name="sample_tasks.write_line").order_by("error")
    assert [bool(call.error) for call in logged] == [False, True]
    assert "FileNotFoundError" in logged[1].error
    assert {done.task, failed.task} == {"sample_tasks.write_line"}
