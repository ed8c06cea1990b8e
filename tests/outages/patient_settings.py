"""The settings of a stack in which messages are resent only after a minute."""

from __future__ import annotations

from tests.outages.settings import *  # noqa: F403

TASKS_RESEND_SECONDS = 60
