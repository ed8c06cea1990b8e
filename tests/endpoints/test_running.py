"""Execution of methods: the ORM on threads, connections returned, nothing held while waiting."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import aclosing
from typing import Any

import pytest
from django.db import connection

from podium.endpoints import arguments as reading
from podium.endpoints import running, targets, threads
from podium.endpoints.calls import Call
from podium.endpoints.errors import BadResult, InvalidArguments
from tests.endpoints.sample_app.endpoints import SlowEndpoint, StreamsEndpoint
from tests.notes.models import Note


def invoke(name: str, /, **arguments: Any) -> Any:
    endpoint, _, method = name.partition(".")
    target = targets.find(endpoint, method)
    if target.method.returns.name == "Stream":
        return values(target, arguments)
    return running.invoke(target, Call(endpoint, method), arguments)


async def values(target: targets.Target, arguments: dict[str, Any]) -> AsyncIterator[Any]:
    call = Call(target.endpoint.name, target.method.wire_name)
    async with running.values(target, call, arguments) as iterator:
        async for value in iterator:
            yield value


def pool() -> Any:
    return connection.pool  # type: ignore[attr-defined]  # one for all threads


def taken() -> int:
    """The number of this process's connections that are not in the pool."""
    stats = pool().get_stats()
    return int(stats.get("pool_size", 0)) - int(stats.get("pool_available", 0))


@pytest.fixture
def tables(transactional_db: None) -> Iterator[None]:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # threads of earlier tests may still have connections of it
    Note.objects.bulk_create([Note(title=f"note {number}", tags=[]) for number in range(5)])
    connection.close()  # this thread's own connection would count as taken
    yield
    for _ in range(100):
        if taken() == 0:
            return
        time.sleep(0.02)
    raise AssertionError(f"{taken()} connections did not come back")


async def together(*calls: Awaitable[Any]) -> tuple[list[Any], float]:
    started = time.perf_counter()
    return list(await asyncio.gather(*calls)), time.perf_counter() - started


async def test_async_and_sync_methods_reach_the_database(tables: None) -> None:
    assert await invoke("tables.count") == 5
    assert await invoke("tables.countSync") == 5
    created = await invoke("tables.create", title="new")
    assert created.pk and await invoke("tables.count") == 6


async def test_async_methods_do_not_queue_for_one_thread(tables: None) -> None:
    await together(*(invoke("tables.nap", seconds=0.01) for _ in range(4)))  # connections are there
    _, seconds = await together(*(invoke("tables.nap", seconds=0.3) for _ in range(4)))
    assert seconds < 0.9


async def test_a_method_that_waits_holds_no_connection_and_no_thread(tables: None) -> None:
    waiting = [asyncio.create_task(invoke("tables.readThenWait", seconds=30)) for _ in range(40)]
    await asyncio.sleep(0.5)
    for _ in range(100):
        if taken() == 0:
            break
        await asyncio.sleep(0.02)
    assert taken() == 0
    assert await asyncio.wait_for(invoke("tables.count"), 5) == 5
    for task in waiting:
        task.cancel()
    assert {type(each) for each in await asyncio.gather(*waiting, return_exceptions=True)} == {
        asyncio.CancelledError
    }


async def test_a_call_without_the_database_uses_no_thread() -> None:
    before = threading.active_count()
    for _ in range(20):
        await invoke("echo.number", value=1)
    assert threading.active_count() == before


async def test_the_connection_comes_back_when_a_method_fails(tables: None) -> None:
    for _ in range(30):  # more often than there are connections
        with pytest.raises(ValueError, match="after the read"):
            await invoke("tables.failsAfterRead")
    assert await invoke("tables.count") == 5


async def test_a_server_side_cursor_survives_from_chunk_to_chunk(tables: None) -> None:
    expected = [f"note {number}" for number in range(5)]
    for _ in range(20):
        assert await invoke("tables.titlesByCursor") == expected
    found, _ = await together(*(invoke("tables.titlesByCursor") for _ in range(20)))
    assert found == [expected] * 20


async def test_an_open_transaction_is_not_shared_with_other_calls(tables: None) -> None:
    for _ in range(20):
        await invoke("tables.leavesTransactionOpen")
    assert await invoke("tables.countSync") == 5
    assert await invoke("tables.count") == 5


async def test_a_transaction_keeps_its_connection_until_it_ends(tables: None) -> None:
    for _ in range(20):
        assert await invoke("tables.transactionOverHops", commit=False) == 6
    assert await invoke("tables.count") == 5
    calls = (invoke("tables.transactionOverHops", commit=True) for _ in range(3))
    await asyncio.gather(*calls)
    assert await invoke("tables.count") == 8


async def test_an_open_server_side_cursor_keeps_its_connection_until_the_stream_ends(tables: None) -> None:
    for method in ("streamTitlesByCursor", "streamTitlesSync"):
        async with aclosing(invoke(f"tables.{method}")) as titles:
            assert await anext(titles) == "note 0"
            assert taken() == 1, method
        for _ in range(100):
            if taken() == 0:
                break
            await asyncio.sleep(0.02)
        assert taken() == 0, method


@pytest.mark.parametrize("method", ["streamTitles", "streamTitlesByCursor", "streamTitlesSync"])
async def test_streams_read_the_database(tables: None, method: str) -> None:
    async with aclosing(invoke(f"tables.{method}")) as titles:
        assert [title async for title in titles] == [f"note {number}" for number in range(5)]
    for _ in range(30):  # closed before their end, more often than there are threads
        async with aclosing(invoke(f"tables.{method}")) as titles:
            assert await anext(titles) == "note 0"


async def test_a_stream_that_waits_holds_no_connection(tables: None) -> None:
    streams = [invoke("tables.streamTitles") for _ in range(30)]
    for each in streams:
        assert await anext(each) == "note 0"
    assert taken() == 0
    for each in streams:
        await each.aclose()


async def test_a_stream_may_be_closed_by_another_task(tables: None) -> None:
    titles = invoke("tables.streamTitlesByCursor")
    assert await asyncio.create_task(anext(titles)) == "note 0"
    await asyncio.create_task(titles.aclose())


async def test_leaving_a_stream_ends_its_method() -> None:
    for method, arguments, first in (("countTo", {"end": 9}, 1), ("letters", {}, "a")):
        StreamsEndpoint.ended.clear()
        async with aclosing(invoke(f"streams.{method}", **arguments)) as values:
            assert await anext(values) == first
        assert len(StreamsEndpoint.ended) == 1


@pytest.mark.parametrize("method", ["returned", "returnedSync"])
async def test_a_stream_may_return_an_iterator(tables: None, method: str) -> None:
    StreamsEndpoint.ended.clear()
    assert [value async for value in invoke(f"streams.{method}", end=3)] == [1, 2, 3]
    async with aclosing(invoke(f"streams.{method}", end=9)) as values:
        assert await anext(values) == 1
    assert StreamsEndpoint.ended == ["count_to", "count_to"]
    assert taken() == 0


async def test_a_stream_that_returns_something_else_is_named() -> None:
    with pytest.raises(
        BadResult, match=r"streams\.returnsAList is declared to return Stream<int>, but returned \[1\]"
    ):
        await anext(invoke("streams.returnsAList"))


async def test_a_sync_method_does_not_block_the_loop() -> None:
    blocking = asyncio.ensure_future(invoke("slow.block", seconds=0.5))
    worst, last = 0.0, time.perf_counter()
    while not blocking.done():
        await asyncio.sleep(0.01)
        now = time.perf_counter()
        worst, last = max(worst, now - last), now
    assert (await blocking).startswith("endpoints")
    assert worst < 0.3


async def test_cancelling_a_call_cancels_its_method() -> None:
    SlowEndpoint.cancelled.clear()
    waiting = asyncio.create_task(invoke("slow.wait", seconds=30, name="one"))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert SlowEndpoint.cancelled == ["one"]


async def test_a_background_task_of_a_call_may_continue_after_it(tables: None) -> None:
    executor = threads.SerialExecutor()
    executor.enter()
    later = asyncio.create_task(_count_later())
    executor.leave()
    assert await later == 5


async def _count_later() -> int:
    await asyncio.sleep(0.05)
    return await Note.objects.acount()


async def test_input_streams_are_passed_to_the_method() -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in (1, 2, 3):
            yield number

    target = targets.find("streams", "total")
    arguments = reading.decode(target, {}, {"numbers": numbers()})
    assert await running.invoke(target, Call("streams", "total"), arguments) == 6
    with pytest.raises(InvalidArguments, match="input stream 'numbers' is missing"):
        reading.decode(target, {}, {})


async def test_a_method_that_waits_for_its_input_holds_no_connection_and_no_thread(tables: None) -> None:
    more = asyncio.Event()

    async def numbers() -> AsyncIterator[int]:
        yield 1
        await more.wait()
        yield 2

    async def total() -> int:
        return int(await invoke("streams.totalAndNotes", numbers=numbers()))

    waiting = [asyncio.create_task(total()) for _ in range(40)]  # more than there are threads and connections
    await asyncio.sleep(0.5)
    for _ in range(100):
        if taken() == 0:
            break
        await asyncio.sleep(0.02)
    assert taken() == 0
    assert await asyncio.wait_for(invoke("tables.countSync"), 5) == 5
    more.set()
    assert await asyncio.gather(*waiting) == [3 + 5 + 5] * 40
