"""`manage.py dev`: the whole backend on this machine, restarted when the code or a model file changes."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import fcntl
import os
import secrets
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import watchfiles
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections

from codegen.watch import is_model
from config import places, services, supervisor
from config.web import UVICORN

ADMIN_EMAIL = "admin@example.com"
READY_SECONDS = 60
SERVICE_CHECK_SECONDS = 2
UNWATCHED = {".venv", ".podium", ".git", "node_modules", "clients", "build", "tests", "docs", "__pycache__"}


class Command(BaseCommand):
    help = (
        "Run Podium on this machine: database, web server, worker and scheduler, restarted when Python or model files "
        "change. Ctrl-C stops all of it. Data is kept in .podium/; delete that folder to start anew."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for your phone (%(default)s)"
        )
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
        parser.add_argument("--no-reload", action="store_true", help="do not restart when files change")

    def handle(self, *, host: str, port: int, no_reload: bool, **options: Any) -> None:
        started = time.monotonic()
        # Celery warns of a worker that runs as root; in development as root is what was asked for.
        os.environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
        os.environ.setdefault("PUBLIC_URL", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")
        with only_one(f"http://{host}:{port}"):
            for name in supervisor.end_leftovers():
                self.say(f"Ended the {name} of a start that was killed")
            check_port(host, port)
            call_command("migrate", verbosity=0, interactive=False)
            admin = first_admin()
            connections.close_all()
            development = Development(self, host, port, started, admin, reload=not no_reload)
            asyncio.run(development.run())
        self.say("Stopped")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


class Development:
    """The running parts, and what happens to them when files change."""

    def __init__(
        self, command: Command, host: str, port: int, started: float, admin: str | None, *, reload: bool
    ) -> None:
        self.say = command.say
        self.url = os.environ["PUBLIC_URL"]
        self.started = started
        self.admin = admin
        self.reload = reload
        web = f"{' '.join(UVICORN)} --log-level warning --timeout-graceful-shutdown 3"
        worker = "celery --quiet -A config.celery worker --loglevel WARNING --concurrency 2"
        scheduler = "celery --quiet -A config.celery beat --loglevel WARNING --pidfile="
        self.parts = [
            self.part("web", f"{web} --host {host} --port {port}"),
            self.part("worker", f"{worker} --without-mingle --without-gossip"),
            self.part("scheduler", scheduler),
        ]
        self.restarted_at = time.time()

    def part(self, name: str, module: str) -> supervisor.Part:
        return supervisor.Part(name, [sys.executable, "-m", *module.split()], self.say)

    async def run(self) -> None:
        await supervisor.run_while(self.parts, self.work)

    async def work(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.announce())
            group.create_task(self.keep_services())
            if self.reload:
                group.create_task(self.follow_changes())

    async def announce(self) -> None:
        """Say where things are, once the server answers."""
        deadline = time.monotonic() + READY_SECONDS
        while not await asyncio.to_thread(answers, f"{self.url}/livez"):
            if time.monotonic() > deadline:
                self.say(
                    f"The server has not answered at {self.url}/livez for {READY_SECONDS} s; see its lines above."
                )
                return
            await asyncio.sleep(0.05)
        lines = [
            "",
            f"Podium is ready after {time.monotonic() - self.started:.1f} s. Ctrl-C stops it.",
            "",
            f"  app       {self.url}/",
            f"  admin     {self.url}/admin/",
            f"  API docs  {self.url}/api/docs/",
            f"  mail      {self.url}/mail/",
            f"  health    {self.url}/readyz",
            "",
        ]
        if self.admin:
            lines[-1:] = [f"  Sign in to the admin as {ADMIN_EMAIL} with the password {self.admin}", ""]
        self.say("\n".join(lines))

    async def keep_services(self) -> None:
        """Start Postgres or Valkey again if one of them was killed."""
        while True:
            await asyncio.sleep(SERVICE_CHECK_SECONDS)
            if services.postgres_answers() and services.valkey_answers():
                continue
            try:
                for name in services.ensure():
                    self.say(f"{name} had ended; it runs again")
            except services.ServiceError as error:
                self.say(f"{error} Trying again.")

    async def follow_changes(self) -> None:
        async for changes in watchfiles.awatch(
            places.PROJECT, watch_filter=is_watched, debounce=300, step=50
        ):
            # What a restart wrote itself (protocol.py, migrations) is older than the restart: no second one for that.
            paths = [Path(path) for _, path in changes if modified_at(path) > self.restarted_at]
            if paths:
                await self.take_up(paths)

    async def take_up(self, paths: list[Path]) -> None:
        """Generate, migrate and restart, as far as these changed files ask for it."""
        self.say("Changed: " + ", ".join(sorted(str(path.relative_to(places.PROJECT)) for path in paths)))
        models_changed = any(is_model(path.name) for path in paths)
        if models_changed and not await self.manage("generate", "--models-only"):
            return  # the faults are on the screen; what ran goes on as it was
        if models_changed and not await self.manage(
            "makemigrations", "--check", "--dry-run", "--noinput", "-v0"
        ):
            self.say("The models have changed. To change the database too: python3 manage.py makemigrations")
        if any("migrations" in path.parts for path in paths) and not await self.manage("migrate", "-v0"):
            return
        self.restarted_at = time.time()
        await asyncio.gather(*(part.stop() for part in self.parts))
        for part in self.parts:
            await part.start()
        await self.manage("generate")
        self.say(f"Restarted with the change: {self.url}/")

    async def manage(self, *arguments: str) -> bool:
        """Run another command of manage.py, with its output on this screen; whether it went well."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "manage.py", *arguments, cwd=places.PROJECT
        )
        return await process.wait() == 0


def is_watched(change: watchfiles.Change, path: str) -> bool:
    inside = Path(path).relative_to(places.PROJECT)
    return (inside.suffix == ".py" or is_model(inside.name)) and not UNWATCHED & set(inside.parts)


def modified_at(path: str) -> float:
    try:
        return Path(path).stat().st_mtime
    except FileNotFoundError:  # a deleted file is a change of now
        return time.time()


def check_port(host: str, port: int) -> None:
    """Raises CommandError where nobody can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is taken. Choose another: python3 manage.py dev --port {port + 1}"
                ) from None
            raise CommandError(
                f"Cannot listen on {host}:{port}: {error.strerror or error}. Choose --host and --port."
            ) from None


@contextlib.contextmanager
def only_one(url: str) -> Iterator[None]:
    """Hold the checkout's one place for `dev`. Raises CommandError where another has it."""
    with (places.folder() / "dev.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CommandError(
                f"Podium runs here already, at {file.read()}. Stop that one first (Ctrl-C)."
            ) from None
        file.truncate(0)
        file.write(url)
        file.flush()
        yield


def first_admin() -> str | None:
    """Make an administrator where there is none. Gives the password as long as the one made here holds."""
    users = get_user_model().objects
    kept = places.folder() / "admin_password"
    admin = users.filter(email=ADMIN_EMAIL).first()
    if admin is None and not users.filter(is_superuser=True).exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(12))
        admin = users.create_superuser(email=ADMIN_EMAIL, password=kept.read_text())
    if admin is None or not kept.exists() or not admin.check_password(kept.read_text()):
        return None
    return kept.read_text()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # our own address, from our own arguments
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
