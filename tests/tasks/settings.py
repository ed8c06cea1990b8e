"""The project's settings with the laboratory's tasks, and quicker: for workers that tests start."""

from __future__ import annotations

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "tests.tasks.laboratory"]
TASKS_SWEEP_SECONDS = 1
TASKS_RESEND_SECONDS = 2
TASKS_LEASE_SECONDS = 3
TASKS_GRACE_SECONDS = 2
