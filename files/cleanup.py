"""Deletes expired uploads and files without their row, for `manage.py cleanup`. The app tasks does it every hour."""

from __future__ import annotations

from files import subjects, uploads


def run() -> None:
    """Delete uploads that expired more than an hour ago, and files whose row is gone."""
    uploads.delete_unfinished()
    subjects.delete_orphans()
