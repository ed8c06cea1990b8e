"""Answers to clients after database errors (conflicts, locks, timeouts, outages), and automatic retries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from podium.database import watch
from podium.database.conflicts import retry_on_conflict
from podium.endpoints import asgi, threads
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.registry import Registry, instead
from tests.notes.models import Note

pytestmark = pytest.mark.django_db(transaction=True)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def move(source: int, target: int) -> None:
    """Take the locks slowly, in the order of the arguments."""
    for note in (source, target):
        Note.objects.filter(pk=note).update(body="moved")
        execute("SELECT pg_sleep(0.3)")


class ConflictsEndpoint(Endpoint):
    """Methods that conflict with each other."""

    def move(self, call: Call, source: int, target: int) -> None:
        with transaction.atomic():
            move(source, target)

    @retry_on_conflict
    def move_patiently(self, call: Call, source: int, target: int) -> int:
        move(source, target)
        return target

    def order(self, call: Call, note: int, read_first: bool) -> None:
        """Read, wait and write, at an isolation level that detects concurrent writes."""
        with transaction.atomic():
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            Note.objects.get(pk=note)
            execute("SELECT pg_sleep(0.3)")
            Note.objects.filter(pk=note).update(body="ordered")

    def lock(self, call: Call, note: int) -> None:
        with transaction.atomic():
            Note.objects.select_for_update(nowait=True).get(pk=note)
            execute("SELECT pg_sleep(0.5)")

    def slow(self, call: Call) -> None:
        with transaction.atomic():
            execute("SET LOCAL statement_timeout = 100")
            execute("SELECT pg_sleep(20)")

    async def on_the_loop(self, call: Call, note: int) -> None:
        await sync_to_async(self.lock)(call, note)

    def wrong(self, call: Call) -> None:
        execute("SELECT * FROM nowhere")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(asgi.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://server", timeout=30) as client:
        yield client


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    with instead(Registry([ConflictsEndpoint])) as found:
        assert found.faults == []
        yield


@pytest.fixture
def notes() -> list[int]:
    made = [Note.objects.create(title=title, tags=[]).pk for title in ("a", "b")]
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # earlier tests may have left a lock_timeout
    return made


async def both(http: httpx.AsyncClient, method: str, *arguments: dict[str, Any]) -> list[httpx.Response]:
    return await asyncio.gather(*[http.post(f"/conflicts/{method}", json=each) for each in arguments])


def opposed(notes: list[int]) -> list[dict[str, Any]]:
    first, second = notes
    return [{"source": first, "target": second}, {"source": second, "target": first}]


def codes(responses: list[httpx.Response]) -> list[tuple[int, str]]:
    return sorted((each.status_code, each.headers.get("x-error-code", "")) for each in responses)


async def test_a_deadlock_is_a_409_with_its_code(http: httpx.AsyncClient, notes: list[int]) -> None:
    responses = await both(http, "move", *opposed(notes))
    assert codes(responses) == [(200, ""), (409, "database.conflict")]
    [refused] = [each for each in responses if each.status_code == 409]
    assert refused.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Try again" in refused.text
    assert "note" not in refused.text.lower().replace("nothing", "")


async def test_a_method_that_may_be_retried_is_retried(http: httpx.AsyncClient, notes: list[int]) -> None:
    responses = await both(http, "movePatiently", *opposed(notes))
    assert [each.status_code for each in responses] == [200, 200]
    assert sorted(each.json() for each in responses) == sorted(notes)


async def test_a_serialization_failure_is_a_409(http: httpx.AsyncClient, notes: list[int]) -> None:
    one = {"note": notes[0], "readFirst": True}
    assert codes(await both(http, "order", one, one)) == [(200, ""), (409, "database.conflict")]


@pytest.mark.parametrize("method", ["lock", "onTheLoop"])
async def test_a_lock_of_another_call_is_a_409(
    method: str, http: httpx.AsyncClient, notes: list[int]
) -> None:
    one = {"note": notes[0]}
    assert codes(await both(http, method, one, one)) == [(200, ""), (409, "database.locked")]


async def test_a_statement_that_takes_too_long_is_a_503(http: httpx.AsyncClient) -> None:
    assert codes(await both(http, "slow", {})) == [(503, "database.timeout")]


async def test_a_bug_stays_a_500_without_text(http: httpx.AsyncClient) -> None:
    [response] = await both(http, "wrong", {})
    assert (response.status_code, response.content) == (500, b"")


async def test_without_postgres_calls_get_a_503_with_the_time_to_retry(
    http: httpx.AsyncClient, notes: list[int], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_WAIT_SECONDS = 0.2
    away = watch.Watch(lambda seconds: None)
    away.lost(watch.Unavailable("refused"))
    pool = await threads.run(lambda: connection.pool)  # type: ignore[attr-defined]
    pool.drain()
    monkeypatch.setattr(pool, "_watch", away)
    [response] = await both(http, "lock", {"note": notes[0]})
    assert codes([response]) == [(503, "database.unavailable")]
    assert response.headers["retry-after"] == "1"
    assert "x-error-code" in response.headers["access-control-expose-headers"]
