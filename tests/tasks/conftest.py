"""Real workers and schedulers on the test database, with the tasks of tests/tasks/sample_tasks/."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasks.broker import app
from tests import processes
from tests.tasks.sample_tasks import tasks  # noqa: F401  makes them known here too, as at a worker

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def an_empty_broker() -> Iterator[None]:
    """No message of one test reaches another's worker."""
    app.control.purge()
    yield
    app.control.purge()


@pytest.fixture
def environment(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """The environment of a process of its own that works on the test database."""
    return processes.environment(
        DJANGO_SETTINGS_MODULE="tests.tasks.settings", SAMPLE_TICKS=str(tmp_path / "ticks")
    )


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """start("worker"), start("beat"): the real process; it is stopped at the test's end."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "config.celery", *words, "--loglevel=INFO"]
        if words[0] == "worker":
            command += ["--concurrency=2", "--without-gossip", "--without-mingle"]
        if words[0] == "beat":
            command += [f"--pidfile={tmp_path / 'beat.pid'}"]
        with (tmp_path / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)
    for log in tmp_path.glob("*.log"):
        sys.stdout.write(f"--- {log.name}\n{log.read_text()}")


@pytest.fixture
def lines(tmp_path: Path) -> Callable[[str], list[str]]:
    """Values that tasks have written to a file of the test's folder."""

    def read(name: str = "out") -> list[str]:
        path = tmp_path / name
        return path.read_text().splitlines() if path.exists() else []

    return read


def wait_until(true: Callable[[], object], seconds: float = 25) -> None:
    """Wait for something that another process does. Fails after the given time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"it did not happen within {seconds} s"
        time.sleep(0.05)
