"""The health checks of every server: database, migrations and Redis. Apps add theirs in `<app>/health.py`."""

from __future__ import annotations

from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, OperationalError
from django.db.migrations.loader import MigrationLoader

from podium.core import health, processes
from podium.core.health import Problems, conf
from podium.core.lazy import redis
from podium.database import direct

DATABASE, MIGRATIONS = "database", "migrations"


def declare() -> None:
    """Add the checks here, after apps have declared theirs."""
    health.CRITICAL.update([DATABASE, MIGRATIONS])
    health.HINTS.update(
        database="Is Postgres running, and is DATABASE_URL right?",
        migrations="Run python3 manage.py migrate.",
        redis="Is Redis or Valkey running, and is REDIS_URL right?",
    )
    in_database = (name for names in health.IN_DATABASE for name in names)
    health.PROBES[:0] = [
        health.Probe((DATABASE, MIGRATIONS, *in_database), database, lambda: conf.CHECK_EVERY_SECONDS),
        health.Probe(("redis",), bus, lambda: conf.CHECK_EVERY_SECONDS),
    ]


def database() -> Problems:
    """Check the database, and everything that is read from it, over one connection.

    A connection that the server ended is replaced once: an operator who ends connections, or a failover
    that is over, must not make load balancers take every server out.
    """
    try:
        return _database()
    except OperationalError as error:
        if not isinstance(error.__cause__, psycopg.errors.AdminShutdown):
            raise
        return _database()


def _database() -> Problems:
    with direct.cursor() as cursor:
        cursor.execute("SELECT 1")
        if missing := _unapplied(cursor):
            shown = ", ".join(missing[:3]) + (" and others" if len(missing) > 3 else "")
            return {MIGRATIONS: f"{len(missing)} not applied: {shown}"} | _attempt(cursor)
        return _of_apps(cursor)


def _of_apps(cursor: Any) -> dict[str, str]:
    return {name: text for work in health.IN_DATABASE.values() for name, text in work(cursor).items()}


def _attempt(cursor: Any) -> dict[str, str]:
    """Check the rest, which needs tables that may not exist yet."""
    try:
        return _of_apps(cursor)
    except Error:
        names = [name for names in health.IN_DATABASE for name in names]
        return dict.fromkeys(names, "not known before the migrations")


@cache
def _migrations() -> tuple[dict[str, list[tuple[str, str]]], list[tuple[str, str]]]:
    """Replaced migrations by the squashed migration that replaces them, and all migrations of this code."""
    loader = MigrationLoader(None)
    replaced = {f"{app}.{name}": list(each.replaces) for (app, name), each in loader.disk_migrations.items()}
    return replaced, sorted(loader.graph.nodes)


def _unapplied(cursor: Any) -> list[str]:
    replaced, all_of_them = _migrations()
    try:
        cursor.execute("SELECT app, name FROM django_migrations")
    except Error:
        return [f"{app}.{name}" for app, name in all_of_them]
    applied = set(cursor.fetchall())
    return [
        f"{app}.{name}"
        for app, name in all_of_them
        if (app, name) not in applied
        and not (replaced[f"{app}.{name}"] and applied.issuperset(replaced[f"{app}.{name}"]))
    ]


def bus() -> Problems:
    """Check Redis: bus, broker and cache."""
    seconds = conf.CHECK_SECONDS
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds
    ) as client:
        client.ping()
    return {}


if processes.are_supervised():

    @health.check(
        "processes", hint="Read the log of serve, which has the last lines of each process before its end."
    )
    def ending_processes() -> str:
        """Name the processes that keep ending, as `manage.py serve` reports them."""
        return "; ".join(processes.unstable())
