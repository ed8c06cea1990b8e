"""The tables that the models need, as Postgres describes them: created in an empty schema and rolled back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import ProgrammingError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from psycopg.errors import InsufficientPrivilege

from podium.database import prepare
from podium.database.drift import catalog

SCHEMA = "podium_desired"


class MayNotCompare(Exception):
    """The database's user may not create a schema."""


def models_after(
    executor: MigrationExecutor, migrations: Collection[tuple[str, str]]
) -> list[type[models.Model]]:
    """The models with tables to create, in the state after these migrations, each (app, name)."""
    loader = executor.loader
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for migration, _ in executor.migration_plan(loader.graph.leaf_nodes(), clean_start=True):
        if (migration.app_label, migration.name) in migrations:
            migration.mutate_state(state, preserve=False)
    return [
        model
        for model in state.apps.get_models()
        if model._meta.app_label in loader.migrated_apps and model._meta.can_migrate(executor.connection)
    ]


def tables(
    connection: BaseDatabaseWrapper, wanted: Collection[type[models.Model]]
) -> dict[str, catalog.Table]:
    """The tables of these models, by name. Leaves nothing behind.

    Raises MayNotCompare.
    """
    with _taken_back(connection), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        [[path]] = cursor.fetchall()
        _create_schema(cursor)
        cursor.execute(f"SET LOCAL search_path = {SCHEMA}, {path}")
        for sql in prepare.needed(columns(wanted).values()):
            cursor.execute(sql)
        with connection.schema_editor(atomic=False) as editor:
            for model in wanted:
                editor.create_model(model)
        return catalog.read(cursor)


def columns(wanted: Collection[type[models.Model]]) -> dict[tuple[str, str], models.Field[Any, Any]]:
    """(table, column) -> the field that it comes from."""
    return {
        (model._meta.db_table, str(field.column)): field
        for model in wanted
        for field in model._meta.local_concrete_fields
    }


def table_names(wanted: Collection[type[models.Model]]) -> set[str]:
    """The names of their tables, including those of many-to-many relations."""
    between = {field.m2m_db_table() for model in wanted for field in model._meta.local_many_to_many}
    return between | {model._meta.db_table for model in wanted}


def _create_schema(cursor: CursorWrapper) -> None:
    try:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise MayNotCompare from error
        raise


@contextmanager
def _taken_back(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with transaction.atomic(connection.alias):
        yield
        transaction.set_rollback(True, connection.alias)
