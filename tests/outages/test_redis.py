"""Redis or Valkey is unavailable: calls that need it fail at once and recover soon, all others continue."""

from __future__ import annotations

import time

import httpx
import pytest
from allauth.core.internal import ratelimit

from tests.outages.scenarios import SCENARIOS, Scenario, run
from tests.outages.stack import Stack, wait_until

pytestmark = pytest.mark.slow

LOCK_SECONDS = 2 * ratelimit.CACHE_LOCK_TIMEOUT
REDIS = [each for each in SCENARIOS if each.name.startswith("Redis")]


@pytest.mark.parametrize("scenario", REDIS, ids=lambda scenario: scenario.name)
def test_an_outage_of_redis(stack: Stack, scenario: Scenario) -> None:
    """Calls that don't need it succeed, rates are limited, streams recover, scheduled calls run once."""
    result, load = run(stack, scenario)
    assert result.broken == [], load.summary()


def test_rates_are_kept_without_redis(stack: Stack) -> None:
    stack.valkey.kill()
    answers = [httpx.post(f"{stack.web.url}/outage/seldom", timeout=30).status_code for _ in range(8)]
    assert answers[:3] == [200, 200, 200]
    assert 429 in answers


@pytest.mark.parametrize("act", ["kill", "pause"])
def test_pages_and_messages_that_need_redis_say_so_soon(stack: Stack, act: str) -> None:
    with httpx.Client(base_url=stack.web.url, timeout=40) as client:
        page = client.get("/account/login/")
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        form = {"login": "a@example.com", "password": "x", "csrfmiddlewaretoken": token}
        getattr(stack.valkey, act)()
        started = time.monotonic()
        answer = client.post("/account/login/", data=form)
        assert answer.status_code == 503, answer.text[:300]
        assert client.post("/outage/say", json={"room": "a", "text": "b"}).status_code == 503
        assert time.monotonic() - started < 30
        stack.restore()
        wait_until(lambda: client.post("/outage/say", json={"room": "a", "text": "b"}).status_code == 200, 10)
        # A hanging Redis executes what it was sent when it continues: a lock that its client gave up is held until it
        # expires, and refuses sign-ins of the address until then.
        wait_until(lambda: client.post("/account/login/", data=form).status_code == 200, LOCK_SECONDS)
