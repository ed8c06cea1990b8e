"""Keep the processes of `manage.py serve` running: restart after a crash, stop in order, replace on SIGHUP.

Standard library only and no Django: this process stays small. The supervisor of `manage.py dev` is podium/dev's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from podium.core import project

LONGEST_PAUSE_SECONDS = 30
STABLE_SECONDS = 60
"""A process that ran for this long starts again after the shortest pause."""
READY_SECONDS = 90
POLL_SECONDS = 0.1
KILL_SECONDS = 5
"""More than the drain time that a process gets to stop, before it is killed."""
ENDS_KEPT = 20
LONGEST_LINE = 64 * 1024
"""Bytes after which a line of output is written without waiting for its end."""

Say = Callable[[str], None]


class Children:
    """The exit statuses of child processes. It also reaps orphaned processes, as PID 1 must."""

    def __init__(self) -> None:
        self._waiting: dict[int, asyncio.Future[int]] = {}

    def watch(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)

    def ended(self, pid: int) -> asyncio.Future[int]:
        """Return the future exit status of a child process, negative for a signal. Call it when it was just started."""
        self._waiting[pid] = asyncio.get_running_loop().create_future()
        return self._waiting[pid]

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):  # no more children
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = found
                future = self._waiting.pop(pid, None)
                if future is not None and not future.done():
                    future.set_result(os.waitstatus_to_exitcode(status))


class Output(asyncio.Protocol):
    """Writes a process's lines to the standard output, each with the process's name."""

    def __init__(self, name: str) -> None:
        self._mark = f"{name:>9} | ".encode()
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            lines.append(self._rest)
            self._rest = b""
        self._write(lines)

    def connection_lost(self, error: Exception | None) -> None:
        self._write([self._rest] if self._rest else [])

    def _write(self, lines: Sequence[bytes]) -> None:
        with contextlib.suppress(
            BrokenPipeError
        ):  # the log is no longer read: the server continues without it
            sys.stdout.buffer.write(b"".join(self._mark + line.rstrip() + b"\n" for line in lines))
            sys.stdout.buffer.flush()


@dataclass
class Process:
    """One started process. ready and ended are awaited by its part."""

    pid: int
    ended: asyncio.Future[int]
    link: socket.socket
    output: IO[bytes]
    started_at: float = field(default_factory=time.monotonic)

    async def follow_output(self, name: str) -> None:
        await asyncio.get_running_loop().connect_read_pipe(lambda: Output(name), self.output)

    async def until_ready(self) -> bool:
        """Wait for its report. Return False if it ended first."""
        try:
            return bool(await asyncio.get_running_loop().sock_recv(self.link, 1))
        except OSError:
            return False

    def terminate(self) -> None:
        if not self.ended.done():
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """Kill it and all processes that it started, including those that outlived it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
            os.killpg(self.pid, signal.SIGKILL)


@dataclass(eq=False)
class Part:
    """A process that is kept running.

    arguments      of podium.server.part: the role and, after the supervisor's own, its options
    drain_seconds  how long it may take to finish its work when it is asked to stop
    changed        called when it ended without being asked to, and when it is ready after that
    """

    name: str
    role: str
    options: Sequence[str]
    drain_seconds: float
    children: Children
    say: Say
    changed: Callable[[], None]
    descriptors: Sequence[int] = ()
    ends: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=ENDS_KEPT))
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)
    _process: Process | None = None
    _keeper: asyncio.Task[None] | None = None
    _wanted: bool = False

    def start(self) -> None:
        self._wanted = True
        self._keeper = asyncio.create_task(self._keep_running())

    async def stop(self) -> bool:
        """Let it finish its work within its time, then kill it. Return False if it had to be killed."""
        self._wanted = False
        process = self._process
        in_time = True
        if process is not None and not process.ended.done():
            process.terminate()
            ended, _ = await asyncio.wait([process.ended], timeout=self.drain_seconds + KILL_SECONDS)
            if not ended:
                in_time = False
                self.say(f"{self.name} did not stop within {self.drain_seconds:g} s and is killed")
                process.kill()
                await process.ended
            process.kill()  # processes that it left behind
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        return in_time

    def kill(self) -> None:
        """End it at once."""
        self._wanted = False
        if self._process is not None:
            self._process.kill()

    def report(self, ends: Mapping[str, Sequence[tuple[float, str]]]) -> None:
        """Send the ends of all parts to the process. One that hangs misses the report."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.link.send(json.dumps(ends).encode() + b"\n")

    async def _keep_running(self) -> None:
        failures = 0
        while self._wanted:
            started_at = time.monotonic()
            name, how = await self._run_once()
            if not self._wanted:
                return
            failures = 1 if time.monotonic() - started_at > STABLE_SECONDS else failures + 1
            pause = min(2 ** (failures - 1), LONGEST_PAUSE_SECONDS)
            self.ends.append((time.time(), how))
            self.changed()
            self.say(f"{name} ended {how}; it starts again in {pause} s")
            await asyncio.sleep(pause)

    async def _run_once(self) -> tuple[str, str]:
        """Start it and wait for its end. Return its name in messages, and how it ended."""
        try:
            self._process = process = self._spawn()
        except OSError as error:  # no memory, processes or descriptors left, which can pass
            return self.name, f"because it could not start: {error.strerror or error}"
        await process.follow_output(self.name)
        reports = asyncio.create_task(self._note_ready(process))
        try:
            status = await asyncio.shield(process.ended)
        finally:
            reports.cancel()
            process.link.close()
        self.is_ready.clear()
        process.kill()  # its own children, if it left any
        return f"{self.name} (process {process.pid})", described(status)

    async def _note_ready(self, process: Process) -> None:
        if await process.until_ready():
            self.is_ready.set()
            self.changed()
            self.say(f"{self.name} is ready (process {process.pid})")

    def _spawn(self) -> Process:
        """Raises OSError."""
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as unused:
            unused.callback(ours.close)
            unused.callback(theirs.close)
            started = self._popen(theirs)
            unused.pop_all()
        ours.setblocking(False)
        ended = self.children.ended(started.pid)
        started.returncode = 0  # `children` waits for it, and not this object
        theirs.close()
        assert started.stdout is not None
        return Process(started.pid, ended, ours, started.stdout)

    def _popen(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        arguments = [self.role, str(theirs.fileno()), f"{self.drain_seconds:g}", *self.options]
        return subprocess.Popen(
            [sys.executable, "-m", "podium.server.part", *arguments],
            cwd=project.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(theirs.fileno(), *self.descriptors),
            start_new_session=True,  # signals of a terminal reach the supervisor alone; killed as a group
        )


def described(status: int) -> str:
    """The exit status of a process in words."""
    if status >= 0:
        return f"with exit status {status}"
    return f"by signal {signal.Signals(-status).name}"


async def becomes_ready(part: Part) -> bool:
    """Start a part. Return False if it ends, or is not ready in time; it is then killed."""
    part.start()
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not (part.is_ready.is_set() or part.ends):
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        pass
    except asyncio.CancelledError:
        part.kill()
        raise
    if not part.is_ready.is_set():
        part.kill()
        await part.stop()
        return False
    return True
