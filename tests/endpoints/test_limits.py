"""Decorators of methods: rate, size, and the call log."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from podium.core import clock, observe
from podium.endpoints import asgi
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, deprecated, max_body_bytes, rate_limit, unlogged
from podium.endpoints.errors import TooManyCalls
from podium.endpoints.registry import Registry
from podium.endpoints.testing import acall, call, serving, stream


class LimitedEndpoint(Endpoint):
    @deprecated("use often")
    @rate_limit("2/m")
    async def seldom(self, call: Call) -> int:
        return 1

    @rate_limit("2/m")
    def seldom_sync(self, call: Call) -> int:
        return 1

    @rate_limit("1/m")
    async def watch(self, call: Call) -> AsyncIterator[int]:
        yield 1

    async def often(self, call: Call) -> int:
        return 1

    @max_body_bytes(100)
    async def small(self, call: Call, text: str) -> int:
        return len(text)

    @max_body_bytes(1024 * 1024)
    async def large(self, call: Call, text: str) -> int:
        return len(text)

    async def usual(self, call: Call, text: str) -> int:
        return len(text)

    @unlogged
    async def silent(self, call: Call, fail: bool = False) -> None:
        if fail:
            raise LookupError("silent, but broken")


@pytest.fixture(autouse=True)
def _served(registry: Registry) -> Iterator[None]:
    with serving(LimitedEndpoint):
        yield


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """An address that no other test has."""
    transport = httpx.ASGITransport(asgi.application, client=(str(IPv4Address(secrets.randbits(32))), 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        yield client


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times = [datetime(2030, 1, 1, 12, 0, 15, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: times[-1])
    return times


@pytest.mark.parametrize("method", ["seldom", "seldomSync"])
async def test_calls_beyond_the_rate_are_a_429_with_the_time_to_retry(
    client: httpx.AsyncClient, now: list[datetime], method: str
) -> None:
    for _ in range(2):
        assert (await client.post(f"/limited/{method}")).status_code == 200
    refused = await client.post(f"/limited/{method}")
    assert (refused.status_code, refused.text) == (429, "Too many calls. Try again later.")
    assert refused.headers["retry-after"] == "45"
    assert refused.headers["x-error-code"] == "endpoints.too_many_calls"
    exposed = refused.headers["access-control-expose-headers"]
    assert exposed == "x-error-code, retry-after, ratelimit-policy, ratelimit"
    now.append(now[-1] + timedelta(seconds=45))
    assert (await client.post(f"/limited/{method}")).status_code == 200


async def test_every_user_and_every_method_has_its_own_count(now: list[datetime]) -> None:
    anna, ben = uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        await acall("limited.seldom", user=anna)
    with pytest.raises(TooManyCalls) as refused:
        await acall("limited.seldom", user=anna)
    assert refused.value.details == {"retry_after": 45}
    assert await acall("limited.seldom", user=ben) == 1
    assert await acall("limited.seldom_sync", user=anna) == 1


async def test_a_stream_beyond_its_rate_yields_nothing(now: list[datetime]) -> None:
    anna = uuid.uuid4()
    assert [each async for each in stream("limited.watch", user=anna)] == [1]
    with pytest.raises(TooManyCalls):
        await anext(stream("limited.watch", user=anna))


async def test_the_setting_applies_to_methods_without_a_decorator(settings: Any, now: list[datetime]) -> None:
    anna = uuid.uuid4()
    settings.ENDPOINTS_RATE = "1/h"
    assert [await acall("limited.seldom", user=anna) for _ in range(2)] == [1, 1]
    assert await acall("limited.often", user=anna) == 1
    with pytest.raises(TooManyCalls):
        await acall("limited.often", user=anna)


async def test_a_method_may_accept_less_or_more_than_the_others(client: httpx.AsyncClient) -> None:
    for method, size, limit in (
        ("small", 101, 100),
        ("usual", 600_000, 524288),
        ("large", 1_100_000, 1048576),
    ):
        refused = await client.post(f"/limited/{method}", json={"text": "x" * size})
        assert refused.status_code == 413 and str(limit) in refused.text
    assert (await client.post("/limited/large", json={"text": "x" * 600_000})).json() == 600_000
    assert (await client.post("/limited/small", json={"text": "x" * 50})).json() == 50


async def test_a_small_method_named_in_the_body_keeps_its_limit(client: httpx.AsyncClient) -> None:
    body = {"method": "small", "text": "x" * 101}
    assert (await client.post("/limited", json=body)).status_code == 413


async def test_an_unlogged_method_leaves_no_span_but_its_failures_are_logged(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spans: list[observe.Span] = []
    monkeypatch.setattr(observe, "_sinks", [spans.append])
    await client.post("/limited/often")
    await client.post("/limited/silent")
    assert (await client.post("/limited/silent", json={"fail": True})).status_code == 500
    assert [each.name for each in spans] == ["limited.often"]
    assert "silent, but broken" in caplog.text


def test_wrong_decorators_are_faults_with_file_and_line() -> None:
    class WrongEndpoint(Endpoint):
        @rate_limit("ten a minute")
        async def rated(self, call: Call) -> None: ...

        @max_body_bytes(0)
        async def empty(self, call: Call) -> None: ...

        @max_body_bytes(10)
        async def watch(self, call: Call) -> AsyncIterator[int]:
            yield 1

    rated, empty, watch = Registry([WrongEndpoint]).faults
    assert rated.startswith("tests/endpoints/test_limits.py:") and "wrong.rated @rate_limit:" in rated
    assert "'ten a minute' is not a valid rate" in rated and "'10/m'" in rated
    assert "wrong.empty @max_body_bytes: 0 bytes" in empty
    assert "REALTIME_FRAME_BYTES" in watch


async def test_decorators_of_a_class_apply_to_its_methods_and_subclasses(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    @unlogged
    @rate_limit("2/m")
    @max_body_bytes(100)
    class StrictEndpoint(Endpoint):
        async def usual(self, call: Call, text: str = "") -> int:
            return len(text)

        @rate_limit("3/m")
        @max_body_bytes(300)
        async def own(self, call: Call, text: str = "") -> int:
            return len(text)

        async def watch(self, call: Call) -> AsyncIterator[int]:
            yield 1

    class StricterEndpoint(StrictEndpoint):
        async def more(self, call: Call, text: str = "") -> int:
            return len(text)

    spans: list[observe.Span] = []
    monkeypatch.setattr(observe, "_sinks", [spans.append])
    with serving(StrictEndpoint, StricterEndpoint):
        for method, size, often in (
            ("strict/usual", 100, 2),
            ("strict/own", 300, 3),
            ("stricter/more", 100, 2),
        ):
            too_much = await client.post(f"/{method}", json={"text": "x" * size})
            assert too_much.status_code == 413 and f" {size} " in too_much.text
            statuses = [(await client.post(f"/{method}")).status_code for _ in range(often + 1)]
            assert statuses in ([200] * often + [429], [200] * (often + 1))  # a minute may end in between
        anna = uuid.uuid4()
        assert [each async for each in stream("strict.watch", user=anna)] == [1]
    assert {each.name for each in spans if each.status == 200} == set()


def test_wrong_decorators_of_a_class_are_faults_too() -> None:
    @rate_limit("ten a minute")
    @max_body_bytes(0)
    class WrongEndpoint(Endpoint):
        async def nothing(self, call: Call) -> None: ...

    rated, empty = Registry([WrongEndpoint]).faults
    assert "WrongEndpoint @rate_limit: 'ten a minute' is not a valid rate" in rated
    assert rated.startswith("tests/endpoints/test_limits.py:")
    assert "WrongEndpoint @max_body_bytes: 0 bytes" in empty


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("ENDPOINTS_RATE", "often", "'often' is not a valid rate"),
        ("ENDPOINTS_MIDDLEWARE", ["tests.nowhere.at_all"], "tests.nowhere.at_all"),
        ("ENDPOINTS_MIDDLEWARE", ["podium.endpoints.testing.acall"], r"async def name\(call, proceed\)"),
    ],
)
def test_check_reports_invalid_settings(settings: Any, setting: str, value: Any, told: str) -> None:
    setattr(settings, setting, value)
    with pytest.raises(SystemCheckError, match=f"(?s)E003.*{setting}.*{told}"):
        call_command("check")


def test_rates_apply_to_calls_in_sync_tests() -> None:
    anna = uuid.uuid4()
    assert [call("limited.seldom_sync", user=anna) for _ in range(2)] == [1, 1]
