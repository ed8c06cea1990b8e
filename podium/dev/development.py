"""`manage.py dev`: the whole backend on this machine, replaced when the code changes and can be loaded.

This process loads no code of the project. A child process does, so a fault ends only the child, and the previous server
keeps running.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import watchfiles

from podium.codegen.watch import is_model
from podium.core import cancellation, dotenv, project
from podium.dev import bootstrap, paths, services, supervisor
from podium.dev.progress import Progress
from podium.schema import apps
from podium.schema.generate import generate

Result = TypeVar("Result")

SERVICE_CHECK_SECONDS = 2
NAMES_SHOWN = 5
SETTLED_SECONDS = 1.0
"""Time until a saved change is detected."""
DEBOUNCE, STEP = 300, 50
"""Milliseconds: editors save in several steps, so wait until no change came for STEP, at most for DEBOUNCE."""
UNWATCHED = {".venv", ".podium", ".git", "node_modules", "clients", "build", "tests", "docs", "__pycache__"}
PACKAGES = "requirements.txt"
WATCHED = frozenset([PACKAGES, dotenv.FILE])
"""Files at the top of the project that are watched besides Python and model files."""

HELP = (
    "Run Podium on this machine: database, web server, worker and scheduler, restarted when Python or model files "
    "change. If a change has a fault, it is shown, and the previous code keeps running until you fix it. Ctrl-C "
    "stops everything. Data is kept in .podium/; delete that folder to start again without data."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for your phone (%(default)s)"
    )
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--no-reload", action="store_true", help="do not restart when files change")


def port(text: str) -> int:
    """Read --port. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is not a valid port: write a number from 1 to 65535")
    return int(text)


def main(words: Sequence[str]) -> None:
    """Run until Ctrl-C. Exits with a message if another `dev` runs here or the port is taken."""
    started = time.monotonic()
    parser = argparse.ArgumentParser(prog="manage.py dev", description=HELP)
    add_arguments(parser)
    given = parser.parse_args(words)
    again = False
    with only_one(f"http://{given.host}:{given.port}"), Progress(say) as progress:
        for name in supervisor.end_leftovers():
            say(f"Ended the {name} of a start that was killed")
        with bind(given.host, given.port) as listening:
            variables = {**dotenv.values(project.ROOT), **os.environ}
            own_database = not variables.get("DATABASE_URL")
            with services_for(own_database, progress):
                development = Development(given.host, given.port, listening, progress, started)
                development.reload = not given.no_reload
                development.keeps_services = own_database
                asyncio.run(development.run())
                again = development.again
    if again:
        os.execv(sys.executable, [sys.executable, str(project.ROOT / "manage.py"), "dev", *words])
    say("Stopped")
    sys.exit(development.status)


@contextlib.contextmanager
def services_for(own_database: bool, progress: Progress) -> Iterator[None]:
    """Run the private services while the block runs, unless the environment names a database."""
    if not own_database:
        yield
        return
    progress.phase("Starting Postgres and Valkey")
    try:
        with services.running():
            if elsewhere := services.data_elsewhere():
                say(
                    f"Postgres does not run as root, so its data is in {elsewhere}. Deleting .podium/ removes it too."
                )
            yield
    except services.ServiceError as error:
        bootstrap.fail(str(error))


class Development:
    """The running parts, and the changes that are not applied yet."""

    def __init__(
        self, host: str, port: int, listening: socket.socket, progress: Progress, started: float
    ) -> None:
        self.url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        self.reload = self.keeps_services = True
        self.again = False
        """Restart `dev` at the end, because the packages have changed."""
        self.status = 0
        self._listening, self._progress, self._started = listening, progress, started
        self._web: supervisor.Part | None = None
        self._rest: list[supervisor.Part] = []
        self._good = asyncio.Event()
        self._changed = asyncio.Event()
        self._fresh: set[Path] = set()
        self._pending: set[Path] = set()
        self._written: dict[Path, int] = {}
        """Files generated here, with their times: changes of these files are ignored."""
        self._models_changed = False
        self._clients: asyncio.Task[None] | None = None

    async def run(self) -> None:
        await supervisor.run_until_interrupted(self._work)

    async def _work(self) -> None:
        tasks = [asyncio.ensure_future(self._keep_up())]
        if self.keeps_services:
            tasks.append(asyncio.ensure_future(self._keep_services()))
        if self.reload:
            tasks.append(asyncio.ensure_future(self._follow_changes()))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._progress.phase("")
            await asyncio.gather(
                *(cancellation.end(task) for task in (*tasks, *filter(None, [self._clients])))
            )
            parts = [*self._rest, *filter(None, [self._web])]
            await asyncio.gather(*(part.stop() for part in parts))

    # Changes ------------------------------------------------------------------------------------------------------

    async def _keep_up(self) -> None:
        """Start, then apply each change. Returns if there is nothing more to wait for."""
        while True:
            self._changed.clear()
            if self._fresh:
                say("Changed: " + ", ".join(_names(self._fresh)))
            self._pending |= self._fresh
            self._fresh = set()
            good = await self._take_up()
            self._progress.phase("")
            if self.again or not (good or self.reload):
                self.status = 0 if good or self.again else 1
                return
            await self._changed.wait()

    async def _follow_changes(self) -> None:
        async for changes in watchfiles.awatch(
            project.ROOT, watch_filter=is_watched, debounce=DEBOUNCE, step=STEP
        ):
            self._fresh |= {path for _, name in changes if self._is_news(path := Path(name))}
            if self._fresh:
                self._changed.set()

    def _is_news(self, path: Path) -> bool:
        try:
            return self._written.get(path) != path.stat().st_mtime_ns
        except FileNotFoundError:
            return True

    async def _take_up(self) -> bool:
        """Generate, try the code, and replace what runs. Return False after a fault, or if more has changed since."""
        first = self._web is None
        if self._clients:
            await cancellation.end(self._clients)  # it would read the changed code
        if project.ROOT / PACKAGES in self._pending and not await self._install():
            return False
        if self.again:
            return True
        if (first or any(map(is_model, self._pending))) and not await asyncio.to_thread(self._write_models):
            return self._fault()
        web = self._part("web", self._listening)
        migrate = first or any(map(may_need_migrations, self._pending))
        if first:
            self._progress.phase("Loading the project")
        report = await self._unless_changed(web.start(*(["--migrate"] if migrate else [])))
        if report is None or not report.ready:
            await web.stop()
            return (
                False
                if report is None
                else self._fault(report.failed or "The server ended while it started; its output is above.")
            )
        old, self._web = self._web, web
        self._good.set()
        if old:
            await old.close()
        if first:
            self._announce(report)
        else:
            say(f"Restarted with the change: {self.url}/")
        await self._replace_rest(old, ["worker", "scheduler"] if report.tasks else [])
        self._models_changed |= any(map(is_model, self._pending))
        self._pending = set()
        self._clients = asyncio.create_task(self._write_clients())
        return True

    def _fault(self, text: str = "") -> bool:
        self._good.clear()
        self._progress.phase("")
        if text:
            complain(f"\n{text}")
        if not self.reload:
            complain("")
        elif self._web is None:
            complain("The server is not running yet. Fix this and save; then the start continues.\n")
        else:
            complain("The server keeps running as before this change. Fix this and save.\n")
        return False

    async def _unless_changed(self, work: Awaitable[Result]) -> Result | None:
        """Wait for work, or cancel it when another file changes, since its result is no longer needed."""
        task = asyncio.ensure_future(work)
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait([task, changed], return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            changed.cancel()
            task.cancel()

    async def _replace_rest(self, web: supervisor.Part | None, names: Sequence[str]) -> None:
        """Stop the previous server, and replace the worker and the scheduler if the project has them."""
        stopping = [*self._rest, *filter(None, [web])]
        self._rest = [self._part(name) for name in names]
        await asyncio.gather(*(part.stop() for part in stopping))
        reports = await self._unless_changed(self._start_rest())
        for part, report in zip(self._rest, reports or [], strict=False):
            if not report.ready and await self._unless_changed(asyncio.sleep(SETTLED_SECONDS, True)):
                say(f"The {part.name} did not start; it starts again when a file changes.\n{report.failed}\n")

    async def _start_rest(self) -> list[supervisor.Report]:
        return await asyncio.gather(*(part.start() for part in self._rest))

    def _part(self, name: str, listening: socket.socket | None = None) -> supervisor.Part:
        return supervisor.Part(
            name,
            COMMANDS[name].split(),
            say,
            self._good,
            environment=self._environment(),
            listening=listening,
            on_phase=self._progress.phase if self._web is None else None,
        )

    def _environment(self) -> Mapping[str, str]:
        """The environment of the parts: the server's address, unless the user has set it."""
        given = {**dotenv.values(project.ROOT), **os.environ}
        # Celery warns about a worker that runs as root; in development, the user has chosen to be root.
        quiet = "ignore:You're running the worker with superuser privileges"
        return {"PYTHONWARNINGS": quiet, "PUBLIC_URL": given.get("PUBLIC_URL") or self.url, **os.environ}

    # Around the code ----------------------------------------------------------------------------------------------

    def _write_models(self) -> bool:
        """Bring the Python of the model files up to date; print their faults."""
        self._progress.phase("Reading the model files" if self._web is None else "")
        result = generate(project.ROOT, installed=installed_apps())
        if any(fault.severity == "error" for fault in result.faults):
            complain("")
        for fault in result.faults:
            complain(str(fault))
        for path in result.written:
            kept = path.exists()  # an app without classes needs no protocol_types.py
            if kept:
                self._written[path] = path.stat().st_mtime_ns
            say(f"{path.relative_to(project.ROOT)} {'written' if kept else 'deleted'}")
        return not any(fault.severity == "error" for fault in result.faults)

    async def _write_clients(self) -> None:
        """Update the clients, and report if the database needs a migration. The next change cancels this."""
        status, output = await self._manage("generate", "--format", "json")
        if status == 0:
            changes = json.loads(output.splitlines()[-1])
            say_files(changes["written"], "written")
            say_files(changes["deleted"], "deleted")
        if self._models_changed:
            status, _ = await self._manage("makemigrations", "--check", "--dry-run", "--noinput", "-v0")
            if status == 1:
                say(
                    "The models have changed. To write the migration for the database: python3 manage.py makemigrations"
                )
            self._models_changed = False

    async def _install(self) -> bool:
        """Install the packages of a changed requirements.txt, then start again. Does nothing with PODIUM_VENV=off."""
        if os.environ.get("PODIUM_VENV") == "off":
            self._pending.discard(project.ROOT / PACKAGES)
            return True
        status, _ = await self._manage("version")  # every command installs first
        self.again = status == 0
        return self.again or self._fault(f"The packages of {PACKAGES} could not be installed.")

    async def _manage(self, *arguments: str) -> tuple[int, str]:
        """Run another command of manage.py, with its errors on this screen. Return its status and output."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "manage.py", *arguments, cwd=project.ROOT, stdout=asyncio.subprocess.PIPE
        )
        try:
            output, _ = await process.communicate()
        except asyncio.CancelledError:
            supervisor.kill_tree(process.pid)
            await (
                process.communicate()
            )  # to its end: a pipe that is still open would complain when the loop closes
            raise
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def _keep_services(self) -> None:
        """Start Postgres or Valkey again if one of them was killed."""
        while True:
            await asyncio.sleep(SERVICE_CHECK_SECONDS)
            if services.postgres_answers() and services.valkey_answers():
                continue
            try:
                for name in services.ensure():
                    say(f"{name} ended, and was started again")
            except services.ServiceError as error:
                say(f"{error} Trying again.")

    def _announce(self, report: supervisor.Report) -> None:
        """Print the addresses. The worker may still be starting; no user has to wait for it."""
        self._progress.phase("")
        lines = [
            "",
            f"Podium is ready after {time.monotonic() - self._started:.1f} s. Ctrl-C stops it.",
            "",
            f"  app       {self.url}/",
            *([f"  admin     {self.url}{report.admin_path}"] if report.admin_path else []),
            f"  API docs  {self.url}/api/docs/",
            f"  mail      {self.url}/mail/",
            f"  health    {self.url}/readyz",
            "",
        ]
        if report.admin:
            lines[-1:] = [
                f"  Sign in to the admin as {paths.ADMIN_EMAIL} with the password {report.admin}",
                "",
            ]
        say("\n".join(lines))


COMMANDS = {
    "web": "",
    "worker": "--quiet -A config.celery worker --loglevel WARNING --concurrency 2 --without-mingle --without-gossip",
    "scheduler": "--quiet -A config.celery beat --loglevel WARNING --pidfile=",
}


def installed_apps() -> list[apps.App]:
    """Return the platform's apps of the project; all of them if its settings can't be read, which the start reports.

    A child reads the settings, because this process loads no code of the project.
    """
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", **os.environ}
    script = "import json; from django.conf import settings; print(json.dumps(settings.INSTALLED_APPS))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    names = None if done.returncode else json.loads(done.stdout.splitlines()[-1])
    return apps.of_platform(project.ROOT, names)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def say_files(names: Sequence[str], verb: str) -> None:
    """Name a few files, or the number of many."""
    if len(names) > NAMES_SHOWN:
        say(f"{len(names)} files of clients/ {verb}")
    else:
        for name in names:
            say(f"{name} {verb}")


def _names(paths: set[Path]) -> list[str]:
    return sorted(str(path.relative_to(project.ROOT)) for path in paths)


def is_watched(change: watchfiles.Change, name: str) -> bool:
    path = Path(name)
    inside = path.relative_to(project.ROOT)
    if str(inside) in WATCHED:
        return True
    return (inside.suffix == ".py" or is_model(path)) and not UNWATCHED & set(inside.parts)


def may_need_migrations(path: Path) -> bool:
    """Test whether a changed file may bring migrations: its own, or those of an app that settings install."""
    inside = path.relative_to(project.ROOT)
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "config").partition(".")[0]
    return "migrations" in inside.parts or inside.parts[0] == settings or str(inside) in WATCHED


def bind(host: str, port: int) -> socket.socket:
    """Return a bound socket that does not listen yet. Exits on failure."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            bootstrap.fail(f"Port {port} is taken. Choose another: python3 manage.py dev --port {port + 1}")
        bootstrap.fail(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. Choose --host and --port."
        )
    return bound


@contextlib.contextmanager
def only_one(url: str) -> Iterator[None]:
    """Hold the project's lock for `dev`. Exits if another `dev` has it."""
    paths.folder().mkdir(exist_ok=True)
    with (paths.folder() / "dev.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            bootstrap.fail(f"Podium already runs here, at {file.read()}. Stop it first (Ctrl-C).")
        file.truncate(0)
        file.write(url)
        file.flush()
        yield
