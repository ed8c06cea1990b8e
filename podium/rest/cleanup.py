"""Delete expired data, for `manage.py cleanup`. With the app tasks, tasks/tasks.py does it every day."""

from __future__ import annotations

from podium.rest.resources import idempotency


def run() -> None:
    """Delete the answers to requests with an Idempotency-Key that are no longer sent again."""
    idempotency.delete_expired()
