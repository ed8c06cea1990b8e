"""Health checks of workers and schedulers, by their heartbeats."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from monitoring.conf import conf
from monitoring.models import Heartbeat
from podium.core import health

HEARTBEATS = (
    f"SELECT kind, name, extract(epoch FROM now() - seen_at) FROM {Heartbeat._meta.db_table} ORDER BY seen_at"
)


def processes(cursor: Any) -> dict[str, str]:
    cursor.execute(HEARTBEATS)
    rows = cursor.fetchall()
    found = {"workers": Heartbeat.Kind.WORKER.value, "scheduler": Heartbeat.Kind.SCHEDULER.value}
    problems = {}
    for check, kind in found.items():
        mine = [(name, seconds) for each, name, seconds in rows if each == kind]
        if not mine:
            problems[check] = "none runs"
        elif mine[-1][1] > conf.SILENT_SECONDS:
            problems[check] = f"no heartbeat for {mine[-1][1]:.0f} s, the last from {mine[-1][0]}"
    return problems


if apps.is_installed("tasks"):  # without it there are no workers
    health.check_in_database(
        workers="Start one: python3 manage.py serve --roles worker",
        scheduler="Start it: python3 manage.py serve --roles scheduler",
    )(processes)
