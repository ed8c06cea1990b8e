"""Cancelled tasks end, even if a cancellation gets lost."""

from __future__ import annotations

import asyncio
import time

import pytest

from podium.core import cancellation


async def stubborn(times: int) -> str:
    """Catch this number of cancellations and continue."""
    for _ in range(times):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            continue
    await asyncio.sleep(60)
    return "never"


async def library(times: int = 1) -> str:
    """A library call that drops cancellations and succeeds instead."""
    for _ in range(times):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            continue
    return "a result"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancellation, "AGAIN_SECONDS", 0.02)


async def started(work) -> asyncio.Task[None]:
    task = asyncio.create_task(work, name="a stubborn task")
    await asyncio.sleep(0)
    return task


async def test_a_task_that_drops_cancellations_is_cancelled_until_it_has_ended():
    tasks = [await started(stubborn(times)) for times in range(4)]
    assert await cancellation.end(*tasks, grace=0.02) == set()
    assert all(task.cancelled() for task in tasks)


async def test_a_task_that_never_ends_is_reported_and_abandoned(caplog):
    task = await started(stubborn(100))
    begun = time.monotonic()
    assert await cancellation.end(task, grace=0.02, seconds=0.1) == {task}
    assert time.monotonic() - begun < 5
    while "a stubborn task goes on after 10 cancellations" not in caplog.text:
        assert time.monotonic() - begun < 10
        await asyncio.sleep(0.02)
    assert "test_cancellation.py:" in caplog.text
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)


async def test_clean_up_within_its_grace_is_not_interrupted():
    cleaned = []

    async def tidy() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.1)
            cleaned.append("all")

    task = await started(tidy())
    cancellation.cancel(task, grace=5)
    await asyncio.wait([task])
    assert cleaned == ["all"]


async def test_a_stopped_cancellation_is_not_repeated():
    task = await started(stubborn(1))
    given = cancellation.cancel(task, grace=0.02)
    given.stop()
    await asyncio.sleep(0.1)
    assert (given.times, task.done()) == (1, False)
    assert await cancellation.end(task) == set()


async def test_an_undone_cancellation_reveals_those_of_others():
    task = asyncio.current_task()
    assert task is not None
    given = cancellation.cancel(task)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(1)
    assert given.take_back()
    given = cancellation.cancel(task)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(1)
    assert not given.take_back()
    task.uncancel()


async def test_a_dropped_cancellation_is_raised_afterwards():
    async def work() -> None:
        assert await cancellation.honoured(library()) == "not reached"

    task = await started(work())
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_a_library_call_that_is_not_interrupted_returns_its_result():
    assert await cancellation.honoured(library(0)) == "a result"
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(1)
    assert await cancellation.honoured(library(0)) == "a result"  # the clean-up of a task
    task.uncancel()


async def test_a_time_out_works_around_a_library_that_drops_it():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await cancellation.honoured(library())
            raise AssertionError("not reached")
