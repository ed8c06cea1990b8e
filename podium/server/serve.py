"""The supervisor process of `manage.py serve`, after its checks: `python -m podium.server.serve OPTIONS`. No Django.

The command replaces itself by this program, which keeps its process id and stays small.

Exit status: 0 after an orderly stop, 4 if a process had to be killed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence

from podium.server import notify
from podium.server.supervisor import Children, Part, becomes_ready

KILLED = 4
ROLES = ("web", "worker", "scheduler")


@dataclasses.dataclass(frozen=True)
class Options:
    """The options that the command passes on.

    listener       number of the socket that the web servers share; None without the role web
    drain_seconds  how long calls and jobs may take to finish after SIGTERM
    concurrency    jobs that the worker runs at the same time
    """

    roles: Sequence[str]
    workers: int
    concurrency: int
    drain_seconds: float
    address: str = ""
    listener: int | None = None

    def as_arguments(self) -> list[str]:
        return [json.dumps(dataclasses.asdict(self))]


class Serve:
    """The parts, and the handling of each signal."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.children = Children()
        self.parts: list[Part] = []
        self.leaving: list[Part] = []
        self.killed = False
        self._stops = asyncio.Event()
        self._kills = asyncio.Event()
        self._reloads = asyncio.Event()

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        self.children.watch()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        loop.add_signal_handler(signal.SIGHUP, self._reloads.set)
        self.parts = self._make()
        for part in self.parts:
            part.start()
        announcing = asyncio.create_task(self._announce())
        reloading = asyncio.create_task(self._reload_when_asked())
        await self._stops.wait()
        announcing.cancel()
        reloading.cancel()
        await asyncio.wait([announcing, reloading])
        await self._drain()
        return KILLED if self.killed else 0

    def _make(self) -> list[Part]:
        made = []
        if "web" in self.options.roles:
            names = (
                ["web"]
                if self.options.workers == 1
                else [f"web-{at + 1}" for at in range(self.options.workers)]
            )
            made += [self._part(name, "web", [str(self.options.listener)]) for name in names]
        if "worker" in self.options.roles:
            made.append(self._part("worker", "worker", [f"--concurrency={self.options.concurrency}"]))
        if "scheduler" in self.options.roles:
            made.append(self._part("scheduler", "scheduler", []))
        return made

    def _part(self, name: str, role: str, options: Sequence[str]) -> Part:
        return Part(
            *(name, role, options, self.options.drain_seconds, self.children, say, self._report),
            descriptors=[self.options.listener]
            if role == "web" and self.options.listener is not None
            else [],
        )

    def _report(self) -> None:
        """Send the ends of all parts to each of them, for the health checks."""
        ends = {part.name: list(part.ends) for part in self.parts}
        for part in self.parts:
            part.report(ends)

    async def _announce(self) -> None:
        for part in self.parts:
            await part.is_ready.wait()
        at = f" at {self.options.address}" if self.options.address else ""
        say(
            f"ready{at}; SIGTERM stops it, and calls and jobs have {self.options.drain_seconds:g} s to finish"
        )
        notify.send("READY=1")

    def _stop(self) -> None:
        if self._stops.is_set():
            self._kills.set()
        self._stops.set()

    async def _drain(self) -> None:
        """Refuse new connections, and let running work finish. A second signal ends it at once."""
        say(f"stopping; calls and jobs have {self.options.drain_seconds:g} s to finish")
        notify.send("STOPPING=1")
        self._close_listener()
        killing = asyncio.create_task(self._kill_when_asked())
        in_time = await asyncio.gather(*(part.stop() for part in [*self.parts, *self.leaving]))
        self.killed = self.killed or not all(in_time)
        killing.cancel()
        say("stopped")

    async def _kill_when_asked(self) -> None:
        await self._kills.wait()
        say("second signal: killing everything that is still running")
        self.killed = True
        for part in [*self.parts, *self.leaving]:
            part.kill()

    def _close_listener(self) -> None:
        if self.options.listener is not None:
            os.close(self.options.listener)

    async def _reload_when_asked(self) -> None:
        while True:
            await self._reloads.wait()
            self._reloads.clear()
            await self._reload()

    async def _reload(self) -> None:
        """Replace the parts one by one, web servers first. Stops at the first part that does not start."""
        say("SIGHUP: starting the parts again, with the code on the disk now")
        notify.send("RELOADING=1", monotonic=True)
        try:
            for at, old in enumerate(self.parts):
                new = self._part(old.name, old.role, old.options)
                if not await becomes_ready(new):
                    say(
                        f"the new {old.name} did not become ready: the old one keeps running. See its output above"
                    )
                    return
                self.parts[at] = new
                self.leaving = [old]  # SIGTERM may come while it finishes its work
                await old.stop()
                self.leaving = []
            self._report()
            say("all parts run the new code")
        finally:
            notify.send("READY=1")


def say(line: str) -> None:
    """One line of the supervisor's own, to the standard error."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{'serve':>9} | {line}\n")
        sys.stderr.flush()


def listen(host: str, port: int) -> socket.socket:
    """Make the socket that the web servers share. The first of them that is ready begins to listen. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.set_inheritable(True)
    return listener


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("options", type=json.loads)
    options = Options(**parser.parse_args().options)
    sys.exit(asyncio.run(_main(options)))


async def _main(options: Options) -> int:
    return await Serve(options).run()


if __name__ == "__main__":
    main()
