"""Django's `migrate`: one at a time, and with advice where a table is there already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import ProgrammingError, connections
from psycopg import errors

from database.renames import Autodetector

LOCK = 0x506F6469756D
"""Of Postgres's advisory locks: "Podium" in ASCII."""
THERE_ALREADY = """\
{error}
The database has what a migration was to make. If Serverpod made this database, take it over: python3 manage.py adopt
If it was changed by hand, take that back, or mark the migration as applied (migrate --fake <app> <migration>) and then
run: python3 manage.py repair"""


class Command(migrate.Command):
    autodetector = Autodetector  # the same as in makemigrations, as Django demands

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["plan"] or options["check_unapplied"]:
                super().handle(*args, **options)
            else:
                with _alone(options["database"]):
                    super().handle(*args, **options)
        except ProgrammingError as error:
            there = (errors.DuplicateTable, errors.DuplicateColumn, errors.DuplicateObject)
            if not isinstance(error.__cause__, there):
                raise
            raise CommandError(THERE_ALREADY.format(error=str(error).strip())) from error


@contextmanager
def _alone(database: str) -> Iterator[None]:
    """Wait until no other `migrate` works on this database: servers that start together may all run one.

    The lock is held by a transaction of a connection of its own, so that it also ends with the process, and holds
    behind a pooler that hands out a connection for each transaction.
    """
    lock = connections[database].copy()
    lock.settings_dict.get("OPTIONS", {}).pop("pool", None)  # a pool may have room for one connection alone
    try:
        lock.set_autocommit(False)
        with lock.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
        lock.rollback()
    finally:
        lock.close()
