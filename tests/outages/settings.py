"""The project's settings with the test apps for calls, streams and tasks, used by a stack's processes."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [
    *PROJECT_APPS,
    "tests.outages.app.apps.OutageConfig",
    "tests.endpoints.sample_app",
    "tests.tasks.sample_tasks",
    "tests.realtime.chat",
]
TASKS_SWEEP_SECONDS = 1
TASKS_RESEND_SECONDS = 2
TASKS_LEASE_SECONDS = 3
TASKS_GRACE_SECONDS = 2
