"""Postgres under load: closed connections, an outage, restarts, a hang. Nothing fails once Postgres is back."""

from __future__ import annotations

import contextlib
import time

import httpx
import psycopg
import pytest

from tests.outages import postgres
from tests.outages.load import Load
from tests.outages.stack import Stack, wait_until

pytestmark = pytest.mark.slow

READS = ("read_sync", "read_async", "read_fast", "signed_in")
ON_THE_DATABASE = (*READS, "write", "page", "readyz")
RATE = 4
"""Calls of each kind per second: a machine that is too slow for them would measure itself."""
RETURN_SECONDS = 3.0
"""Seconds after Postgres is back from which nothing may fail; 0.4 on a quiet machine."""
SOON_SECONDS = RETURN_SECONDS + 2
AWAY_SECONDS = 15.0
LONGEST_SECONDS = 15.0
"""Maximum seconds of a call while Postgres is unavailable; 3 to 6 on a quiet machine."""


def failed_after(load: Load, back: float) -> list[str]:
    return [f"{each.kind}: {each.error}" for each in load.failures(begun_after=back + RETURN_SECONDS)]


def test_ended_connections_fail_no_call(stack: Stack) -> None:
    load, back = postgres.measure(stack, "disconnect", seconds=0, per_second=RATE)
    assert failed_after(load, back) == [], load.summary(back)
    assert load.failures(*READS, "empty", "stream") == [], load.summary(back)
    # Cut off while it waits for its answer, a write may have been made. None on a quiet machine; before, 57 calls.
    assert len(load.failures("write", "page")) <= postgres.DISCONNECTIONS, load.summary(back)
    assert len(load.failures("readyz")) <= postgres.DISCONNECTIONS, load.summary(back)


@pytest.mark.parametrize("fault", ["outage", "restart", "immediate", "pause"])
def test_nothing_fails_once_postgres_is_back(fault: str, stack: Stack) -> None:
    load, back = postgres.measure(stack, fault, seconds=AWAY_SECONDS, per_second=RATE)
    summary = load.summary(back)
    assert failed_after(load, back) == [], summary
    assert load.failures("empty", "stream") == [], summary  # the event loop was never blocked
    assert load.slowest() < LONGEST_SECONDS, summary
    assert all(each.error.startswith("RuntimeError: 503 ") for each in load.failures()), summary


def test_during_an_outage_calls_fail_at_once_and_say_when_to_try_again(stack: Stack) -> None:
    with stack.load(*ON_THE_DATABASE, "empty") as load:
        stack.postgres.kill()
        time.sleep(6)
        began = time.monotonic()
        for path in ("readSync", "readAsync", "readFast", "write"):
            answer = httpx.post(f"{stack.web.url}/outage/{path}", timeout=30)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert answer.headers["x-error-code"] == "database.unavailable"
            assert answer.text == "The database is not available at the moment. Try again in a second."
        answer = httpx.get(f"{stack.web.url}/api/notes/", headers=_token(stack), timeout=30)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["error"]["code"] == "database.unavailable"
        assert time.monotonic() - began < 10  # each would wait for 3 s, and take 15 s in all
        stack.postgres.start()
        back = time.monotonic()
        time.sleep(SOON_SECONDS)
    assert failed_after(load, back) == [], load.summary(back)


def _token(stack: Stack) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.token}"}


def test_calls_made_without_postgres_are_in_the_call_log(stack: Stack) -> None:
    with stack.load("empty", per_second=20) as load:
        time.sleep(1)
        stack.postgres.kill()
        time.sleep(5)
        stack.postgres.start()
        time.sleep(1)
    made = len(load.outcomes)

    def logged() -> int:
        with stack.postgres.connect() as connection:
            row = connection.execute(
                "SELECT sum(count) FROM monitoring_calllog"
                " WHERE name = 'outage.empty' AND time > now() - make_interval(secs => %s)",
                [time.monotonic() - load.outcomes[0].begun + 1],
            ).fetchone()
        return row[0] if row and row[0] else 0

    assert load.failures() == []
    wait_until(lambda: logged() >= made, seconds=30, what=f"the log of {made} calls")


def test_a_worker_goes_on_when_postgres_is_back(stack: Stack) -> None:
    stack.postgres.kill()
    time.sleep(6)
    stack.postgres.start()
    time.sleep(RETURN_SECONDS)  # from here on no call may fail
    out = stack.folder / "after-an-outage"
    answer = httpx.post(f"{stack.web.url}/outage/remind", json={"path": str(out), "line": "ran"}, timeout=30)
    assert answer.status_code == 200, answer.text
    wait_until(out.exists, seconds=20, what="the scheduled call")


def test_when_postgres_takes_no_more_connections_the_open_ones_serve(stack: Stack) -> None:
    taken: list[psycopg.Connection[tuple[object, ...]]] = []
    with stack.load(*READS, "write", per_second=3) as load:
        time.sleep(2)
        with contextlib.suppress(psycopg.OperationalError):
            while len(taken) < 200:
                taken.append(stack.postgres.connect())
        time.sleep(3)
        while taken:
            taken.pop().close()
        free = time.monotonic()
        time.sleep(SOON_SECONDS)
    assert failed_after(load, free) == [], load.summary(free)
    assert all(each.error.startswith("RuntimeError: 503 ") for each in load.failures()), load.summary(free)


def test_a_migration_under_load_fails_no_read(stack: Stack) -> None:
    with stack.load(*READS, per_second=20) as load, stack.postgres.connect() as connection:
        time.sleep(1)
        for kind in ("varchar(500)", "text", "varchar(400)", "text"):
            connection.execute(f"ALTER TABLE notebook ALTER COLUMN name TYPE {kind}")
            time.sleep(0.5)
    assert load.failures() == [], load.summary()
