"""The other processes that `manage.py serve` runs, and the number of times they ended, as it reports."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

WINDOW_SECONDS = 600
TOO_OFTEN = 3
"""A process that ended this often within WINDOW_SECONDS is reported."""

Ends = Sequence[tuple[float, str]]
"""The times (Unix time) and reasons of a process's unexpected ends."""

_ends: Mapping[str, Ends] | None = None


def note(ends: Mapping[str, Ends]) -> None:
    """Take a report of the supervisor: the ends of each process by its name."""
    global _ends
    _ends = ends


def are_supervised() -> bool:
    """Return whether `serve` runs this process."""
    return _ends is not None


def unstable() -> list[str]:
    """Return one line for each process that keeps ending."""
    since = time.time() - WINDOW_SECONDS
    lines = []
    for name, ends in (_ends or {}).items():
        recent = [how for at, how in ends if at > since]
        if len(recent) >= TOO_OFTEN:
            lines.append(
                f"{name} ended {len(recent)} times within {WINDOW_SECONDS // 60} minutes, the last time {recent[-1]}"
            )
    return lines
