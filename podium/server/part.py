"""One process of `manage.py serve`: a web server, the worker or the scheduler.

It reports when it is ready, and ends when its supervisor ends for any reason. Started as

    python -m podium.server.part ROLE LINK DRAIN_SECONDS [options of the role]

LINK is the number of a socket to the supervisor, which sends a line of JSON when one of its processes has ended
(podium/core/processes.py). When its end of the socket closes, the supervisor is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from podium.core import processes

READY = b"r"

Ready = Callable[[], None]


def main() -> None:
    role, link, drain_seconds, *options = sys.argv[1:]
    supervisor = socket.socket(fileno=int(link))
    drain = float(drain_seconds)
    processes.note({})
    threading.Thread(target=_follow, args=[supervisor, drain], name="supervisor", daemon=True).start()

    def ready() -> None:
        supervisor.sendall(READY)

    ROLES[role](ready, int(drain), options)


def _follow(supervisor: socket.socket, drain_seconds: float) -> None:
    """Take the supervisor's reports until it is gone. Then stop in order, and after the time limit at once."""
    with supervisor.makefile("rb") as reports, contextlib.suppress(OSError):
        for report in reports:
            processes.note(json.loads(report))
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(drain_seconds)
    os.killpg(0, signal.SIGKILL)  # with all child processes


def _web(ready: Ready, drain_seconds: int, options: Sequence[str]) -> None:
    """A uvicorn on a socket that the supervisor listens on. options: the socket's number."""
    import uvicorn

    from podium.server import web

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    config = uvicorn.Config(
        web.APPLICATION, **web.OPTIONS, timeout_graceful_shutdown=drain_seconds, log_level="warning"
    )
    server = Server(config)
    server.run([socket.socket(fileno=int(options[0]))])
    if not server.started:
        sys.exit(1)


def _worker(ready: Ready, drain_seconds: int, options: Sequence[str]) -> None:
    from celery import signals

    signals.worker_ready.connect(_signal(ready), weak=False)
    name = f"--hostname=worker-{os.getpid()}@%h"  # two of them overlap on SIGHUP
    _celery("worker", name, "--without-mingle", "--without-gossip", *options)


def _scheduler(ready: Ready, drain_seconds: int, options: Sequence[str]) -> None:
    from celery import signals

    signals.beat_init.connect(_signal(ready), weak=False)
    _celery("beat", "--pidfile=", *options)


def _signal(ready: Ready) -> Callable[..., None]:
    def receive(**kwargs: Any) -> None:
        ready()

    return receive


def _celery(*words: str) -> None:
    from celery import __main__ as celery

    sys.argv = ["celery", "--quiet", "-A", "config.celery", words[0], "--loglevel=WARNING", *words[1:]]
    celery.main()


ROLES: dict[str, Callable[[Ready, int, Sequence[str]], None]] = {
    "web": _web,
    "worker": _worker,
    "scheduler": _scheduler,
}

if __name__ == "__main__":
    main()
