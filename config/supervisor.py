"""The processes of `manage.py dev`: start, restart when they die or the code changes, stop in order. No Django."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config import places, services
from core import cancellation

STOP_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30
HEALTHY_AFTER_SECONDS = 10
COLORS = {"web": "36", "worker": "33", "scheduler": "35"}

Say = Callable[[str], None]


@dataclass
class Part:
    """One process that is kept running: what it does in the output, and its command line."""

    name: str
    command: Sequence[str]
    say: Say
    process: asyncio.subprocess.Process | None = None
    started_at: float = 0.0
    failures: int = 0
    wanted: bool = False
    watcher: asyncio.Task[None] | None = field(default=None, repr=False)

    async def start(self) -> None:
        self.wanted = True
        self.failures = 0
        self.watcher = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """Ask it to end, wait for what it has in hand, then insist."""
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
        remember(self.name, None)

    async def _keep_running(self) -> None:
        while self.wanted:
            await self._run_once()
            if time.monotonic() - self.started_at > HEALTHY_AFTER_SECONDS:
                self.failures = 0
            pause = min(2**self.failures - 1, LONGEST_PAUSE_SECONDS)
            self.failures += 1
            self.say(
                f"{self.name} ended; it starts again{f' in {pause} s, or when a file changes' if pause else ''}"
            )
            await asyncio.sleep(pause)

    async def _run_once(self) -> None:
        self.started_at = time.monotonic()
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            cwd=places.PROJECT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the parts in order
            preexec_fn=services.dies_with_parent(signal.SIGTERM),
        )
        remember(self.name, self.process.pid)
        assert self.process.stdout is not None
        mark = f"{self.name:>9} | "
        if sys.stdout.isatty():
            mark = f"\033[{COLORS.get(self.name, '0')}m{mark}\033[0m"
        async for line in self.process.stdout:
            sys.stdout.write(mark + line.decode(errors="replace").rstrip() + "\n")
            sys.stdout.flush()
        await self.process.wait()


async def run_while(parts: Sequence[Part], body: Callable[[], Awaitable[None]]) -> None:
    """Start the parts, run `body` until it ends or Ctrl-C or SIGTERM comes, stop the parts."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(body())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, cancellation.cancel, task)
    try:
        for part in parts:
            await part.start()
        await task
    except asyncio.CancelledError:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        await asyncio.gather(*(part.stop() for part in parts))


# What an earlier start left behind when it was killed -----------------------------------------------------------------


def _notes() -> Path:
    return places.folder() / "processes.json"


def remember(name: str, pid: int | None) -> None:
    """Note a running process with its start time, so that a later start can tell it from a stranger with its number."""
    noted = _read_notes()
    noted.pop(name, None)
    if pid is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            noted[name] = (pid, psutil.Process(pid).create_time())
    _notes().write_text(json.dumps(noted))


def _read_notes() -> dict[str, tuple[int, float]]:
    try:
        return {name: tuple(entry) for name, entry in json.loads(_notes().read_text()).items()}
    except (FileNotFoundError, ValueError):  # none yet, or cut off by a kill: then nothing is known
        return {}


def end_leftovers() -> list[str]:
    """End parts that outlived a killed supervisor; gives their names."""
    ended = []
    for name, (pid, created) in _read_notes().items():
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).create_time() == created:
                kill_tree(pid)
                ended.append(name)
    _notes().unlink(missing_ok=True)
    return ended


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
