"""Connections of the event loop: batches with errors, lost connections, abandoned reads, stale plans."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from podium.database.watch import Unavailable
from podium.reads import connecting, pipeline, pool

pytestmark = pytest.mark.django_db(transaction=True)

HALF = b"SELECT 100 / $1::int"


def on_a_loop(function: Callable[[], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        try:
            return await asyncio.wait_for(function(), 20)
        finally:
            await pool.close()

    return asyncio.run(run())


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def on_a_thread(function: Callable[..., Any], *arguments: Any) -> Awaitable[Any]:
    """Run a function on a thread, and close Django's connection there."""

    def run() -> Any:
        try:
            return function(*arguments)
        finally:
            connection.close()

    return asyncio.to_thread(run)


def running(statement: str) -> int:
    """Return the number of connections of the pool that run it now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND state = 'active'"
            " AND datname = current_database() AND query = %s",
            [pool.APPLICATION_NAME, statement],
        )
        return int(cursor.fetchone()[0])


def test_placeholders_are_converted_to_the_servers():
    assert pipeline.numbered("SELECT %s, '100 %%', %s") == b"SELECT $1, '100 %', $2"


@pytest.mark.parametrize("prepared", [True, False])
def test_each_of_many_reads_has_its_own_rows_and_errors(settings, prepared):
    settings.DATABASE_PREPARED_STATEMENTS = prepared

    async def read() -> list[Any]:
        reads = [pool.fetch(HALF, [number % 10]) for number in range(200)]
        reads.append(pool.fetch(b"SELECT * FROM nowhere", []))
        return await asyncio.gather(*reads, return_exceptions=True)

    *results, last = on_a_loop(read)
    for number, result in enumerate(results):
        if number % 10:
            assert result == [(100 // (number % 10),)]
        else:
            assert isinstance(result, psycopg.errors.DivisionByZero)
    assert isinstance(last, psycopg.errors.UndefinedTable)


def test_a_value_that_cant_be_sent_fails_only_its_read():
    async def read() -> list[Any]:
        reads = [pool.fetch(b"SELECT $1::text", [text]) for text in ("a", "nul\x00", "b")]
        return await asyncio.gather(*reads, return_exceptions=True)

    first, bad, last = on_a_loop(read)
    assert (first, last) == ([("a",)], [("b",)])
    assert isinstance(bad, psycopg.DataError)


def test_a_plan_that_a_migration_made_stale_is_made_anew():
    execute("CREATE TABLE changing (a int)")
    try:
        execute("INSERT INTO changing VALUES (1)")

        async def read() -> list[Any]:
            found = [await pool.fetch(b"SELECT * FROM changing", []) for _ in range(3)]
            await on_a_thread(execute, "ALTER TABLE changing ADD b text DEFAULT 'x'")
            return [*found, await pool.fetch(b"SELECT * FROM changing", [])]

        assert on_a_loop(read) == [[(1,)], [(1,)], [(1,)], [(1, "x")]]
    finally:
        execute("DROP TABLE changing")


def test_large_values_go_both_ways():
    text = "wörds " * 1_000_000

    async def read() -> Any:
        return await asyncio.gather(
            *[pool.fetch(b"SELECT $1::text, $2::int", [text, each]) for each in range(8)]
        )

    assert [rows[0][1] for rows in on_a_loop(read) if rows[0][0] == text] == list(range(8))


def test_a_read_that_nobody_waits_for_is_stopped():
    async def read() -> Any:
        sleeping = [asyncio.create_task(pool.fetch(b"SELECT pg_sleep(60)", [])) for _ in range(pool.MAX_SIZE)]
        while await on_a_thread(running, "SELECT pg_sleep(60)") < pool.MAX_SIZE:
            await asyncio.sleep(0.05)
        for each in sleeping:
            each.cancel()
        await asyncio.gather(*sleeping, return_exceptions=True)
        assert await pool.fetch(b"SELECT 1", []) == [(1,)]
        while await on_a_thread(running, "SELECT pg_sleep(60)"):
            await asyncio.sleep(0.05)

    on_a_loop(read)


def end_connections() -> None:
    execute(
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        f" WHERE application_name = '{pool.APPLICATION_NAME}'"
        " AND datname = current_database()"
    )


def test_reads_on_a_lost_connection_are_repeated_on_another():
    async def read() -> Any:
        reading = asyncio.create_task(pool.fetch(b"SELECT pg_sleep(3)::text, $1::int", [7]))
        while not await on_a_thread(running, "SELECT pg_sleep(3)::text, $1::int"):
            await asyncio.sleep(0.05)
        await on_a_thread(end_connections)
        return await reading

    assert on_a_loop(read) == [("", 7)]


@pytest.mark.parametrize("losses", [pool.TRIES - 1, pool.TRIES])
def test_a_read_that_loses_its_connections_is_sent_again_three_times(losses):
    statement = "SELECT pg_sleep(1)::text, $1::int"

    async def read() -> Any:
        reading = asyncio.create_task(pool.fetch(statement.encode(), [7]))
        for _ in range(losses):
            while not await on_a_thread(running, statement):
                await asyncio.sleep(0.02)
            await on_a_thread(end_connections)
        if losses < pool.TRIES:
            return await reading
        with pytest.raises(psycopg.OperationalError):
            await reading
        return await pool.fetch(b"SELECT '', 7", [])

    assert on_a_loop(read) == [("", 7)]


def test_without_a_server_the_reason_is_told(settings, monkeypatch):
    settings.DATABASE_WAIT_SECONDS = 0.2
    nowhere = {"host": "127.0.0.1", "port": 1, "dbname": "x"}
    monkeypatch.setattr(connecting, "parameters", lambda: nowhere)

    async def read() -> Any:
        return await asyncio.gather(*[pool.fetch(b"SELECT 1", []) for _ in range(20)], return_exceptions=True)

    errors = on_a_loop(read)
    assert [type(each) for each in errors] == [Unavailable] * 20
    assert "refused" in str(errors[0])


def test_connections_grow_old(monkeypatch):
    monkeypatch.setattr(pipeline, "MAX_AGE_SECONDS", 0)

    async def read() -> set[int]:
        return {(await pool.fetch(b"SELECT pg_backend_pid()", []))[0][0] for _ in range(3)}

    assert len(on_a_loop(read)) == 3
