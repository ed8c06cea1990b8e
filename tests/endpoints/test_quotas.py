"""Quotas: whose calls they count, in what order, and the headers that report them."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError

from podium.core import clock
from podium.endpoints import asgi, rates
from podium.endpoints.calls import Call, Identity
from podium.endpoints.endpoint import Endpoint, allow_api_keys, rate_limit
from podium.endpoints.errors import TooManyCalls
from podium.endpoints.registry import Registry
from podium.endpoints.testing import Caller, serving


@allow_api_keys
class QuotasEndpoint(Endpoint):
    @rate_limit("2/m")
    async def by_user(self, call: Call, fail: bool = False) -> int:
        return 1 // (not fail)

    @rate_limit("2/m", by="key")
    async def by_key(self, call: Call) -> int:
        return 1

    @rate_limit("2/m", by="address")
    async def by_address(self, call: Call) -> int:
        return 1

    @rate_limit("3/h", by="address")
    @rate_limit("2/m", by="key")
    async def both(self, call: Call) -> int:
        return 1

    async def unlimited(self, call: Call) -> int:
        return 1


@pytest.fixture(autouse=True)
def _served(registry: Registry) -> Iterator[None]:
    with serving(QuotasEndpoint):
        yield


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    times = [datetime(2030, 1, 1, 12, 0, 15, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: times[-1])
    return times


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(asgi.application, client=(fresh(), 1), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        yield client


def fresh() -> str:
    """An address that no other test has."""
    return str(IPv4Address(secrets.randbits(32)))


def key_of(user: uuid.UUID, address: str = "") -> Caller:
    identity = Identity(str(user), token_id=str(uuid.uuid4()), api_key="shop")
    return Caller(identity, address=address or fresh())


def left(caller: Caller, method: str) -> int:
    """The number of calls until the first refusal."""
    for count in range(5):
        try:
            caller.call(f"quotas.{method}")
        except TooManyCalls:
            return count
    raise AssertionError("never refused")


def test_users_keys_and_addresses_have_counts_of_their_own() -> None:
    anna, here = uuid.uuid4(), fresh()
    one, other, herself = key_of(anna), key_of(anna), Caller(anna, address=fresh())
    assert [left(each, "by_user") for each in (one, other, herself)] == [2, 0, 0]
    assert [left(each, "by_key") for each in (one, other, herself)] == [2, 2, 2]
    neighbours = [key_of(anna, here), Caller(uuid.uuid4(), address=here), Caller(address=here)]
    assert [left(each, "by_address") for each in neighbours] == [2, 0, 0]


@pytest.mark.parametrize("method", ["by_user", "by_key", "by_address"])
def test_without_a_user_the_address_is_counted(method: str) -> None:
    here = fresh()
    assert [left(Caller(address=each), method) for each in (here, here, fresh())] == [2, 0, 2]


def test_a_refused_call_does_not_count_for_a_longer_window(now: list[datetime]) -> None:
    anna, here = uuid.uuid4(), fresh()
    one, other = key_of(anna, here), key_of(anna, here)
    assert left(one, "both") == 2
    assert [left(one, "both") for _ in range(3)] == [0, 0, 0]
    assert left(other, "both") == 1  # the third of this address in the hour
    now.append(now[-1] + timedelta(minutes=1))
    assert left(one, "both") == 0
    now.append(now[-1] + timedelta(hours=1))
    assert left(one, "both") == 2


async def test_answers_report_what_is_left(client: httpx.AsyncClient) -> None:
    found = [await client.post("/quotas/both") for _ in range(3)]
    assert [each.status_code for each in found] == [200, 200, 429]
    policy = '"2/m by key";q=2;w=60, "3/h by address";q=3;w=3600'
    assert {each.headers["ratelimit-policy"] for each in found} == {policy}
    assert [each.headers["ratelimit"] for each in found] == [
        '"2/m by key";r=1;t=45, "3/h by address";r=2;t=3585',
        '"2/m by key";r=0;t=45, "3/h by address";r=1;t=3585',
        '"2/m by key";r=0;t=45',
    ]
    assert found[0].headers["access-control-expose-headers"] == "ratelimit-policy, ratelimit"
    assert found[2].headers["retry-after"] == "45"


async def test_a_failed_call_reports_what_is_left_too(client: httpx.AsyncClient) -> None:
    failed = await client.post("/quotas/byUser", json={"fail": True})
    assert (failed.status_code, failed.headers["ratelimit"]) == (500, '"2/m by user";r=1;t=45')


async def test_answers_of_methods_without_quotas_report_nothing(
    client: httpx.AsyncClient, settings: Any
) -> None:
    headers = (await client.post("/quotas/unlimited")).headers
    assert not {"ratelimit", "ratelimit-policy", "access-control-expose-headers"} & set(headers)
    settings.ENDPOINTS_RATE = "600/m"
    headers = (await client.post("/quotas/unlimited")).headers
    assert headers["ratelimit-policy"] == '"600/m by user";q=600;w=60'


def test_quotas_hold_without_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)
    try:
        assert left(key_of(uuid.uuid4()), "both") == 2
    finally:
        rates._away_until = 0.0


def test_wrong_quotas_are_faults_with_file_and_line() -> None:
    class WrongEndpoint(Endpoint):
        @rate_limit("1/m", by="token")  # type: ignore[arg-type]
        async def unknown(self, call: Call) -> None: ...

        @rate_limit("60/m", by="key")
        @rate_limit("100/60s", by="key")
        async def twice(self, call: Call) -> None: ...

    unknown, twice = Registry([WrongEndpoint]).faults
    assert unknown.startswith("tests/endpoints/test_quotas.py:") and "by='token' is not valid" in unknown
    assert "two rates by key for the same time" in twice


def test_the_rates_of_a_class_replace_those_of_its_base() -> None:
    @rate_limit("1/h")
    class FirstEndpoint(Endpoint):
        async def who(self, call: Call) -> None: ...

    @rate_limit("2/h")
    @rate_limit("3/d")
    class SecondEndpoint(FirstEndpoint):
        @rate_limit("4/h")
        async def own(self, call: Call) -> None: ...

    registry = Registry([FirstEndpoint, SecondEndpoint])
    texts = {
        name: [quota.text for quota in registry.find(*name.split(".")).quotas]
        for name in ("first.who", "second.who", "second.own")
    }
    assert texts == {"first.who": ["1/h"], "second.who": ["2/h", "3/d"], "second.own": ["4/h"]}
