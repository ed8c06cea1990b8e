"""/readyz turns red soon after any component's stop, and green again after its return. /livez always answers."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.outages.components import Component
from tests.outages.stack import Stack, wait_until

pytestmark = pytest.mark.slow

RED_SECONDS = 45
"""MONITORING_SILENT_SECONDS are 12 here, and the machine may be busy."""
GREEN_SECONDS = 60
QUICK_SECONDS = 8
"""Time limit of an answer that takes at most MONITORING_CHECK_SECONDS (2 s): the machine may be busy."""


@pytest.fixture(scope="module")
def module_stack() -> Iterator[Stack]:
    with Stack(settings="tests.outages.impatient_settings") as running:
        yield running


def readiness(stack: Stack, query: str = "") -> tuple[int, dict[str, Any]]:
    started = time.monotonic()
    answer = httpx.get(f"{stack.web.url}/readyz{query}", timeout=30)
    assert time.monotonic() - started < QUICK_SECONDS
    assert httpx.get(f"{stack.web.url}/livez", timeout=QUICK_SECONDS).status_code == 200
    return answer.status_code, answer.json()


def is_green(stack: Stack) -> bool:
    return readiness(stack)[1]["status"] == "pass"


def is_red(stack: Stack, check: str) -> bool:
    return readiness(stack)[1]["checks"][check] != "pass"


@pytest.mark.parametrize(
    ("name", "act", "check", "status"),
    [
        ("worker", "kill", "workers", 200),
        ("worker", "pause", "workers", 200),
        ("worker", "terminate", "workers", 200),
        ("beat", "kill", "scheduler", 200),
        ("beat", "pause", "scheduler", 200),
        ("postgres", "kill", "database", 503),
        ("postgres", "pause", "database", 503),
        ("valkey", "kill", "redis", 200),
        ("valkey", "pause", "redis", 200),
    ],
)
def test_a_stop_is_seen_and_so_is_the_return(
    stack: Stack, name: str, act: str, check: str, status: int
) -> None:
    wait_until(lambda: is_green(stack), GREEN_SECONDS, what="green")
    component: Component = getattr(stack, name)
    getattr(component, act)()
    red = wait_until(lambda: is_red(stack, check), RED_SECONDS, what=f"red for {check}")
    assert readiness(stack)[0] == status
    assert readiness(stack, "?full")[0] == 503
    stack.restore()
    green = wait_until(lambda: is_green(stack), GREEN_SECONDS, what="green")
    sys.stdout.write(f"{name} {act}: red after {red:.1f} s, green after {green:.1f} s\n")


def test_workers_that_hang_make_due_calls_late(stack: Stack) -> None:
    stack.worker.pause()
    call = {"path": str(stack.folder / "late"), "line": "ran"}
    httpx.post(f"{stack.web.url}/outage/remind", json=call).raise_for_status()
    wait_until(lambda: is_red(stack, "scheduled_calls"), RED_SECONDS, what="red for scheduled calls")
    stack.worker.resume()
    wait_until(lambda: is_green(stack), GREEN_SECONDS, what="green")


def test_pages_that_wait_for_the_database_do_not_hold_up_liveness(stack: Stack) -> None:
    """There are more of them than threads for pages."""
    stack.postgres.pause()
    with stack.load(("admin", admin), per_second=20):
        time.sleep(2)
        wait_until(lambda: readiness(stack)[0] == 503, RED_SECONDS, what="red for the database")
        stack.postgres.resume()
    wait_until(lambda: is_green(stack), GREEN_SECONDS, what="green")


async def admin(target: Any) -> None:
    """A page whose session is looked up in the database."""
    await target.http.get("/admin/", headers={"cookie": f"sessionid={'a' * 32}"})


def test_check_reports_what_stopped(stack: Stack) -> None:
    stack.worker.kill()
    wait_until(lambda: is_red(stack, "workers"), RED_SECONDS, what="red for workers")
    said = stack.run("manage", "check", "--database", "default")
    assert "(health.W003) workers: no heartbeat" in said
    assert "HINT: Start one: python3 manage.py serve --roles worker" in said
