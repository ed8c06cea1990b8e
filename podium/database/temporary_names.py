"""Temporary names for tables and columns whose new name is still taken: `a` and `b` swap, `a` to `b` to `c`.

Django renames them one after the other, and the first finds its new name taken. So the other gets a temporary name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.management.base import CommandError
from django.db.migrations import Migration
from django.db.migrations.operations import AlterField, AlterModelTable
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from podium.database.renames import column_of, table_of

Changes = Mapping[str, list[Migration]]

ENDING = "_moving"
NAME_LENGTH = 63
"""NAMEDATALEN - 1 of Postgres."""


@dataclass(frozen=True)
class Taken:
    """A table or column whose name goes to another model or field.

    field, new_field   "" for a table
    is_known           the model or field that takes the name had another name before, and has rows
    """

    app: str
    model: str
    new_model: str
    table: str
    is_known: bool
    field: str = ""
    new_field: str = ""
    column: str = ""


def free(before: ProjectState, changes: Changes) -> list[Taken]:
    """Add the needed operations to these migrations. Returns the tables and columns that give up their names.

    Raises CommandError if a table's name goes to another app, because migrations of two apps have no order.
    """
    found: list[Taken] = []
    state = before.clone()
    for app, migrations in changes.items():
        for migration in migrations:
            operations: list[Operation] = []
            for operation in migration.operations:
                after = state.clone()
                operation.state_forwards(app, after)
                taken = list(_taken(app, state, after))
                for each in (*(_parked(state, one) for one in taken), operation):
                    each.state_forwards(app, state)
                    operations.append(each)
                found += taken
            migration.operations[:] = operations  # type: ignore[index]  # a list, whatever the stubs say
    return found


def _taken(app: str, before: ProjectState, after: ProjectState) -> Iterator[Taken]:
    tables = {table_of(model): key for key, model in before.models.items() if _has_table(model)}
    for key, model in after.models.items():
        if not _has_table(model):
            continue
        table, old = table_of(model), before.models.get(key)
        holder = tables.get(table)
        if holder and holder != key and holder in after.models and (not old or table_of(old) != table):
            if holder[0] != app:
                raise CommandError(
                    f"the table {table} of {holder[0]} becomes one of {app} in the same step, and migrations of two "
                    f"apps have no order. First give the class in {holder[0]} another table, and run makemigrations"
                )
            if table_of(after.models[holder]) == table:
                yield Taken(app, before.models[holder].name, model.name, table, old is not None)
        if old is not None and key[0] == app:
            yield from _taken_columns(app, old, model)


def _taken_columns(app: str, old: ModelState, model: ModelState) -> Iterator[Taken]:
    columns = {column: name for name, field in old.fields.items() if (column := column_of(name, field))}
    for name, field in model.fields.items():
        column = column_of(name, field)
        holder = columns.get(column, name) if column else name
        if holder != name and holder in model.fields and column_of(holder, model.fields[holder]) == column:
            yield Taken(
                app, old.name, model.name, table_of(old), name in old.fields, holder, name, column or ""
            )


def _parked(state: ProjectState, taken: Taken) -> Operation:
    if not taken.field:
        return AlterModelTable(taken.model, taken.table[: NAME_LENGTH - len(ENDING)] + ENDING)
    field = state.models[taken.app, taken.model.lower()].fields[taken.field].clone()
    field.db_column = taken.column[: NAME_LENGTH - len(ENDING)] + ENDING
    return AlterField(taken.model, taken.field, field)


def _has_table(model: ModelState) -> bool:
    return bool(model.options.get("managed", True)) and not model.options.get("proxy")
