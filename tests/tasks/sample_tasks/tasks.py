"""Tasks whose effect a test can see from outside: each run is a line in a file."""

from __future__ import annotations

import asyncio
import decimal
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone, translation

from tasks.scheduling import aschedule, schedule, task


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
    print(text)  # noqa: T201  printed text also becomes a log record
    raise ValueError(text)


@task
def die_once(*, path: str) -> None:
    note(path, "tried")
    if len(Path(path).read_text().splitlines()) < 2:
        os.kill(os.getpid(), signal.SIGKILL)


@task(retries=5, backoff=timedelta(milliseconds=200))
def die_always(*, path: str) -> None:
    note(path, "tried")
    os.kill(os.getpid(), signal.SIGKILL)


@task
def leave_process(*, path: str) -> None:
    note(path, "tried")
    sys.exit("enough")


@task
def fail_with_odd_text() -> None:
    raise RuntimeError("a NUL \x00 and half a character \ud83d")


@task(timeout=timedelta(seconds=1))
def ignore_timeout(*, path: str) -> None:
    note(path, "tried")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(Exception):  # like a careless "except Exception" around the soft limit
            time.sleep(0.2)


@task
def write_line_slowly(*, path: str, seconds: float) -> None:
    """Writes two lines, so that a test sees when it started and how often it ran."""
    note(path, "begun")
    time.sleep(seconds)
    note(path, "done")


@task
def leave_things_active(*, path: str) -> None:
    """Leaves a language, a time zone, a decimal context and a transaction active, like careless code."""
    translation.activate("de")
    timezone.activate("Asia/Tokyo")
    decimal.getcontext().prec = 3
    transaction.atomic().__enter__()
    write_state(path=path)


@task
def write_state(*, path: str) -> None:
    zone = timezone.get_current_timezone_name()
    note(path, f"{translation.get_language()} {zone} {decimal.getcontext().prec} {os.getpid()}")


@task
def schedule_from_task(*, path: str) -> None:
    schedule(write_line, path=path)


@task
def schedule_from_thread_of_task(*, path: str) -> None:
    thread = threading.Thread(target=schedule_and_close, kwargs={"path": path})
    thread.start()
    thread.join()


@task
async def schedule_from_async_task(*, path: str) -> None:
    await aschedule(write_line, path=path)


def schedule_and_close(*, path: str) -> None:
    """To be run on a separate thread."""
    schedule(write_line, path=path)
    connection.close()


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
    if path := os.environ.get("SAMPLE_TICKS"):
        note(path, "tick")
