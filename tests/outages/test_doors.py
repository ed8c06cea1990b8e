"""Scheduled calls reach a worker at once, wherever they are scheduled, and no other broker is tried."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.outages.prepare import PASSWORD
from tests.outages.stack import Stack, wait_until

pytestmark = pytest.mark.slow

WATCH = """
import os, sys

def see(event, arguments):
    if event == "socket.connect" and str(arguments[1:]).find("5672") >= 0:
        with open(os.environ["AMQP_LOG"], "a") as file:
            file.write(" ".join(sys.argv) + "\\n")

sys.addaudithook(see)
"""
"""Used as sitecustomize.py: records connections to RabbitMQ's port, which is Celery's default."""


@pytest.fixture(scope="module")
def module_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("watch")
    (folder / "sitecustomize.py").write_text(WATCH)
    (folder / "amqp").touch()
    with Stack(
        settings="tests.outages.patient_settings",
        PYTHONPATH=str(folder),
        AMQP_LOG=str(folder / "amqp"),
    ) as running:
        yield running


def call(stack: Stack, method: str, path: Path) -> None:
    httpx.post(f"{stack.web.url}/{method}", json={"path": str(path)}, timeout=30).raise_for_status()


def task(stack: Stack, name: str, path: Path) -> None:
    """Schedule a sample task, which then schedules another."""
    words = ("tests.tasks.sample_tasks.schedule", name, str(path))
    stack.run(*words)


def admin(stack: Stack, path: Path) -> None:
    """Run a failed call again in the admin. It failed because its folder was missing."""
    httpx.post(f"{stack.web.url}/scheduling/fromSync", json={"path": str(path)}, timeout=30)
    failed = f"SELECT id FROM tasks_scheduledcall WHERE state = 'failed' AND arguments->>'path' = '{path}'"
    with stack.postgres.connect() as connection:
        wait_until(lambda: connection.execute(failed).fetchone(), what="the failure")
        (key,) = connection.execute(failed).fetchone() or ("",)
    path.parent.mkdir()
    with httpx.Client(base_url=stack.web.url, follow_redirects=True, timeout=30) as browser:
        token = _token(browser.get("/admin/login/").text)
        form = {"username": "operator@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
        page = browser.post("/admin/login/?next=/admin/tasks/job/", data=form)
        form = {"action": "retry", "_selected_action": str(key), "csrfmiddlewaretoken": _token(page.text)}
        answer = browser.post("/admin/tasks/job/", data=form)
        assert "will run again" in answer.text


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page[:2000]
    return found[1]


DOORS: dict[str, Callable[[Stack, Path], object]] = {
    "sync endpoint": lambda stack, path: call(stack, "scheduling/fromSync", path),
    "async endpoint": lambda stack, path: call(stack, "scheduling/fromAsync", path),
    "management command": lambda stack, path: stack.run("manage", "schedule_line", str(path)),
    "plain thread": lambda stack, path: stack.run("manage", "schedule_line", str(path), "--thread"),
    "task": lambda stack, path: task(stack, "schedule_from_task", path),
    "async task": lambda stack, path: task(stack, "schedule_from_async_task", path),
    "thread of a task": lambda stack, path: task(stack, "schedule_from_thread_of_task", path),
    "admin": admin,
}


def test_a_call_starts_at_its_time_from_every_door(stack: Stack, tmp_path: Path) -> None:
    late = []
    for door, schedule in DOORS.items():
        path = tmp_path / ("missing" if door == "admin" else "") / door.replace(" ", "-")
        schedule(stack, path)
        wait_until(path.exists, 40, what=f"the call scheduled from the {door}")
        with stack.postgres.connect() as connection:
            sends, seconds = connection.execute(
                "SELECT sends, extract(epoch FROM started_at - run_at) FROM tasks_scheduledcall "
                "WHERE arguments->>'path' = %s AND task = 'sample_tasks.write_line'",
                [str(path)],
            ).fetchone() or (0, 0)
        assert sends == 1, door
        late.append(float(str(seconds)))
    assert statistics.median(late) < 1, dict(zip(DOORS, late, strict=True))
    assert Path(stack.environment["AMQP_LOG"]).read_text() == ""
