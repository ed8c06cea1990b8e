"""Tasks while workers, schedulers, Postgres and Valkey are killed, hang and recover."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from podium.core import clock
from tests.outages.stack import Stack, wait_until

pytestmark = pytest.mark.slow

LEASES = 8
"""Seconds: longer than it takes to give up a silent worker (two leases of 3 s, and a sweep)."""
SOON = 30
"""Seconds within which work continues after an outage, on a busy machine."""


@pytest.fixture(scope="module")
def module_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    ticks = tmp_path_factory.mktemp("ticks") / "ticks"
    ticks.touch()
    with Stack(beats=2, SAMPLE_TICKS=str(ticks)) as running:
        yield running


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def ticks(stack: Stack) -> int:
    return len(lines(Path(stack.environment["SAMPLE_TICKS"])))


def schedule(stack: Stack, method: str, **arguments: Any) -> None:
    """Call an endpoint that schedules. After an earlier outage, its server may need a moment."""
    url = f"{stack.web.url}/scheduling/{method}"
    wait_until(lambda: httpx.post(url, json=arguments, timeout=30).is_success, what=method)


def row(stack: Stack, path: Path) -> tuple[object, ...]:
    """State, attempts, deaths and reason of the call that writes to a file."""
    with stack.postgres.connect() as connection:
        found = connection.execute(
            "SELECT state, attempts, deaths, reason FROM tasks_scheduledcall WHERE arguments->>'path' = %s",
            [str(path)],
        ).fetchone()
    assert found is not None
    return found


def is_done(stack: Stack, path: Path) -> bool:
    return row(stack, path)[0] == "done"


def kill(stack: Stack) -> Callable[[], None]:
    stack.postgres.kill()
    return stack.postgres.start


def pause(stack: Stack) -> Callable[[], None]:
    stack.postgres.pause()
    return stack.postgres.resume


@pytest.mark.parametrize("take_away", [kill, pause])
def test_an_outcome_is_written_when_postgres_is_back(stack: Stack, tmp_path: Path, take_away: Any) -> None:
    path = tmp_path / "out"
    schedule(stack, "slowly", path=str(path), seconds=2)
    wait_until(lambda: lines(path), what="the start")
    bring_back = take_away(stack)
    wait_until(lambda: lines(path) == ["begun", "done"], what="the end of the function")
    time.sleep(LEASES)
    bring_back()
    wait_until(lambda: is_done(stack, path), SOON, what="the outcome")
    time.sleep(LEASES)
    assert lines(path) == ["begun", "done"]
    assert row(stack, path) == ("done", 1, 0, "")


def test_a_worker_killed_before_it_could_write_the_outcome_runs_the_call_again(
    stack: Stack, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    schedule(stack, "slowly", path=str(path), seconds=2)
    wait_until(lambda: lines(path), what="the start")
    stack.postgres.kill()
    wait_until(lambda: lines(path) == ["begun", "done"], what="the end of the function")
    stack.worker.kill()
    stack.postgres.start()
    stack.worker.start()
    wait_until(lambda: is_done(stack, path), 60, what="the second run")
    assert lines(path) == ["begun", "done"] * 2
    assert row(stack, path) == ("done", 2, 1, "")


def test_a_worker_that_is_stopped_waits_for_postgres(stack: Stack, tmp_path: Path) -> None:
    path = tmp_path / "out"
    schedule(stack, "slowly", path=str(path), seconds=2)
    wait_until(lambda: lines(path), what="the start")
    stack.postgres.kill()
    wait_until(lambda: lines(path) == ["begun", "done"], what="the end of the function")
    stack.worker.terminate(wait=False)
    time.sleep(3)
    stack.postgres.start()
    wait_until(lambda: not stack.worker.is_running, 60, what="the worker's end")
    assert (is_done(stack, path), lines(path)) == (True, ["begun", "done"])


def test_a_connection_cut_while_a_task_runs_does_not_run_it_twice(stack: Stack, tmp_path: Path) -> None:
    path = tmp_path / "out"
    schedule(stack, "slowly", path=str(path), seconds=2)
    wait_until(lambda: lines(path), what="the start")
    for _ in range(8):
        stack.postgres.disconnect()
        time.sleep(0.4)
    wait_until(lambda: is_done(stack, path), SOON, what="the outcome")
    time.sleep(LEASES)
    assert row(stack, path) == ("done", 1, 0, "")


def test_a_slot_runs_once_with_two_schedulers_of_which_one_is_killed(stack: Stack) -> None:
    first, second = stack.beats
    started = clock.now()  # an outage before may have cut off a call, which then ran again
    count = ticks(stack)
    wait_until(lambda: ticks(stack) >= count + 3, what="recurring calls with two schedulers")
    first.kill()
    count = ticks(stack)
    wait_until(lambda: ticks(stack) >= count + 3, SOON, what="recurring calls with one scheduler")
    first.start()
    second.pause()
    time.sleep(5)
    second.resume()
    count = ticks(stack)
    wait_until(lambda: ticks(stack) >= count + 3, SOON, what="recurring calls with both")
    first.kill()
    second.kill()
    with stack.postgres.connect() as connection:
        rows = "FROM tasks_scheduledcall WHERE task = 'sample_tasks.tick'"
        wait_until(
            lambda: not connection.execute(f"SELECT 1 {rows} AND state <> 'done' LIMIT 1").fetchone(),
            what="the last call",
        )
        found = connection.execute(
            f"SELECT count(*), count(DISTINCT slot), sum(attempts) {rows} AND slot > %s", [started]
        ).fetchone()
    calls, slots, runs = found or (0, 0, 0)
    assert calls == slots == runs
    assert calls >= 6


@pytest.mark.parametrize("name", ["postgres", "valkey"])
@pytest.mark.parametrize("seconds", [0, 15])
def test_workers_and_schedulers_go_on_after_an_outage(
    stack: Stack, tmp_path: Path, name: str, seconds: int
) -> None:
    during = tmp_path / "during"  # its message is not acknowledged, and kombu tries to return it
    schedule(stack, "slowly", path=str(during), seconds=seconds + 3)
    wait_until(lambda: lines(during), what="the start")
    service = getattr(stack, name)
    service.kill()
    time.sleep(seconds)
    service.start()
    wait_until(lambda: stack.web.ready().status_code == 200, SOON, what="readiness")
    count = ticks(stack)
    path = tmp_path / "out"
    schedule(stack, "fromSync", path=str(path))
    wait_until(lambda: lines(path), SOON, what="the call")
    wait_until(lambda: ticks(stack) > count, SOON, what="a recurring call")
    assert lines(path) == ["ran"]
    wait_until(lambda: is_done(stack, during), SOON, what="the call that ran through the outage")
    assert lines(during) == ["begun", "done"]


def test_a_message_that_valkey_lost_is_sent_again(stack: Stack, tmp_path: Path) -> None:
    path, later = tmp_path / "out", tmp_path / "later"
    schedule(stack, "slowly", path=str(path), seconds=4)
    schedule(stack, "later", path=str(later), seconds=3)
    wait_until(lambda: lines(path), what="the start")
    stack.worker.pause()
    schedule(stack, "fromSync", path=str(tmp_path / "lost"))
    stack.valkey.flush()
    stack.worker.resume()
    for each in path, later, tmp_path / "lost":
        wait_until(partial(is_done, stack, each), 60, what=each.name)
    assert lines(path) == ["begun", "done"]
    assert (lines(later), lines(tmp_path / "lost")) == (["ran"], ["ran"])


def test_a_valkey_that_hangs_holds_up_nobody_for_long(stack: Stack, tmp_path: Path) -> None:
    stack.valkey.pause()
    try:
        started = time.monotonic()
        schedule(stack, "fromSync", path=str(tmp_path / "out"))
        assert time.monotonic() - started < 20
    finally:
        stack.valkey.resume()
    wait_until(lambda: lines(tmp_path / "out"), 60, what="the call")
