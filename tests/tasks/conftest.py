"""Real workers and schedulers on the test database, with the tasks of tests/tasks/sample_tasks/."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasks.broker import app
from tasks.models import Job, State
from tests import processes
from tests.tasks.sample_tasks import tasks  # noqa: F401  makes them known here too, as at a worker

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def an_empty_broker() -> Iterator[None]:
    """No message of one test reaches another's worker."""
    app.control.purge()
    yield
    app.control.purge()


def environment_in(folder: Path) -> dict[str, str]:
    """The environment of a process of its own that works on the test database."""
    return processes.environment(
        DJANGO_SETTINGS_MODULE="tests.tasks.settings", SAMPLE_TICKS=str(folder / "ticks")
    )


@pytest.fixture
def environment(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    return environment_in(tmp_path)


@contextmanager
def starting(environment: dict[str, str], folder: Path) -> Iterator[Start]:
    """A function that starts workers and schedulers, which are stopped at the end of the block."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "config.celery", *words, "--loglevel=INFO"]
        if words[0] == "worker":
            command += ["--concurrency=2", "--without-gossip", "--without-mingle"]
        if words[0] == "beat":
            command += [f"--pidfile={folder / 'beat.pid'}"]
        with (folder / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)
    for log in folder.glob("*.log"):
        sys.stdout.write(f"--- {log.name}\n{log.read_text()}")


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """start("worker"), start("beat"): the real process; it is stopped at the test's end."""
    with starting(environment, tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One worker for all tests of a file: for files whose tests start no other."""
    folder = tmp_path_factory.mktemp("worker")
    with starting(environment_in(folder), folder) as start:
        start("worker")
        yield


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


def ended(call: Job) -> bool:
    """Test whether a job is done or failed, after reading it again."""
    call.refresh_from_db()
    return call.state in (State.DONE, State.FAILED)
