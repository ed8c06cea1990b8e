"""One run of an import: read entries, store users batch by batch, and report the outcome of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, reset_queries, transaction

from accounts.imports.reading import Entry
from accounts.imports.report import Outcome, Report
from accounts.imports.storing import store
from accounts.imports.users import ImportedUser, Refused

BATCH = 500  # users
OBJECTIONS = (IntegrityError, DataError)
"""Somebody else took an address a moment ago, or a value does not fit its column."""
Converter = Callable[[str, dict[str, Any]], ImportedUser]


def take_over(
    entries: Iterable[Entry],
    convert: Converter,
    source: str,
    report: Report,
    *,
    merge: bool = False,
    dry_run: bool = False,
    after_batch: Callable[[], None] = lambda: None,
) -> None:
    """Import users, BATCH in a transaction; a dry run uses one transaction and rolls it back. Raises Unreadable.

    Users stored before an error of the source stay, and the next run finds them.
    """
    users = _converted(entries, convert, report)
    with transaction.atomic() if dry_run else nullcontext():
        try:
            while batch := list(islice(users, BATCH)):
                _store(batch, source, report, merge)
                reset_queries()  # Django collects all queries in development
                after_batch()
        finally:
            if dry_run:
                transaction.set_rollback(True)


def _converted(entries: Iterable[Entry], convert: Converter, report: Report) -> Iterator[ImportedUser]:
    for place, entry in entries:
        try:
            if entry is None:
                raise Refused("unreadable: broken JSON, or a row with more or fewer values than the heading")
            yield convert(place, entry)
        except Refused as why:
            report.add(Outcome.REFUSED, place, str(why))


def _store(users: list[ImportedUser], source: str, report: Report, merge: bool) -> None:
    """Store a batch together. If the database refuses it, store users one by one to find the cause."""
    try:
        store(users, source, report, merge=merge)
        return
    except OBJECTIONS:
        pass
    for imported in users:
        try:
            store([imported], source, report, merge=merge)
        except OBJECTIONS as error:  # the first line names the rule; the others would quote the row
            report.add(
                Outcome.REFUSED, imported.place, f"the database refuses it: {str(error).splitlines()[0]}"
            )
