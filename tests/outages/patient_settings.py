"""The settings of a stack in which a message has a minute before it is sent again."""

from __future__ import annotations

from tests.outages.settings import *  # noqa: F403

TASKS_RESEND_SECONDS = 60
