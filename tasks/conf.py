"""Settings of tasks, with unit and default. All are whole numbers."""

from __future__ import annotations

from core.conf import AppSettings


class TasksSettings(AppSettings, prefix="TASKS_"):
    SEND_AHEAD_SECONDS: int = (
        60  # a call due within this time goes to a worker at once, which waits for its time
    )
    RESEND_SECONDS: int = (
        15  # a message nobody acted on is sent again after this time, then after twice as long
    )
    SWEEP_SECONDS: int = 5  # how often the scheduler looks for what is due
    SWEEP_BATCH: int = 500  # calls, sent in one transaction
    LEASE_SECONDS: int = 30  # a worker silent for this long is suspect, and given up after as long again
    MAX_DEATHS: int = 3  # a call whose worker died this often fails
    TIMEOUT_SECONDS: int = 1800  # a task may run this long, where it says nothing itself
    GRACE_SECONDS: int = 30  # to end by itself after the timeout, before its process is killed
    BACKOFF_SECONDS: int = 10  # before the first retry, doubled for each further one
    BACKOFF_MAX_SECONDS: int = 3600
    KEEP_DAYS: int = 14  # ended calls are deleted after this time


conf = TasksSettings()
