"""The time, in one place, so that tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)
