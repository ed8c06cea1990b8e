"""Settings of monitoring, with unit and default. Those of health checks are in podium/core/health.py."""

from __future__ import annotations

from podium.core.conf import AppSettings


class MonitoringSettings(
    AppSettings, prefix="MONITORING_", renamed={"ALIKE": ("RECORDS_PER_METHOD", "0.2.0")}
):
    ENABLED: bool = True
    """False: nothing is recorded."""
    QUEUE: int = 10_000
    """Records that wait to be written, at most; further ones are counted and dropped."""
    FLUSH_SECONDS: float = 0.5
    """Interval at which waiting records are written."""
    RECORDS_PER_METHOD: int = 20
    """Quick successes of one method with a record each, per writing; one more record counts the others."""
    KEEP_DAYS: int = 30
    """Days for which the call log is kept."""
    KEEP_CALLS: int = 1_000_000
    """Records of the call log that are kept, at most; the oldest are deleted first."""
    SLOW_SECONDS: float = 1.0
    """Duration above which a call is slow."""
    HEARTBEAT_SECONDS: float = 5.0
    """Interval between two heartbeats of a worker or scheduler."""
    SILENT_SECONDS: int = 30
    """Time without a heartbeat after which a process counts as stopped."""


conf = MonitoringSettings()
