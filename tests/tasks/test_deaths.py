"""Dying processes, time limits, and state left behind by tasks, with a real worker that goes on."""

from __future__ import annotations

import pytest

from tasks.models import Job, Reason, State
from tasks.scheduling import retry_jobs, schedule
from tests.tasks.conftest import ended, wait_until
from tests.tasks.sample_tasks import tasks as sample_tasks

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_death_is_not_a_failed_attempt_and_is_limited(worker, lines, tmp_path):
    once = schedule(sample_tasks.die_once, path=str(tmp_path / "once"))
    always = schedule(sample_tasks.die_always, path=str(tmp_path / "always"))
    left = schedule(sample_tasks.leave_process, path=str(tmp_path / "left"))
    odd = schedule(sample_tasks.fail_with_odd_text)
    wait_until(lambda: all(ended(call) for call in [once, always, left, odd]), 60)

    assert (once.state, once.attempts, once.deaths, once.reason) == (State.DONE, 2, 1, Reason.NONE)
    assert (always.state, always.attempts, always.deaths) == (State.FAILED, 3, 3)
    assert always.reason == Reason.DIED
    assert always.last_error.startswith("The worker stopped while it ran this job")
    assert "3 times" in always.last_error
    assert lines("always") == ["tried"] * 3

    assert (left.state, left.attempts, left.deaths, left.reason) == (State.FAILED, 1, 0, Reason.ERROR)
    assert "SystemExit: enough" in left.last_error
    assert (odd.state, odd.reason) == (State.FAILED, Reason.ERROR)
    assert r"a NUL \0 and half a character \ud83d" in odd.last_error

    assert retry_jobs(Job.objects.filter(pk=left.pk)) == 1
    wait_until(lambda: ended(left))
    assert (left.attempts, lines("left")) == (2, ["tried", "tried"])


def test_time_limits_are_reported_as_such(worker, lines, tmp_path, settings):
    settings.TASKS_GRACE_SECONDS = 2  # in this process, which sends the message
    soft = schedule(sample_tasks.sleep_long, path=str(tmp_path / "soft"))
    hard = schedule(sample_tasks.ignore_timeout, path=str(tmp_path / "hard"))
    wait_until(lambda: ended(soft) and ended(hard), 60)
    for call in soft, hard:
        assert (call.state, call.reason) == (State.FAILED, Reason.TIMEOUT)
        assert (call.attempts, call.deaths) == (1, 0)
        assert call.last_error.startswith("Timed out after 1 s")
    assert "its process was killed" in hard.last_error
    assert lines("hard") == ["tried"]


def test_a_task_leaves_nothing_active_for_the_next(worker, lines, tmp_path):
    path = str(tmp_path / "out")
    leaving = schedule(sample_tasks.leave_things_active, path=path)
    wait_until(lambda: ended(leaving))
    assert leaving.state == State.DONE, leaving.last_error
    process = lines()[-1].split()[-1]

    def ran_in_the_same_process() -> bool:
        call = schedule(sample_tasks.write_state, path=path)
        wait_until(lambda: ended(call))
        return lines()[-1].endswith(process)

    wait_until(ran_in_the_same_process, 60)
    assert lines()[-1] == f"en UTC 28 {process}"
