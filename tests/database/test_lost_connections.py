"""Connections ended by Postgres: some statements are sent again, others are not, and nothing is done twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction

from podium.database import conflicts, failures
from podium.database.postgresql.base import TRIES, DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    execute("CREATE TABLE entry (id serial PRIMARY KEY, text text)")
    yield
    execute("DROP TABLE entry")


def execute(statement: str) -> list[Any]:
    """Execute a statement on a separate connection."""
    with psycopg.connect(**parameters()) as other:
        cursor = other.execute(statement)
        return cursor.fetchall() if cursor.description else []


def parameters() -> dict[str, Any]:
    own = connection.get_connection_params()
    return {name: own[name] for name in ("dbname", "user", "host", "port") if name in own}


def entries() -> list[str]:
    return [text for (text,) in execute("SELECT text FROM entry ORDER BY id")]


def run(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def backend() -> int:
    return int(connection.connection.info.backend_pid)


def end(process: int) -> None:
    assert execute(f"SELECT pg_terminate_backend({process}, 5000)") == [(True,)]


def pooled(count: int) -> list[int]:
    """Put this many open connections into the pool. Return their process ids."""
    wrappers = [connections.create_connection("default") for _ in range(count)]
    for each in wrappers:
        each.ensure_connection()
    processes = [each.connection.info.backend_pid for each in wrappers]
    for each in wrappers:
        each.close()
    return processes


class Meanwhile:
    """A statement or function that runs on a thread."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.error: Exception | None = None
        self._function = function
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            self._function()
        except Exception as error:  # noqa: BLE001  noqa: BLE001  checked by the test
            self.error = error
        finally:
            connection.close()

    def end_its_connection(self, *, when: str) -> None:
        """End the connection while it runs a statement with this text."""
        running = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
            f" AND query LIKE '%{when}%' AND pid <> pg_backend_pid()"
        )
        while not (found := execute(running)):
            assert self._thread.is_alive(), self.error
            time.sleep(0.02)
        end(found[0][0])

    def join(self) -> Exception | None:
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.error


def test_a_pooled_connection_that_postgres_closed_is_noticed_before_it_is_used() -> None:
    connection.close()
    for process in pooled(5):
        end(process)
    run("INSERT INTO entry (text) VALUES ('written')")
    with transaction.atomic():
        run("INSERT INTO entry (text) VALUES ('in a transaction')")
    assert entries() == ["written", "in a transaction"]


def test_a_write_that_postgres_ended_is_sent_again_and_done_once() -> None:
    work = Meanwhile(lambda: run("INSERT INTO entry (text) SELECT 'once' FROM pg_sleep(1)"))
    work.end_its_connection(when="pg_sleep")
    assert work.join() is None
    assert entries() == ["once"]


def test_a_statement_is_sent_three_times_again_and_done_once() -> None:
    work = Meanwhile(lambda: run("INSERT INTO entry (text) SELECT 'once' FROM pg_sleep(1)"))
    for _ in range(TRIES - 1):
        work.end_its_connection(when="pg_sleep")
    assert work.join() is None
    assert entries() == ["once"]


def test_a_statement_that_loses_all_its_connections_fails() -> None:
    work = Meanwhile(lambda: run("INSERT INTO entry (text) SELECT 'never' FROM pg_sleep(1)"))
    for _ in range(TRIES):
        work.end_its_connection(when="pg_sleep")
    assert isinstance(work.join(), OperationalError)
    assert entries() == []


def test_a_connection_that_is_lost_while_it_is_set_up_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[int] = []
    pool = connection.pool  # type: ignore[attr-defined]  # one for all threads
    set_up = pool._set_up

    def ended(made: psycopg.Connection[Any]) -> None:
        if len(lost) < 2:
            lost.append(made.info.backend_pid)
            end(made.info.backend_pid)
        set_up(made)

    connection.close()
    pool.drain()
    monkeypatch.setattr(pool, "_set_up", ended)
    run("INSERT INTO entry (text) VALUES ('written')")
    assert len(lost) == 2
    assert entries() == ["written"]


def test_the_first_statement_of_a_transaction_is_sent_again_and_the_transaction_goes_on() -> None:
    committed: list[str] = []

    def both() -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: committed.append("yes"))
            run("INSERT INTO entry (text) SELECT 'first' FROM pg_sleep(1)")
            run("INSERT INTO entry (text) VALUES ('second')")
            assert entries() == []
        run("INSERT INTO entry (text) VALUES ('after it')")

    work = Meanwhile(both)
    work.end_its_connection(when="first")
    assert work.join() is None
    assert entries() == ["first", "second", "after it"]
    assert committed == ["yes"]


def test_a_later_statement_of_a_transaction_is_not_sent_again() -> None:
    def both() -> None:
        with transaction.atomic():
            run("INSERT INTO entry (text) VALUES ('first')")
            run("INSERT INTO entry (text) SELECT 'second' FROM pg_sleep(1)")

    work = Meanwhile(both)
    work.end_its_connection(when="second")
    assert isinstance(work.join(), OperationalError)
    assert entries() == []


def test_locks_and_settings_of_a_connection_are_not_lost_silently() -> None:
    def locked() -> None:
        run("SELECT pg_advisory_lock(4711)")
        run("INSERT INTO entry (text) SELECT 'under the lock' FROM pg_sleep(1)")

    work = Meanwhile(locked)
    work.end_its_connection(when="under the lock")
    assert isinstance(work.join(), OperationalError)
    assert entries() == []


def test_a_lock_taken_by_a_statement_that_was_sent_again_is_not_lost_silently() -> None:
    def locked() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(4711), pg_sleep(1)")
            cursor.execute("INSERT INTO entry (text) SELECT 'under the lock' FROM pg_sleep(1)")

    work = Meanwhile(locked)
    work.end_its_connection(when="pg_advisory_lock")
    work.end_its_connection(when="under the lock")
    assert isinstance(work.join(), OperationalError)
    assert entries() == []


def test_a_write_without_an_answer_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless Postgres reports that it ended the session, the write may have succeeded."""
    sent: list[str] = []
    original = DatabaseWrapper.create_cursor

    class Broken(psycopg.ClientCursor[Any]):
        def execute(self, *args: Any, **kwargs: Any) -> Any:
            sent.append("")
            super().execute(*args, **kwargs)
            self.connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    def broken(self: DatabaseWrapper, name: str | None = None) -> Any:
        return original(self, name) if sent else Broken(self.connection)

    connection.close()
    monkeypatch.setattr(DatabaseWrapper, "create_cursor", broken)
    with pytest.raises(OperationalError) as raised:
        run("INSERT INTO entry (text) VALUES ('maybe')")
    assert isinstance(failures.refusal(raised.value), failures.ConnectionLost)
    assert entries() == ["maybe"]


def test_a_connection_to_a_standby_is_replaced() -> None:
    def write() -> None:
        with connection.cursor() as cursor:
            # As after a failover: this connection is read-only, new ones are not.
            connection.connection.execute("SET default_transaction_read_only = on")
            cursor.execute("INSERT INTO entry (text) VALUES ('on the new primary')")

    work = Meanwhile(write)
    assert work.join() is None
    assert entries() == ["on the new primary"]


def test_single_statements_that_deadlock_are_all_done() -> None:
    execute("INSERT INTO entry (text) VALUES ('0'), ('0')")
    execute(
        "CREATE FUNCTION bump(a int, b int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE entry SET text = text::int + 1 WHERE id = a; PERFORM pg_sleep(0.3);"
        " UPDATE entry SET text = text::int + 1 WHERE id = b; END $$"
    )
    try:
        works = [Meanwhile(partial(run, f"SELECT bump({a}, {3 - a})")) for a in (1, 2)]
        assert [each.join() for each in works] == [None, None]
        assert entries() == ["2", "2"]
        assert execute("SELECT deadlocks > 0 FROM pg_stat_database WHERE datname = current_database()") == [
            (True,)
        ]
    finally:
        execute("DROP FUNCTION bump")


def test_a_function_is_run_again_when_its_connection_is_lost_before_the_commit() -> None:
    runs: list[int] = []

    @conflicts.retry_on_conflict
    def write_two() -> None:
        runs.append(backend())
        run("INSERT INTO entry (text) VALUES ('first')")
        if len(runs) == 1:
            end(backend())
        run("INSERT INTO entry (text) VALUES ('second')")

    connection.ensure_connection()
    write_two()
    assert len(set(runs)) == 2
    assert entries() == ["first", "second"]


def test_an_async_function_cant_be_run_again() -> None:
    async def change() -> None: ...

    with pytest.raises(
        TypeError, match=r"test_lost_connections.py:\d+ .*change: @retry_on_conflict needs a sync"
    ):
        conflicts.retry_on_conflict(change)


def test_returning_a_lost_connection_opens_no_new_one() -> None:
    """Django queries the connection before closing it, which would reconnect to a Postgres that is unavailable."""
    connection.ensure_connection()
    process = backend()
    connection.connection.close()
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None
    run("SELECT 1")
    assert backend() != process
