"""One process of `manage.py dev`: `python -m podium.dev.part web ...`, `worker ...` or `scheduler ...`.

Each tries the project's code first: it imports what it needs, applies migrations if asked, and reports to `dev` that it
is ready, or the fault that prevents it. The web server, which starts first, also runs the checks.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import runpy
import socket
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click
import uvicorn
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import connections
from django.urls import NoReverseMatch, reverse
from uvicorn import main as uvicorn_command

from podium.core import project
from podium.dev import checks as apps_of_project
from podium.dev import first_admin, snapshot
from podium.server import failures, production
from podium.server.web import UVICORN

OPTIONS = ("--log-level", "warning", "--timeout-graceful-shutdown", "3")


class Faults(Exception):
    """Faults that checks found; the message has a line for each."""


class Reports:
    """Lines of JSON for `dev`: {"phase": ...}, {"failed": ...}, {"ready": true, "admin": ...}, {"closed": true}."""

    def __init__(self, fd: int) -> None:
        os.set_inheritable(fd, False)
        self._file = os.fdopen(fd, "w")

    def send(self, **report: object) -> None:
        self._file.write(json.dumps(report) + "\n")
        self._file.flush()


class Server(uvicorn.Server):
    """Uvicorn's server, which reports when it serves and when it takes no more connections."""

    def __init__(self, config: uvicorn.Config, reports: Reports, admin: str | None) -> None:
        super().__init__(config)
        self._reports, self._admin = reports, admin

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._reports.send(
            ready=True, admin=self._admin, admin_path=admin_path(), tasks=apps.is_installed("tasks")
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        self._reports.send(closed=True)
        await super().shutdown(sockets=sockets)


def main(words: Sequence[str]) -> None:
    """Try the project's code, then run the part. Exits with CANNOT_START after a fault, which is reported."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, required=True, help="descriptor that reports are written to")
    parser.add_argument("--listening", type=int, help="descriptor of the web server's bound socket")
    parser.add_argument("--migrate", action="store_true")
    parser.add_argument("name", choices=["web", "worker", "scheduler"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args(words)
    snapshot.take(project.ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    reports = Reports(given.reports)
    admin = None
    try:
        try_code(given.name)
        if given.migrate:
            admin = migrate(reports)
    except Exception as error:  # noqa: BLE001  any fault of the project's code; `dev` shows it
        reports.send(failed=str(error) if isinstance(error, Faults) else failures.block(error))
        sys.exit(production.CANNOT_START)
    if given.name == "web":
        serve(given.listening, reports, admin)
        return
    reports.send(ready=True)
    os.environ["CELERY_SKIP_CHECKS"] = "true"  # the web server has run them
    sys.argv = ["celery", *given.command]
    runpy.run_module("celery", run_name="__main__", alter_sys=True)


def migrate(reports: Reports) -> str | None:
    """Apply migrations. Return the password of the first administrator if it is still valid."""
    reports.send(phase="Applying migrations")
    call_command("migrate", verbosity=0, interactive=False)
    admin = first_admin.password()
    connections.close_all()
    return admin


def serve(descriptor: int, reports: Reports, admin: str | None) -> None:
    """Run the web server on a bound socket."""
    reports.send(phase="Starting the server")
    listening = socket.socket(fileno=descriptor)
    listening.set_inheritable(False)
    Server(config(), reports, admin).run(sockets=[listening])


def try_code(name: str) -> None:
    """Import everything that a part imports. For the web server also run the checks. Raises the first fault."""
    _ = settings.DEBUG  # the first use reads all settings
    incomplete = [str(fault) for fault in apps_of_project.faults() if fault.severity == "error"]
    if incomplete:  # Django could not load them
        raise Faults("\n".join(incomplete))
    import_module(UVICORN[1].partition(":")[0])
    if apps.is_installed("tasks"):
        import_module("tasks.broker").app.autodiscover_tasks(
            force=True
        )  # without the signal, which would log faults
    if name != "web":  # it takes a worker 0.15 s of a processor and 9 MB
        return
    found = [each for each in checks.run_checks() if each.is_serious() and not each.is_silenced()]
    if found:
        raise Faults("\n".join(map(_shown, found)))


def admin_path() -> str:
    """Return the path of the admin; "" if the project's URLs leave it out."""
    try:
        return reverse("admin:index")
    except NoReverseMatch:
        return ""


def _shown(fault: checks.CheckMessage) -> str:
    text = f"{fault.obj}: {fault.msg}" if fault.obj is not None else str(fault.msg)
    return f"{text}\n    {fault.hint}" if fault.hint else text


def config() -> uvicorn.Config:
    """The options with which Podium runs, as uvicorn's own command reads them."""
    context = uvicorn_command.make_context("uvicorn", [*UVICORN[1:], *OPTIONS])
    given: dict[str, Any] = {
        name: value
        for name, value in context.params.items()
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    }
    return uvicorn.Config(
        **{name: given[name] for name in inspect.signature(uvicorn.Config).parameters if name in given}
    )


if __name__ == "__main__":
    main(sys.argv[1:])
