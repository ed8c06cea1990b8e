"""Settings of monitoring, with unit and default."""

from __future__ import annotations

from core.conf import AppSettings


class MonitoringSettings(AppSettings, prefix="MONITORING_"):
    ENABLED: bool = True  # without it nothing is recorded
    QUEUE: int = 10_000  # records that wait to be written; what comes beyond is counted and dropped
    FLUSH_SECONDS: float = 0.5  # how often what waits is written
    ALIKE: int = (
        20  # quick successes of one method that get a record each, per writing; one more counts the others
    )
    KEEP_DAYS: int = 30  # the call log is deleted after this time
    KEEP_CALLS: int = 1_000_000  # and beyond this number, the oldest first
    SLOW_SECONDS: float = 1.0  # calls that took longer are shown as slow
    CHECK_SECONDS: float = 2.0  # a health check that takes longer has failed
    CHECK_EVERY_SECONDS: float = 5.0  # the result of a check is reused for this long
    STORAGE_EVERY_SECONDS: float = 30.0  # the same for storage, where each check writes a small file
    FREE_BYTES: int = 200 * 1024 * 1024  # a storage folder with less free space fails the check
    DUE_SECONDS: int = 30  # a scheduled call this late fails the check
    HEARTBEAT_SECONDS: float = 5.0  # interval between heartbeats of a worker or scheduler
    SILENT_SECONDS: int = 30  # a process without a heartbeat for this long counts as stopped
    TOKEN: str = ""  # "Authorization: Bearer <token>" for the details of /readyz


conf = MonitoringSettings()
