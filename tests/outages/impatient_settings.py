"""The settings of a stack that notices sooner that a process is silent or a job is late: the tests wait for it."""

from __future__ import annotations

from tests.outages.settings import *  # noqa: F403

MONITORING_HEARTBEAT_SECONDS = 2
MONITORING_SILENT_SECONDS = 12
MONITORING_DUE_SECONDS = 10
