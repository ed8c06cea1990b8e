"""SQL that removes Podium's additions to an adopted database, to use it with Serverpod only.

Tables of model files stay, with the columns that migrations have added since; so do Serverpod's own tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from podium.database import advice, repair
from podium.database.adoption import part_of
from podium.database.drift import desired
from podium.database.drift.catalog import Table
from podium.database.drift.columns import SAME_DEFAULTS
from podium.database.drift.difference import Difference, Level, quote

SERVERPODS = "serverpod_"
"""The prefix of Serverpod's own tables."""
FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.prorettype = 'trigger'::regtype AND proname ~ %s ORDER BY 1
"""


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the SQL for an operator to read and run. Changes nothing."""
    executor = MigrationExecutor(connection)
    models = desired.models_after(executor, executor.loader.applied_migrations)
    found = repair.read(connection)
    labels = {model._meta.app_label for model in models}
    owners = {model._meta.db_table: model._meta.app_label for model in models}
    linking = desired.table_names(models) - owners.keys()
    of_model_files = _of_model_files(labels)
    own = {table for table in owners if not table.startswith(SERVERPODS)} - of_model_files
    dropped = {MigrationRecorder.Migration._meta.db_table, *own, *linking} & found.keys()
    result = [f"DROP FUNCTION {name} CASCADE" for name in _functions(connection, labels)]
    if dropped:
        result.append(f"DROP TABLE {', '.join(quote(table) for table in sorted(dropped))}")
    for table in sorted((owners.keys() & found.keys()) - dropped):
        result += _as_before(table, found[table])
        result += _added_columns(owners[table], table, found[table])
    return result


def _of_model_files(labels: Iterable[str]) -> set[str]:
    """The tables that model files declare."""
    definitions = [
        definition
        for models in advice.models_of(labels)
        for protocol in (models.protocol, *models.protocol.modules.values())
        for definition in protocol.definitions
    ]
    return {str(getattr(definition, "table", "")) for definition in definitions} - {""}


def _functions(connection: BaseDatabaseWrapper, labels: Iterable[str]) -> list[str]:
    """Functions of triggers that apps created; dropping them drops the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS, [f"^({'|'.join(sorted(labels))})_"])
        return [name for (name,) in cursor.fetchall()]


def _added_columns(label: str, table: str, found: Table) -> Iterator[str]:
    part = part_of(label)
    for name in found.columns:
        if part.adds(Difference("column", f"{table}.{name}", "is missing", Level.WRONG)):
            yield f"ALTER TABLE {quote(table)} DROP COLUMN {quote(name)}"


def _as_before(table: str, found: Table) -> Iterator[str]:
    """Reverse the changes of form that `adopt` made: unique indexes, and the default for times."""
    for name, index in found.indexes.items():
        if index.constraint.startswith("UNIQUE"):
            definition = index.definition.removeprefix("UNIQUE ")
            yield f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(name)}"
            yield f"CREATE UNIQUE INDEX {quote(name)} ON {quote(table)} {definition}"
    for name, column in found.columns.items():
        if any(column.default in alike for alike in SAME_DEFAULTS) and not column.generated:
            yield f"ALTER TABLE {quote(table)} ALTER COLUMN {quote(name)} SET DEFAULT CURRENT_TIMESTAMP"
