"""Tasks whose effect a test can see from outside: each run is a line in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

from tasks.scheduling import task


def note(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(line + "\n")


@task
def write_line(*, path: str, line: str = "ran") -> None:
    note(path, line)


@task
async def write_line_async(*, path: str, wait: timedelta) -> None:
    await asyncio.sleep(wait.total_seconds())
    note(path, "ran")


@task(retries=2, backoff=timedelta(milliseconds=200))
def fail_twice(*, path: str) -> None:
    note(path, "tried")
    if len(Path(path).read_text().splitlines()) < 3:
        raise RuntimeError("not yet")


@task
def fail_saying(*, text: str) -> None:
    print(text)  # noqa: T201  what a task prints becomes a record too
    raise ValueError(text)


@task(retries=1, backoff=timedelta(milliseconds=200))
def die_once(*, path: str) -> None:
    note(path, "tried")
    if len(Path(path).read_text().splitlines()) < 2:
        os.kill(os.getpid(), signal.SIGKILL)


@task(timeout=timedelta(seconds=1))
def sleep_long(*, path: str) -> None:
    time.sleep(20)
    note(path, "slept")


@task(timeout=timedelta(milliseconds=300))
async def sleep_long_async(*, path: str) -> None:
    await asyncio.sleep(20)
    note(path, "slept")


@task(every=timedelta(seconds=1))
def tick() -> None:
    if path := os.environ.get("LABORATORY_TICKS"):
        note(path, "tick")
