"""One run of an import: entries in, people stored batch by batch, and a report of what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, reset_queries, transaction

from accounts.imports.people import Person, Refused
from accounts.imports.reading import Entry
from accounts.imports.report import Outcome, Report
from accounts.imports.storing import store

BATCH = 500  # people
OBJECTIONS = (IntegrityError, DataError)
"""Someone else took an address a moment ago, or a value is none for its column."""
ToPerson = Callable[[str, dict[str, Any]], Person]


def take_over(
    entries: Iterable[Entry],
    to_person: ToPerson,
    source: str,
    report: Report,
    *,
    merge: bool = False,
    dry_run: bool = False,
    after_batch: Callable[[], None] = lambda: None,
) -> None:
    """Take over people, BATCH in a transaction; those of a dry run in one that is rolled back. Raises Unreadable.

    What is stored before the source ends in an error stays, and a next run finds it.
    """
    people = _people(entries, to_person, report)
    with transaction.atomic() if dry_run else nullcontext():
        try:
            while batch := list(islice(people, BATCH)):
                _store(batch, source, report, merge)
                reset_queries()  # which Django keeps in development, all of them
                after_batch()
        finally:
            if dry_run:
                transaction.set_rollback(True)


def _people(entries: Iterable[Entry], to_person: ToPerson, report: Report) -> Iterator[Person]:
    for place, entry in entries:
        try:
            if entry is None:
                raise Refused(
                    "it can't be read: broken JSON, or a row with more or fewer values than the heading"
                )
            yield to_person(place, entry)
        except Refused as why:
            report.add(Outcome.REFUSED, place, str(why))


def _store(people: list[Person], source: str, report: Report, merge: bool) -> None:
    """Together, mostly. Where the database objects, one by one, to see to whom."""
    try:
        store(people, source, report, merge=merge)
        return
    except OBJECTIONS:
        pass
    for person in people:
        try:
            store([person], source, report, merge=merge)
        except OBJECTIONS as error:  # the first line names the rule; the others would quote the row
            report.add(Outcome.REFUSED, person.place, f"the database objects: {str(error).splitlines()[0]}")
