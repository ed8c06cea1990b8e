"""Django's `migrate`: one process at a time, and one line for a statement that the database refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from podium.database import existing
from podium.database.conversion import UnknownValues
from podium.database.refused import explain
from podium.database.renames import Autodetector

LOCK = 0x506F6469756D
"""The key of the advisory lock in Postgres: "Podium" in ASCII."""
DEFINITE = ("fake", "fake_initial", "migration_name")
"""Options that mark migrations as applied or reverse them."""
NAMED = 5
"""Maximum number of tables that a message names; it counts the others."""
THERE_ALREADY = """\
Nothing was migrated, since the database already has tables that migrations would create: {tables}
If Serverpod created this database, take it over: python3 manage.py adopt
If they were created by hand, drop them, or mark the migration as applied (migrate --fake <app> <migration>) and then
run: python3 manage.py repair"""


class Command(migrate.Command):
    autodetector = Autodetector  # Django requires the same as in makemigrations
    current: Migration | None = None
    """The migration that is running, to be:"""
    was_to = ""

    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        try:
            with _alone(options["database"]):
                if not any(options[one] for one in DEFINITE):
                    refuse_existing(connections[options["database"]], options["app_label"])
                super().handle(*args, **options)
        except UnknownValues as error:
            self.end_line()
            raise CommandError(f"{self.current} was not {self.was_to}: {error}") from error
        except DatabaseError as error:
            if self.current is None:
                raise
            self.end_line()
            raise CommandError(
                explain(error, self.current, self.was_to, connections[options["database"]])
            ) from error

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        if action in ("apply_start", "unapply_start"):
            self.current, self.was_to = migration, "applied" if action == "apply_start" else "taken back"
        super().migration_progress_callback(action, migration, fake)
        if action in ("apply_success", "unapply_success"):
            self.current = None

    def end_line(self) -> None:
        """End the line "Applying ...", to which Django adds OK or nothing."""
        if self.verbosity >= 1:
            self.stdout.write(self.style.ERROR(" FAILED"))


def refuse_existing(connection: BaseDatabaseWrapper, label: str | None) -> None:
    """Raise CommandError if migrations would create tables that exist, before any of them has run.

    label   of the only app to migrate; None: all
    """
    executor = MigrationExecutor(connection)
    targets = [node for node in executor.loader.graph.leaf_nodes() if label in (None, node[0])]
    waiting = {migration.app_label for migration, _ in executor.migration_plan(targets)}
    if not waiting:
        return
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    before, after = existing.tables(executor)
    tables = [name for name in existing.to_be_made(before, after, found) if after[name] in waiting]
    if tables:
        named = ", ".join(tables[:NAMED]) + (f" and {len(tables) - NAMED} more" if tables[NAMED:] else "")
        raise CommandError(THERE_ALREADY.format(tables=named))


@contextmanager
def _alone(database: str) -> Iterator[None]:
    """Wait until no other `migrate` runs on this database: servers that start together may all run it.

    The lock is held by a transaction on a separate connection, so that it ends with the process, and works behind a
    pooler that assigns a connection for each transaction.
    """
    lock = connections[database].copy()
    lock.settings_dict.get("OPTIONS", {}).pop("pool", None)  # a pool may have room for only one connection
    try:
        lock.set_autocommit(False)
        with lock.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
        lock.rollback()
    finally:
        lock.close()
