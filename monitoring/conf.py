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


conf = MonitoringSettings()
