"""Workers that are stopped or killed, and their successors."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from tasks.models import Reason, State
from tasks.scheduling import schedule
from tests.tasks.conftest import ended, wait_until
from tests.tasks.sample_tasks import tasks as sample_tasks

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_an_orderly_stop_ends_what_runs_and_gives_back_what_waits(start, lines, tmp_path):
    first = start("worker")
    running = schedule(sample_tasks.write_line_slowly, path=str(tmp_path / "running"), seconds=3)
    wait_until(lambda: lines("running"))
    waiting = schedule(sample_tasks.write_line, path=str(tmp_path / "waiting"), after=timedelta(seconds=6))
    time.sleep(0.5)  # the worker holds its message
    first.terminate()
    assert first.wait(30) == 0
    assert ended(running)
    assert (running.state, running.attempts, lines("running")) == (State.DONE, 1, ["begun", "done"])
    start("worker")  # without a scheduler, so nothing resends the message
    wait_until(lambda: ended(waiting))
    assert (waiting.state, waiting.sends, lines("waiting")) == (State.DONE, 1, ["ran"])


def test_a_killed_worker_is_not_a_failed_attempt(start, lines, tmp_path):
    worker = start("worker")
    start("beat")
    call = schedule(sample_tasks.write_line_slowly, path=str(tmp_path / "out"), seconds=3)
    wait_until(lines, 60)  # two processes start first
    worker.kill()  # its child processes end with it
    worker.wait()
    start("worker")
    wait_until(lambda: ended(call), 60)
    assert (call.state, call.attempts, call.deaths, call.reason) == (State.DONE, 2, 1, Reason.NONE)
    assert lines() == ["begun", "begun", "done"]
