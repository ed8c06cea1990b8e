"""The stack itself: everything starts, serves every kind of call, and survives the faults that tests cause."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.outages.load import KINDS
from tests.outages.stack import Stack, wait_until

pytestmark = pytest.mark.slow


def test_a_stack_serves_calls_streams_and_tasks(stack: Stack) -> None:
    out = stack.folder / "out"
    with stack.load(*KINDS, per_second=2) as load:
        httpx.post(
            f"{stack.web.url}/outage/remind", json={"path": str(out), "line": "ran"}
        ).raise_for_status()
        wait_until(out.exists, what="the scheduled call")
        time.sleep(2)
    assert load.failures() == []
    assert {each.kind for each in load.outcomes} == set(KINDS)


def test_components_stop_and_start(stack: Stack) -> None:
    with stack.load("read_sync") as load:
        time.sleep(1)
        stack.postgres.pause()
        time.sleep(1)
        stack.postgres.resume()
        time.sleep(1)
        assert load.failures() == []
        stack.postgres.kill()
        assert not stack.postgres.is_running
        wait_until(load.failures, what="a failure")
        stack.postgres.start()
    for component in stack.components:
        component.kill()
    stack.restore()
    assert stack.postgres.disconnect() >= 0
    assert stack.valkey.disconnect() >= 1
    assert httpx.post(f"{stack.web.url}/outage/empty").status_code == 200
    for first in stack.webs[0], stack.workers[0], stack.beats[0]:
        first.restart()
    assert httpx.post(f"{stack.web.url}/outage/empty").status_code == 200
