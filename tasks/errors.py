"""Errors of scheduling."""

from __future__ import annotations

from podium.core.errors import PodiumError


class TimeTooFar(PodiumError):
    """The time is too far away to be scheduled."""

    code = "tasks.time_too_far"
