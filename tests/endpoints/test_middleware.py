"""Code that runs around a call and after it: ENDPOINTS_MIDDLEWARE and Call.on_close."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from podium.core.errors import PodiumError
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.middleware import Proceed
from podium.endpoints.registry import Registry
from podium.endpoints.testing import acall, call, serving, stream

happened: list[str] = []


class Closed(PodiumError):
    """Closed at night."""

    status = 503


async def outer(call: Call, proceed: Proceed) -> Any:
    happened.append(f"outer before {call.endpoint}.{call.method}")
    try:
        return await proceed()
    finally:
        happened.append("outer after")


async def doubled(call: Call, proceed: Proceed) -> Any:
    result = await proceed()
    if not isinstance(result, AsyncIterator):
        return result * 2

    async def values() -> AsyncIterator[int]:
        async for value in result:
            yield value * 2
        happened.append("stream ended")

    return values()


def on_a_thread(call: Call) -> Any:
    happened.append(f"thread {threading.current_thread() is threading.main_thread()}")


def answers(call: Call) -> Any:
    return 42


def refuses(call: Call) -> Any:
    raise Closed


class AroundEndpoint(Endpoint):
    async def one(self, call: Call) -> int:
        happened.append("method")
        return 1

    def one_sync(self, call: Call) -> int:
        happened.append("method")
        return 1

    async def count(self, call: Call) -> AsyncIterator[int]:
        call.on_close(lambda: happened.append("closed"))
        yield 1
        yield 2

    def count_sync(self, call: Call) -> Iterator[int]:
        call.on_close(lambda: happened.append("closed"))
        yield 1
        yield 2

    async def leaves(self, call: Call, fail: bool = False) -> int:
        async def second() -> None:
            happened.append("second")

        def broken() -> None:
            raise LookupError("a broken callback")

        for each in (lambda: happened.append("first"), broken, second):
            call.on_close(each)
        if fail:
            raise Closed
        return 1

    def leaves_sync(self, call: Call) -> int:
        call.on_close(lambda: happened.append("first"))
        return 1


@pytest.fixture(autouse=True)
def _served(registry: Registry) -> Iterator[None]:
    happened.clear()
    with serving(AroundEndpoint):
        yield


def use(settings: Any, *functions: Any) -> None:
    settings.ENDPOINTS_MIDDLEWARE = [f"{each.__module__}.{each.__name__}" for each in functions]


@pytest.mark.parametrize("method", ["one", "one_sync"])
async def test_middleware_wraps_calls_the_first_outermost(settings: Any, method: str) -> None:
    use(settings, outer, doubled, on_a_thread)
    assert await acall(f"around.{method}") == 2
    name = "one" if method == "one" else "oneSync"
    assert happened == [f"outer before around.{name}", "thread False", "method", "outer after"]


def test_middleware_runs_in_sync_tests_too(settings: Any) -> None:
    use(settings, outer, doubled, on_a_thread)
    assert call("around.one") == call("around.one_sync") == 2


@pytest.mark.parametrize("method", ["count", "count_sync"])
async def test_middleware_wraps_the_values_of_streams(settings: Any, method: str) -> None:
    use(settings, doubled, on_a_thread)
    assert [each async for each in stream(f"around.{method}")] == [2, 4]
    assert happened == ["thread False", "closed", "stream ended"]


async def test_middleware_answers_instead_of_the_method(settings: Any) -> None:
    use(settings, answers)
    assert await acall("around.one") == 42 and happened == []


async def test_middleware_refuses_calls_and_streams(settings: Any) -> None:
    use(settings, outer, refuses)
    with pytest.raises(Closed):
        await acall("around.one")
    assert happened == ["outer before around.one", "outer after"]
    with pytest.raises(Closed):
        await anext(stream("around.count"))
    assert "closed" not in happened


async def test_callbacks_of_on_close_run_in_order_and_a_failure_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await acall("around.leaves") == 1
    assert happened == ["first", "second"]
    assert "a broken callback" in caplog.text


async def test_on_close_runs_after_a_failed_call_and_after_sync_ones() -> None:
    with pytest.raises(Closed):
        await acall("around.leaves", fail=True)
    assert await acall("around.leaves_sync") == 1
    assert happened == ["first", "second", "first"]


@pytest.mark.parametrize("method", ["count", "count_sync"])
async def test_on_close_of_a_stream_runs_when_it_ends(method: str) -> None:
    values = stream(f"around.{method}")
    assert await anext(values) == 1 and happened == []
    await values.aclose()
    assert happened == ["closed"]
