"""Recurring tasks of monitoring."""

from __future__ import annotations

from datetime import timedelta

from monitoring import retention
from tasks.scheduling import task


@task(every=timedelta(hours=1))
def delete_old_calls() -> None:
    """Keep the call log within its limits."""
    retention.delete_old()
