"""The probes of an installation's health. Each may block; monitoring/health.py limits its time."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import Error
from django.db.migrations.loader import MigrationLoader

from files.storage import storage
from monitoring import direct
from monitoring.conf import conf
from monitoring.models import Heartbeat
from tasks.models import ScheduledCall

Problems = Mapping[str, str]
"""The failed checks: name and reason."""

UNKNOWN = "not known without the database"

HEARTBEATS = (
    f"SELECT kind, name, extract(epoch FROM now() - seen_at) FROM {Heartbeat._meta.db_table} ORDER BY seen_at"
)
OLDEST_DUE = (
    f"SELECT task, extract(epoch FROM now() - run_at) FROM {ScheduledCall._meta.db_table} "
    "WHERE state = 'pending' AND run_at < now() ORDER BY run_at LIMIT 1"
)


def database() -> Problems:
    """Check the database, and everything that is read from it, over one connection."""
    with direct.cursor() as cursor:
        cursor.execute("SELECT 1")
        if missing := _unapplied(cursor):
            shown = ", ".join(missing[:3]) + (" and others" if len(missing) > 3 else "")
            return {"migrations": f"{len(missing)} not applied: {shown}"} | _attempt(cursor)
        return _processes(cursor) | _due(cursor)


def _attempt(cursor: Any) -> dict[str, str]:
    """Check the rest, which needs tables that may not exist yet."""
    try:
        return _processes(cursor) | _due(cursor)
    except Error:
        return dict.fromkeys(["workers", "scheduler", "scheduled_calls"], "not known before the migrations")


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


def _processes(cursor: Any) -> dict[str, str]:
    cursor.execute(HEARTBEATS)
    rows = cursor.fetchall()
    found = {"workers": Heartbeat.Kind.WORKER.value, "scheduler": Heartbeat.Kind.SCHEDULER.value}
    problems = {}
    for check, kind in found.items():
        mine = [(name, seconds) for each, name, seconds in rows if each == kind]
        if not mine:
            problems[check] = "none runs"
        elif mine[-1][1] > conf.SILENT_SECONDS:
            problems[check] = f"no sign of life for {mine[-1][1]:.0f} s, the last from {mine[-1][0]}"
    return problems


def _due(cursor: Any) -> dict[str, str]:
    cursor.execute(OLDEST_DUE)
    row = cursor.fetchone()
    if row is None or row[1] <= conf.DUE_SECONDS:
        return {}
    return {"scheduled_calls": f"{row[0]} has been due for {row[1]:.0f} s"}


def bus() -> Problems:
    """Check Redis: bus, broker and cache."""
    seconds = conf.CHECK_SECONDS
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds
    ) as client:
        client.ping()
    return {}


def files() -> Problems:
    """Check storage: write, read and delete a small file; a folder also needs free space."""
    place, content = storage(), secrets.token_bytes(16)
    name = place.save(f"health/{secrets.token_hex(8)}", ContentFile(content))
    try:
        with place.open(name) as file:
            if file.read() != content:
                return {"storage": "a file's content changed between writing and reading"}
    finally:
        place.delete(name)
    if isinstance(place, FileSystemStorage):
        free = shutil.disk_usage(place.location).free
        if free < conf.FREE_BYTES:
            return {"storage": f"{free // 1024**2} MB are free (MONITORING_FREE_BYTES)"}
    return {}
