"""`manage.py serve`: web servers, worker and scheduler of a production machine, supervised."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connections

from podium.core import project
from podium.server import preflight, production, serve

DRAIN_SECONDS = 30
WAIT_SECONDS = 30


class Command(BaseCommand):
    help = (
        "Run Podium in production: web servers, worker and scheduler, each restarted when it ends. SIGTERM stops "
        "them in order, SIGHUP replaces them with ones that run the code on the disk. Exit status: 0 after an orderly "
        "stop, 1 if it could not start, 3 with unsafe settings, 4 if calls or jobs were cut off when it stopped."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        processes = preflight.default_processes()
        parser.add_argument(
            "--bind",
            default="127.0.0.1:8000",
            type=address,
            metavar="HOST:PORT",
            help="address to listen on; 0.0.0.0:8000 in a container, [::]:8000 for IPv6 (%(default)s)",
        )
        parser.add_argument(
            "--workers", type=positive, default=processes, help="web server processes (here %(default)s)"
        )
        parser.add_argument(
            "--roles",
            type=roles,
            default=",".join(preflight.default_roles()),
            help="parts to run, comma-separated (%(default)s)",
        )
        parser.add_argument(
            "--concurrency",
            type=positive,
            default=processes,
            help="jobs that the worker runs at a time (here %(default)s)",
        )
        parser.add_argument(
            "--drain-seconds",
            type=positive,
            default=DRAIN_SECONDS,
            help="time for running calls and jobs to finish after SIGTERM (%(default)s)",
        )
        parser.add_argument(
            "--wait-seconds",
            type=int,
            default=WAIT_SECONDS,
            help="time to wait for Postgres and Redis at the start (%(default)s)",
        )
        parser.add_argument("--migrate", action="store_true", help="apply migrations first")

    def handle(
        self,
        *,
        bind: tuple[str, int],
        workers: int,
        roles: list[str],
        concurrency: int,
        drain_seconds: int,
        wait_seconds: int,
        migrate: bool,
        **options: Any,
    ) -> None:
        signal.signal(signal.SIGTERM, _end)  # PID 1 of a container would ignore it
        preflight.refuse_development()
        preflight.refuse_roles(roles)
        production.refuse_unsafe()
        preflight.warn_of_root(serve.say)
        listener = listen(bind) if "web" in roles else None
        preflight.wait_for_services(wait_seconds, serve.say)
        if migrate:
            preflight.migrate(serve.say)
        preflight.refuse_pending_migrations()
        if "web" in roles:
            preflight.collect_static()
        connections.close_all()
        become_supervisor(
            serve.Options(
                roles=roles,
                workers=workers,
                concurrency=concurrency,
                drain_seconds=drain_seconds,
                address=f"http://{shown(bind)}" if listener else "",
                listener=listener.fileno() if listener else None,
            )
        )


def become_supervisor(options: serve.Options) -> None:
    """Replace this process with the supervisor, which has the same process id but not Django's memory."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(project.ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "podium.server.serve", *options.as_arguments()])


def listen(bind: tuple[str, int]) -> socket.socket:
    """Raises CommandError if the server can't listen there."""
    try:
        return serve.listen(*bind)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {bind[1]} is taken. Stop what listens there, or choose another with --bind."
            ) from None
        raise CommandError(
            f"Cannot listen on {shown(bind)}: {error.strerror or error}. Choose another address with --bind."
        ) from None


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)


def shown(bind: tuple[str, int]) -> str:
    host, port = bind
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def address(text: str) -> tuple[str, int]:
    """Read --bind. Raises ArgumentTypeError."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(
            f"{text} is not an address: write host and port, such as 127.0.0.1:8000"
        )
    return host, int(port)


def roles(text: str) -> list[str]:
    """Read --roles. Raises ArgumentTypeError."""
    given = [each.strip() for each in text.split(",") if each.strip()]
    unknown = [each for each in given if each not in serve.ROLES]
    if unknown or not given:
        raise argparse.ArgumentTypeError(
            f"no role named {', '.join(unknown) or repr(text)}: write one or more of {', '.join(serve.ROLES)}"
        )
    return given


def positive(text: str) -> int:
    """Read a number of at least 1. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 1")
    return int(text)
