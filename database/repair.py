"""Bring a database that has drifted back to what its migrations say. Finds, plans and runs; asks nobody.

The measure is the migrations that this database has had: what others still change is left to `migrate`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from database import prepare
from database.drift import catalog, desired
from database.drift.compare import compare, unknown_table
from database.drift.difference import Difference, Level, statements


class NeverMigrated(Exception):
    """No migration was ever applied to this database."""


class Refused(Exception):
    """Postgres refused a statement; nothing was changed."""

    def __init__(self, sql: str, error: DatabaseError) -> None:
        self.sql = sql
        super().__init__(f"{sql}\n{str(error).strip()}")


@dataclass
class Plan:
    """What is different, and what is to be done.

    mended   the differences that `sql` does away with
    kept     those that it does not, since that could lose data: a second look is wanted
    unknown  what no model knows and is left as it is
    pending  migrations that this database has not had yet: "shop.0002_note_size"
    """

    mended: list[Difference] = field(default_factory=list)
    kept: list[Difference] = field(default_factory=list)
    unknown: list[Difference] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)


def plan(connection: BaseDatabaseWrapper, *, force: bool = False) -> Plan:
    """Compare the database with the migrations it has had. With `force`, mend also what could lose data.

    Raises NeverMigrated, MayNotCompare (database.drift.desired).
    """
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        raise NeverMigrated
    models = desired.models_after(executor, executor.loader.applied_migrations)
    wanted, found = desired.tables(connection, models), read(connection)
    differences = compare(wanted, found, filling_of(connection, models))
    known = wanted.keys() | known_tables()
    differences += [unknown_table(name, table) for name, table in found.items() if name not in known]
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    result = Plan(pending=[f"{migration.app_label}.{migration.name}" for migration, _ in pending])
    for difference in differences:
        is_safe = difference.level in (Level.FORM, Level.WRONG)
        if difference.sql and (is_safe or force):
            result.mended.append(difference)
        elif difference.level is Level.UNKNOWN:
            result.unknown.append(difference)
        else:
            result.kept.append(difference)
    result.sql = mending(result.mended, models)
    return result


def known_tables() -> set[str]:
    """Those that a model of an installed app has, also where no migration makes them; and Django's own list."""
    models = apps.get_models(include_auto_created=True)
    return {MigrationRecorder.Migration._meta.db_table, *(model._meta.db_table for model in models)}


def filling_of(connection: BaseDatabaseWrapper, wanted: Sequence[type[Model]]) -> Callable[[str, str], str]:
    """For database.drift.compare: what Django itself would give the rows that are there."""
    fields = desired.columns(wanted)

    def filling(table: str, column: str) -> str:
        editor = connection.schema_editor()
        value = editor.effective_default(fields[table, column]) if (table, column) in fields else None
        return "" if value is None else str(editor.quote_value(value))

    return filling


def mending(differences: Sequence[Difference], wanted: Sequence[type[Model]]) -> list[str]:
    """The SQL for these differences; first what their columns need in the database."""
    places = {difference.what for difference in differences}
    fields = [
        one
        for (table, column), one in desired.columns(wanted).items()
        if {table, f"{table}.{column}"} & places
    ]
    sql = statements(differences)
    return [*prepare.needed(fields), *sql] if sql else []


def read(connection: BaseDatabaseWrapper) -> dict[str, catalog.Table]:
    """The tables of the database."""
    with connection.cursor() as cursor:
        return catalog.read(cursor)


def run(connection: BaseDatabaseWrapper, sql: Sequence[str]) -> None:
    """Run these statements, all or none. Raises Refused."""
    statement = ""
    try:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            for statement in sql:
                cursor.execute(statement)
    except DatabaseError as error:
        raise Refused(statement, error) from error
