"""Bring a database that has drifted back to the state of its migrations. Finds, plans and runs; asks nothing.

The database is compared with the migrations applied to it; `migrate` applies the others.
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

from podium.database import prepare
from podium.database.drift import catalog, desired
from podium.database.drift.compare import compare, unknown_table
from podium.database.drift.difference import Difference, Level, statements


class NeverMigrated(Exception):
    """No migration was ever applied to this database."""


class Refused(Exception):
    """Postgres refused a statement; nothing was changed."""

    def __init__(self, sql: str, error: DatabaseError) -> None:
        self.sql = sql
        super().__init__(f"{sql}\n{str(error).strip()}")


@dataclass
class Plan:
    """The differences found, and the SQL that fixes them.

    fixed    the differences that `sql` fixes
    kept     those that it does not fix, because that could lose data
    unknown  items that are in no model, and stay
    pending  migrations not applied yet: "shop.0002_note_size"
    """

    fixed: list[Difference] = field(default_factory=list)
    kept: list[Difference] = field(default_factory=list)
    unknown: list[Difference] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)


def plan(connection: BaseDatabaseWrapper, *, force: bool = False) -> Plan:
    """Compare the database with its applied migrations. With `force`, also fix differences that could lose data.

    Raises NeverMigrated, MayNotCompare (podium.database.drift.desired).
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
        is_safe = difference.level in (Level.FORM, Level.NARROW, Level.WRONG)
        if difference.sql and (is_safe or force):
            result.fixed.append(difference)
        elif difference.level is Level.UNKNOWN:
            result.unknown.append(difference)
        else:
            result.kept.append(difference)
    result.sql = fixes(result.fixed, models)
    return result


def known_tables() -> set[str]:
    """The tables of installed apps' models, even without a migration, and Django's own table of migrations."""
    models = apps.get_models(include_auto_created=True)
    return {MigrationRecorder.Migration._meta.db_table, *(model._meta.db_table for model in models)}


def filling_of(connection: BaseDatabaseWrapper, wanted: Sequence[type[Model]]) -> Callable[[str, str], str]:
    """For podium.database.drift.compare: the values that Django itself would give existing rows."""
    fields = desired.columns(wanted)

    def filling(table: str, column: str) -> str:
        editor = connection.schema_editor()
        value = editor.effective_default(fields[table, column]) if (table, column) in fields else None
        return "" if value is None else str(editor.quote_value(value))

    return filling


def fixes(differences: Sequence[Difference], wanted: Sequence[type[Model]]) -> list[str]:
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
