"""Settings of tasks, with unit and default. All are whole numbers."""

from __future__ import annotations

from podium.core.conf import AppSettings


class TasksSettings(AppSettings, prefix="TASKS_"):
    SEND_AHEAD_SECONDS: int = 60
    """A job due within this time goes to a worker at once; the worker waits for its time."""
    RESEND_SECONDS: int = 15
    """Time until a message that no worker acted on is sent again, doubled after each further one."""
    SWEEP_SECONDS: int = 5
    """Interval at which the scheduler looks for jobs that are due."""
    SWEEP_BATCH: int = 500
    """Jobs that one transaction sends, at most."""
    LEASE_SECONDS: int = 30
    """Silence after which a worker is suspect; after as long again it is given up."""
    MAX_DEATHS: int = 3
    """Workers that may die of one job before it fails."""
    TIMEOUT_SECONDS: int = 1800
    """Time that a task may run, unless its declaration says otherwise."""
    GRACE_SECONDS: int = 30
    """Time in which a task must end by itself after its timeout, before its process is killed."""
    BACKOFF_SECONDS: int = 10
    """Delay before the first retry, doubled for each further one."""
    BACKOFF_MAX_SECONDS: int = 3600
    """The longest delay before a retry."""
    KEEP_DAYS: int = 14
    """Days for which ended jobs are kept."""


conf = TasksSettings()
