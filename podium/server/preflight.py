"""The checks of `manage.py serve` before it starts anything: services, migrations, static files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor

from podium.core.lazy import redis
from podium.core.logs import redacted
from podium.server import production, serve

PAUSE_SECONDS = 1
MIGRATION_LOCK = 7_630_842_117
"""The key of Postgres's advisory lock that lets one server migrate at a time: any number that no app uses."""
MIGRATIONS_SHOWN = 5

Say = Callable[[str], None]


def refuse_development() -> None:
    """Raise CommandError without DATABASE_URL."""
    if settings.DEVELOPMENT:
        raise CommandError(
            "DATABASE_URL is not set, but `serve` is for production: docs/how-to/deploying.md. For development, run: "
            "python3 manage.py dev"
        )


def default_roles() -> Sequence[str]:
    """Return all parts, or only the web servers if the project leaves out the app tasks."""
    return serve.ROLES if apps.is_installed("tasks") else ("web",)


def refuse_roles(roles: Sequence[str]) -> None:
    """Exit if parts that need the app tasks are requested, but the project leaves it out."""
    if set(roles) - {"web"}:
        production.require_app("tasks", of="The worker and the scheduler", installed=settings.INSTALLED_APPS)


def wait_for_services(seconds: float, say: Say) -> None:
    """Wait until Postgres and Redis answer. Raise CommandError after that time."""
    _wait("Postgres", "DATABASE_URL", _ask_postgres, psycopg.OperationalError, seconds, say)
    _wait("Redis", "REDIS_URL", _ask_redis, redis.RedisError, seconds, say)


def _wait(
    name: str, variable: str, ask: Callable[[], None], away: type[Exception], seconds: float, say: Say
) -> None:
    until = time.monotonic() + seconds
    waiting = False
    while True:
        try:
            ask()
            return
        except away as error:
            reason = redacted(next(iter(str(error).strip().splitlines()), type(error).__name__))
            if time.monotonic() >= until:
                raise CommandError(
                    f"{name} does not answer: {reason}\nIs it running, and is {variable} right?"
                ) from None
            if not waiting:
                say(f"waiting up to {seconds:g} s for {name}: {reason}")
                waiting = True
        time.sleep(PAUSE_SECONDS)


def _ask_postgres() -> None:
    """Connect outside the pool, which waits by its own rules."""
    psycopg.connect(**connections.create_connection(DEFAULT_DB_ALIAS).get_connection_params()).close()


def _ask_redis() -> None:
    with redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3) as client:
        client.ping()


def migrate(say: Say) -> None:
    """Apply migrations. Servers that start at the same time do so one after the other."""
    with _migration_lock():
        if names := pending():
            say(f"applying {len(names)} migrations")
            call_command("migrate", interactive=False, verbosity=1)


def refuse_pending_migrations() -> None:
    """Raise CommandError if the database lacks migrations of this code."""
    if names := pending():
        shown = ", ".join(names[:MIGRATIONS_SHOWN]) + (", ..." if len(names) > MIGRATIONS_SHOWN else "")
        raise CommandError(
            f"The database lacks {len(names)} migrations: {shown}\n"
            "Apply them first: python3 manage.py migrate (or start with: serve --migrate)"
        )


def pending() -> list[str]:
    """The names of migrations that are not applied, as "app.0001_name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@contextmanager
def _migration_lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def collect_static() -> None:
    """Copy the static files that are new or have changed to STATIC_ROOT. Raise CommandError if that is not possible."""
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as error:
        raise CommandError(
            f"The static files could not be copied to {settings.STATIC_ROOT}: {error.strerror or error}\n"
            "Run python3 manage.py collectstatic --noinput as a user who may write there, or set STATIC_ROOT in "
            "config/settings.py."
        ) from error


def warn_of_root(say: Say) -> None:
    if os.getuid() == 0:
        say("warning: this runs as root. Use a separate user: docs/how-to/deploying.md")


def default_processes() -> int:
    """The number of web servers and of jobs at a time: one for each CPU that this process may use, 4 at most."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(usable, 4))
