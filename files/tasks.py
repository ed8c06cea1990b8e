"""Recurring tasks of files."""

from __future__ import annotations

from datetime import timedelta

from files import subjects, uploads
from tasks.scheduling import task


@task(every=timedelta(hours=1))
def delete_unfinished_uploads() -> None:
    """Delete uploads that expired more than an hour ago."""
    uploads.delete_unfinished()


@task(every=timedelta(hours=1))
def delete_files_without_row() -> None:
    """Delete the files of rows that the database deleted with others, or that SQL deleted."""
    subjects.delete_orphans()
