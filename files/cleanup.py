"""Deletes unfinished uploads, for `manage.py cleanup`. With the app tasks, tasks.py does it every hour."""

from __future__ import annotations

from files import uploads


def run() -> None:
    """Delete uploads that expired more than an hour ago."""
    uploads.delete_unfinished()
