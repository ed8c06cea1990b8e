"""The command: serves until Ctrl-C, or writes a client."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
import uvicorn
from psycopg import sql

import tests.testserver
from codegen.write import write
from config import places, services
from tests.conformance.database import missing_extensions
from tests.testserver import build

SETTINGS = "tests.testserver.settings"


def main(argv: Sequence[str] | None = None) -> int:
    """0 when it ended well, 2 where the corpus is missing."""
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.testserver",
        description=tests.testserver.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one (%(default)s)")
    parser.add_argument("--target", choices=sorted(build.EMITTERS), help="write this client, serve nothing")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to, with --target")
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
        with services.running():
            serve(options.port, _own_database())
    return 0


def _own_database() -> str:
    """The address of the test server's database on the private Postgres, which is made if need be."""
    server = places.database_url().rpartition("/")[0]
    with psycopg.connect(places.database_url(), autocommit=True) as connection:
        names = connection.execute("SELECT FROM pg_database WHERE datname = %s", [build.DATABASE])
        if not names.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(build.DATABASE)))
    return f"{server}/{build.DATABASE}"


def generate(target: str, out: Path) -> None:
    """Write the client of all endpoints. No database is asked."""
    os.environ.setdefault("DATABASE_URL", "postgresql://localhost/not_asked")
    os.environ.setdefault("REDIS_URL", "redis://localhost/0")
    os.environ.setdefault("SECRET_KEY", "not asked")
    _set_up(frozenset())
    from tests.testserver import registry

    write(out, build.client(target, registry.definitions()))


def serve(port: int, database: str) -> None:
    """Make the tables, then answer. Leaves out the columns whose extension this Postgres lacks, and says so."""
    missing = missing_extensions(database)
    _set_up(missing)
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    for extension in sorted(missing):
        sys.stdout.write(f"This Postgres has no {extension}: columns that need it are left out.\n")
    Announced(
        uvicorn.Config(
            "config.asgi:application",
            port=port,
            log_level="warning",
            ws="realtime.websocket:Protocol",
            ws_per_message_deflate=False,
        )
    ).run()


class Announced(uvicorn.Server):
    """Prints its address once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}/\n")
        sys.stdout.flush()


def _set_up(missing_extensions: frozenset[str]) -> None:
    """Django with the generated apps. What imports models can be imported only after it."""
    import django

    os.environ["TESTSERVER_APPS"] = str(build.apps(missing_extensions))
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
