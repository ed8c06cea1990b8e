"""Scheduled work of accounts, if the app tasks is installed. Without it, work runs at once or not at all."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps

INSTALLED = apps.is_installed("tasks")
if INSTALLED:
    from tasks import scheduling
    from tasks.models import Job, State


def cancel(identifier: str) -> bool:
    """Cancel the work scheduled under this identifier. Returns whether there was any."""
    return INSTALLED and bool(scheduling.cancel(identifier))


def pending(identifier: str) -> tuple[datetime, datetime] | None:
    """The time of the work under this identifier, and its argument `requested_at`; None if there is none."""
    if not INSTALLED:
        return None
    call = Job.objects.filter(identifier=identifier, state=State.PENDING).first()
    return None if call is None else (call.run_at, datetime.fromisoformat(call.arguments["requested_at"]))
