"""The health check of jobs: they start in time."""

from __future__ import annotations

from typing import Any

from podium.core import health
from tasks.models import Job

OLDEST_DUE = (
    f"SELECT task, extract(epoch FROM now() - run_at) FROM {Job._meta.db_table} "
    "WHERE state = 'pending' AND run_at < now() ORDER BY run_at LIMIT 1"
)


@health.check_in_database(scheduled_calls="Workers are stopped, busy or too few. See Jobs in the admin.")
def due(cursor: Any) -> dict[str, str]:
    cursor.execute(OLDEST_DUE)
    row = cursor.fetchone()
    if row is None or row[1] <= health.conf.DUE_SECONDS:
        return {}
    return {"scheduled_calls": f"{row[0]} has been due for {row[1]:.0f} s"}
