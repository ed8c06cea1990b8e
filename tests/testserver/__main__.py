"""The command: serves until Ctrl-C, or writes a client."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import uvicorn
from psycopg import sql

import tests.testserver
from podium.codegen.write import write
from podium.dev import paths, services, testing
from podium.endpoints.definitions import EndpointDefinition
from tests.conformance.database import missing_extensions
from tests.testserver import build

SETTINGS = "tests.testserver.settings"


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 on success, 2 if the corpus is missing."""
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.testserver",
        description=tests.testserver.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one (%(default)s)")
    parser.add_argument("--target", choices=sorted(build.EMITTERS), help="write this client, serve nothing")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder for the client, with --target")
    options = parser.parse_args(argv)
    if bool(options.target) != bool(options.out):
        parser.error("--target and --out belong together")
    if not build.is_possible():
        sys.stderr.write(f"{build.MISSING}\n")
        return 2
    if options.target:
        generate(options.target, options.out)
    elif address := os.environ.get("DATABASE_URL"):
        serve(options.port, address)
    else:
        os.environ["REDIS_URL"] = testing.redis_url(
            os.environ.get("REDIS_URL") or paths.redis_url(), build.REDIS_DATABASE
        )
        with services.running():
            serve(options.port, own_database())
    return 0


def own_database() -> str:
    """The address of the test server's database on the private Postgres, which is created if necessary."""
    server = paths.database_url().rpartition("/")[0]
    with psycopg.connect(paths.database_url(), autocommit=True) as connection:
        names = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [build.DATABASE])
        if not names.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(build.DATABASE)))
    return f"{server}/{build.DATABASE}"


def generate(target: str, out: Path) -> None:
    """Write the client of all endpoints."""
    write(out, build.client(target, definitions()))


def definitions() -> list[EndpointDefinition]:
    """All endpoints, in a process that serves nothing. No database is used."""
    os.environ.setdefault("DATABASE_URL", "postgresql://localhost/not_asked")
    os.environ.setdefault("REDIS_URL", "redis://localhost/0")
    os.environ.setdefault("SECRET_KEY", "not asked")
    _set_up(frozenset())
    from tests.testserver import registry

    return registry.definitions()


def serve(port: int, database: str) -> None:
    """Create the tables, then serve. Leaves out columns whose extension this Postgres lacks, and reports them."""
    missing = missing_extensions(database)
    _set_up(missing)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # the corpus' tables, which refer to those
    for extension in sorted(missing):
        sys.stdout.write(f"This Postgres has no {extension}: columns that need it are left out.\n")
    config = uvicorn.Config(
        "config.asgi:application",
        port=port,
        log_level="warning",
        http="podium.endpoints.http:Protocol",
        ws="realtime.websocket:Protocol",
        ws_per_message_deflate=False,
    )
    with _worker(), contextlib.suppress(KeyboardInterrupt):
        Announced(config).run()


@contextmanager
def _worker() -> Iterator[None]:
    """A worker for scheduled calls, in a separate process, while the block runs."""
    command = "celery --quiet -A config.celery worker --loglevel WARNING --concurrency 1"
    process = subprocess.Popen(
        [sys.executable, "-m", *command.split(), "--without-mingle", "--without-gossip"],
        cwd=build.PROJECT,
        env=os.environ | {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"},
        start_new_session=True,  # Ctrl-C reaches only the server, which ends the worker
        preexec_fn=services.dies_with_parent(signal.SIGTERM),
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


class Announced(uvicorn.Server):
    """A server that prints its address once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}/\n")
        sys.stdout.flush()


def _set_up(missing_extensions: frozenset[str]) -> None:
    """Start Django with the generated apps. Modules that import models can be imported only after it."""
    import django

    os.environ["TESTSERVER_APPS"] = str(build.apps(missing_extensions))
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
