"""Calls through a real Celery worker and a real scheduler, over Redis."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db.models import Q

from tasks import queue, sending
from tasks.models import Job, State
from tasks.scheduling import cancel, retry_jobs, schedule
from tests.tasks.conftest import ended, wait_until
from tests.tasks.sample_tasks import tasks as sample_tasks

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_calls_run_once_at_their_time_however_often_the_message_comes(start, lines, tmp_path):
    start("worker")
    now = schedule(sample_tasks.write_line, path=str(tmp_path / "warm"))
    wait_until(lambda: ended(now))

    path = str(tmp_path / "out")
    call = schedule(sample_tasks.write_line, after=timedelta(seconds=2), path=path, line="two seconds")
    for _ in range(5):
        sending.send(call)
    cancelled = schedule(sample_tasks.write_line, after=timedelta(seconds=2), path=path, identifier="no")
    assert cancel("no") == 1
    waiting = schedule(
        sample_tasks.write_line_async, path=str(tmp_path / "async"), wait=timedelta(milliseconds=20)
    )
    wait_until(lambda: ended(call) and ended(waiting))
    assert lines("async") == ["ran"]
    assert call.state == State.DONE
    assert call.started_at
    assert timedelta(seconds=-1) < call.started_at - call.run_at < timedelta(seconds=1)
    time.sleep(1.5)
    assert lines() == ["two seconds"]
    cancelled.refresh_from_db()
    assert (call.attempts, cancelled.state, cancelled.attempts) == (1, State.CANCELLED, 0)


def test_failures_are_tried_again_and_recorded(start, lines, tmp_path):
    start("worker")
    start("beat")
    twice = schedule(sample_tasks.fail_twice, path=str(tmp_path / "out"))
    wrong = schedule(sample_tasks.write_line, path=str(tmp_path / "missing" / "out"))
    slow = schedule(sample_tasks.sleep_long, path=str(tmp_path / "slow"))
    slow_async = schedule(sample_tasks.sleep_long_async, path=str(tmp_path / "slow"))
    killed = schedule(sample_tasks.die_once, path=str(tmp_path / "killed"))
    gone = Job(task="sample_tasks.removed")
    queue.put(gone)

    wait_until(lambda: all(ended(call) for call in [twice, wrong, slow, slow_async, killed, gone]), 60)
    assert (twice.state, twice.attempts, twice.last_error) == (State.DONE, 3, "")
    assert lines() == ["tried"] * 3

    assert (wrong.state, wrong.attempts) == (State.FAILED, 1)
    assert "Traceback" in wrong.last_error
    assert "FileNotFoundError" in wrong.last_error

    assert slow.last_error.startswith("Timed out after 1 s")
    assert slow_async.last_error.startswith("Timed out after 0.3 s")
    assert lines("slow") == []

    assert (killed.state, killed.attempts) == (State.DONE, 2)
    assert lines("killed") == ["tried", "tried"]
    assert "There is no task sample_tasks.removed" in gone.last_error

    (tmp_path / "missing").mkdir()
    assert retry_jobs(Job.objects.all()) == 4
    wait_until(lambda: ended(wrong))
    assert (wrong.state, wrong.attempts, wrong.last_error) == (State.DONE, 2, "")


def test_a_call_outlives_worker_and_scheduler(start, lines, tmp_path):
    worker, beat = start("worker"), start("beat")
    warm = schedule(sample_tasks.write_line, path=str(tmp_path / "warm"))
    wait_until(lambda: ended(warm))
    call = schedule(sample_tasks.write_line, after=timedelta(seconds=3), path=str(tmp_path / "out"))
    time.sleep(0.5)  # the worker holds the message by now, and takes it along
    worker.kill()
    beat.kill()
    worker.wait(), beat.wait()
    (tmp_path / "beat.pid").unlink()
    start("worker")
    start("beat")
    wait_until(lambda: ended(call), 60)
    time.sleep(2.5)
    assert lines() == ["ran"]
    assert call.attempts == 1


def test_a_recurring_task_runs_again_and_again_and_is_recorded(start, lines):
    start("worker")
    beat = start("beat")
    wait_until(lambda: len(lines("ticks")) >= 3, 40)
    beat.terminate()
    beat.wait()
    ticks = Job.objects.filter(task="sample_tasks.tick", recurring=True)
    wait_until(lambda: not ticks.exclude(state=State.DONE).exists())
    assert ticks.count() == len(lines("ticks"))
    between = sorted(ticks.values_list("run_at", flat=True))
    assert between[2] - between[0] >= timedelta(seconds=1.5)
    assert not Job.objects.exclude(Q(task="sample_tasks.tick")).exists()
