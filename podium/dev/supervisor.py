"""The processes of `manage.py dev`: start, restart when they die or the code changes, stop in order. No Django."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from podium.core import cancellation, project
from podium.dev import paths, services

STOP_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30
HEALTHY_AFTER_SECONDS = 10
REPORT_BYTES = 1024 * 1024
COLORS = {"web": "36", "worker": "33", "scheduler": "35"}

Say = Callable[[str], None]


@dataclass
class Report:
    """The outcome of a start: it serves, or the fault that prevents it ("" if the process only ended).

    admin       the password of the first administrator, if it is still the one from the first start
    admin_path  the path of the admin; "" if the project's URLs leave it out
    tasks       the project has the app tasks, which the worker and the scheduler need
    """

    ready: bool
    failed: str = ""
    admin: str | None = None
    admin_path: str = ""
    tasks: bool = True


@dataclass
class Part:
    """A process that is kept running.

    name       of the part, see podium.dev.part, and in the output
    command    Celery's command line
    good       set while the code on the disk is known to work; otherwise a process that ended is not restarted
    listening  a bound socket that the process inherits
    """

    name: str
    command: Sequence[str]
    say: Say
    good: asyncio.Event
    environment: Mapping[str, str] | None = None
    listening: socket.socket | None = None
    on_phase: Say | None = None
    process: asyncio.subprocess.Process | None = None
    started_at: float = 0.0
    failures: int = 0
    wanted: bool = False
    report: Report | None = None
    reported: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    watcher: asyncio.Task[None] | None = field(default=None, repr=False)

    async def start(self, *once: str) -> Report:
        """Start it and wait until it serves or has failed. If its first start fails, it is not started again.

        once  additional arguments for the first start only
        """
        self.wanted = True
        self.failures = 0
        self.watcher = asyncio.create_task(self._keep_running(once))
        await self.reported.wait()
        assert self.report is not None
        return self.report

    async def close(self) -> None:
        """Ask the web server to end, and wait until it accepts no more connections. `stop` waits for its end."""
        self.wanted = False
        if self.process and self.process.returncode is None:
            self.process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self.closed.wait()

    async def stop(self) -> None:
        """Ask it to end, wait for its running work, then kill it."""
        self.wanted = False
        if self.watcher:
            await cancellation.end(self.watcher)
        if self.process and self.process.returncode is None:
            self.process.terminate()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self.process.wait()
            except TimeoutError:
                kill_tree(self.process.pid)
                await self.process.wait()
        if self.process:
            forget(self.process.pid)

    async def _keep_running(self, once: Sequence[str]) -> None:
        while self.wanted:
            await self._run_once(once)
            if not self.wanted:
                return
            if not (self.report and self.report.ready) and not self._was_killed_before_its_report():
                self._set(Report(ready=False))
                return
            if self.report:
                once = ()
            if time.monotonic() - self.started_at > HEALTHY_AFTER_SECONDS:
                self.failures = 0
            pause = min(2**self.failures - 1, LONGEST_PAUSE_SECONDS)
            self.failures += 1
            if not self.good.is_set():
                self.say(f"{self.name} ended; it starts again when you fix the fault above")
                await self.good.wait()
            else:
                self.say(
                    f"{self.name} ended; it starts again{f' in {pause} s, or when a file changes' if pause else ''}"
                )
            await asyncio.sleep(pause)

    def _was_killed_before_its_report(self) -> bool:
        """Return whether a signal ended it while it started, so the code is not at fault."""
        return self.report is None and self.process is not None and (self.process.returncode or 0) < 0

    async def _run_once(self, once: Sequence[str]) -> None:
        self.started_at = time.monotonic()
        self.closed.clear()
        reads, writes = os.pipe()
        options, descriptors = ["--reports", str(writes), *once], [writes]
        if self.listening:
            descriptors.append(self.listening.fileno())
            options += ["--listening", str(self.listening.fileno())]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "podium.dev.part",
            *options,
            self.name,
            *self.command,
            cwd=project.ROOT,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches only the supervisor, which stops the parts in order
            pass_fds=descriptors,
            preexec_fn=services.dies_with_parent(signal.SIGTERM),
        )
        remember(self.name, self.process.pid)
        os.close(writes)
        await asyncio.gather(self._show(), self._read_reports(reads))
        await self.process.wait()
        self.closed.set()
        forget(self.process.pid)

    async def _show(self) -> None:
        """Print its output, each line with the part's name."""
        assert self.process is not None and self.process.stdout is not None
        mark = f"{self.name:>9} | "
        if sys.stdout.isatty():
            mark = f"\033[{COLORS.get(self.name, '0')}m{mark}\033[0m"
        async for line in _lines(self.process.stdout):
            sys.stdout.write(mark + line.decode(errors="replace").rstrip() + "\n")
            sys.stdout.flush()

    async def _read_reports(self, descriptor: int) -> None:
        lines = asyncio.StreamReader(limit=REPORT_BYTES)
        with os.fdopen(descriptor, "rb") as file:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(lines), file
            )
            try:
                async for line in lines:
                    self._take(json.loads(line))
            finally:
                transport.close()

    def _take(self, report: dict[str, Any]) -> None:
        if "phase" in report:
            if self.on_phase:
                self.on_phase(report["phase"])
        elif "closed" in report:
            self.closed.set()
        elif self.report is None:  # not after a restart: then `dev` has acted on the first one already
            self._set(Report(**({"ready": False} | report)))
        elif report.get("failed"):
            self.say(report["failed"])

    def _set(self, report: Report) -> None:
        if self.report is None:
            self.report = report
        self.reported.set()


async def _lines(output: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The lines of a process. A line longer than the reader's limit comes in pieces."""
    while True:
        try:
            yield await output.readuntil(b"\n")
        except asyncio.LimitOverrunError as too_long:
            yield await output.readexactly(too_long.consumed)
        except asyncio.IncompleteReadError as end:
            if end.partial:
                yield end.partial
            return


async def run_until_interrupted(body: Callable[[], Awaitable[None]]) -> None:
    """Run `body` until it ends, or until Ctrl-C or SIGTERM."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(body())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, cancellation.cancel, task)
    try:
        await task
    except asyncio.CancelledError:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


# Processes left behind by an earlier start that was killed ------------------------------------------------------------


def _notes() -> Path:
    return paths.folder() / "processes.json"


def remember(name: str, pid: int) -> None:
    """Record a running process with its start time, which distinguishes it from a later process with the same id."""
    with contextlib.suppress(psutil.NoSuchProcess):
        _write_notes({**_read_notes(), str(pid): (name, psutil.Process(pid).create_time())})


def forget(pid: int) -> None:
    """Record that a process has ended."""
    _write_notes({each: noted for each, noted in _read_notes().items() if each != str(pid)})


def _write_notes(noted: dict[str, tuple[str, float]]) -> None:
    _notes().write_text(json.dumps(noted))


def _read_notes() -> dict[str, tuple[str, float]]:
    try:
        return {pid: (name, created) for pid, (name, created) in json.loads(_notes().read_text()).items()}
    except (FileNotFoundError, ValueError):  # missing, or incomplete after a kill: then nothing is known
        return {}


def end_leftovers() -> list[str]:
    """End parts that outlived a killed supervisor. Returns their names."""
    ended = []
    for pid, (name, created) in _read_notes().items():
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(int(pid)).create_time() == created:
                kill_tree(int(pid))
                ended.append(name)
    _notes().unlink(missing_ok=True)
    return ended


def kill_tree(pid: int) -> None:
    """Kill a process and all processes that it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
