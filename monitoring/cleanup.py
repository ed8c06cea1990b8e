"""Keep the call log within its limits, for `manage.py cleanup`. With the app tasks, tasks.py does it every hour."""

from __future__ import annotations

from monitoring import retention


def run() -> None:
    """Delete the oldest calls beyond the limits."""
    retention.delete_old()
