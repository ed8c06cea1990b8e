"""Changes of migrations that could lose data, alter the meaning of stored values, or fail on existing rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AlterField,
    CreateModel,
    DeleteModel,
    RemoveField,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import resolve_relation
from django.db.models import BaseConstraint, UniqueConstraint

from podium.database import meaning
from podium.database.constraints import ForeignKeyConstraint, RuleConstraint
from podium.database.conversion import AlterValues
from podium.database.losses import Loss
from podium.database.renames import column_of, table_of
from podium.database.row_queries import Rows
from podium.database.widening import is_wider

Field = models.Field[Any, Any]


def losses(before: ProjectState, changes: Mapping[str, list[Migration]], rows: Rows) -> list[Loss]:
    """Possible losses of these migrations, by app, in their order."""
    state = before.clone()
    found: list[Loss] = []
    for app, migrations in changes.items():
        new: set[str] = set()
        for operation in (operation for migration in migrations for operation in migration.operations):
            if isinstance(operation, CreateModel):
                new.add(operation.name_lower)
            after = state.clone()
            operation.state_forwards(app, after)
            if getattr(operation, "model_name_lower", "") not in new:
                found += _of_operation(app, operation, state, after, rows)
            state = after
    dropped = {loss.table for loss in found if not loss.column}
    return [loss for loss in found if not loss.column or loss.table not in dropped]


def _of_operation(
    app: str, operation: Operation, before: ProjectState, after: ProjectState, rows: Rows
) -> Iterator[Loss]:
    if isinstance(operation, DeleteModel):
        model = before.models[app, operation.name_lower]
        if _has_table(model):
            yield Loss(app, table_of(model), "", "is dropped")
    if isinstance(operation, AddConstraint):
        yield from _new_constraint(
            before.models[app, operation.model_name_lower], operation.constraint, before, rows
        )
    if not isinstance(operation, AddField | AlterField | RemoveField):
        return
    model = before.models[app, operation.model_name_lower]
    if not _has_table(model):
        return
    if isinstance(operation, RemoveField):
        yield from _removed(model, operation.name, model.fields[operation.name])
        return
    # From the operation: the state does not contain a default that was given for existing rows only.
    new, column = operation.field, column_of(operation.name, operation.field)
    if column is None:
        return
    if isinstance(operation, AddField):
        if _needs_value(new):
            text = "is new, required and has no default: `migrate` fails if the table has rows"
            count = rows.all(table_of(model))
            yield Loss(app, table_of(model), column, text, f"{count} now" if count else "")
        return
    old = model.fields[operation.name]
    stored_in = column_of(operation.name, old) or column
    if _needs_value(new) and old.null:
        text = "becomes required and has no default: `migrate` fails on rows without a value"
        yield Loss(
            app, table_of(model), column, text, rows.without(table_of(model), stored_in, key_of(model))
        )
    yield from _changed(operation, model, old, before, after, rows)


def _changed(
    operation: AlterField,
    model: ModelState,
    old: Field,
    before: ProjectState,
    after: ProjectState,
    rows: Rows,
) -> Iterator[Loss]:
    """Losses from another type, or from the same type with another meaning."""
    app, table, new = model.app_label, table_of(model), operation.field
    column, stored_in = column_of(operation.name, new) or "", column_of(operation.name, old) or ""
    was, becomes = (_type(before, model, old, rows.connection), _type(after, model, new, rows.connection))
    is_converted = isinstance(operation, AlterValues)
    if was and becomes and not is_wider(becomes, was) and not is_converted:
        yield Loss(app, table, column, f"becomes {becomes}, was {was}: not every value fits")
        return
    parents = (_parent(before, model, old), _parent(after, model, new))
    if all(parents) and parents[0] != parents[1]:
        text = f"refers to {parents[1]}, was to {parents[0]}: the keys stay as they are"
        yield Loss(app, table, column, text, alters=True)
    said = operation.becomes if isinstance(operation, AlterValues) else {}
    at = (table, stored_in, key_of(model))
    for change in meaning.changes(old, new, said):
        found = meaning.rows_of(change, old, new, said, rows, at)
        yield Loss(
            app,
            table,
            column,
            change.text,
            found,
            alters=True,
            definition=change.definition,
            value=change.value,
        )


def _new_constraint(
    model: ModelState, constraint: BaseConstraint, before: ProjectState, rows: Rows
) -> Iterator[Loss]:
    """Existing rows that a new constraint would fail on."""
    columns = [column_of(name, model.fields[name]) or "" for name in getattr(constraint, "fields", ())]
    app, table = model.app_label, table_of(model)
    if isinstance(constraint, UniqueConstraint) and columns and constraint.condition is None:
        distinct = constraint.nulls_distinct is not False
        if found := rows.repeated(table, columns, key_of(model), nulls_distinct=distinct):
            text = f"would be unique ({constraint.name}), and {found}"
            yield Loss(app, table, ", ".join(columns), text)
    if isinstance(constraint, RuleConstraint):
        [name] = constraint.fields
        quoted = rows.connection.ops.quote_name(columns[0])
        if found := rows.breaking(table, key_of(model), constraint.condition(model.fields[name], quoted)):
            text = f"gets the rule @{constraint.rule.name}: `migrate` fails on rows that break it"
            yield Loss(app, table, columns[0], text, found)
    if isinstance(constraint, ForeignKeyConstraint):
        [name] = constraint.fields
        parent = _target(before, model, model.fields[name])
        if parent is not None and (
            found := rows.orphans(table, columns[0], key_of(model), table_of(parent), key_of(parent))
        ):
            yield Loss(
                app, table, columns[0], f"would refer to {table_of(parent)}, which lacks the keys of {found}"
            )


def _parent(state: ProjectState, model: ModelState, field: Field) -> str:
    """The table that a column refers to; "" for none."""
    target = _target(state, model, field)
    return table_of(target) if target and not field.many_to_many else ""


def _target(state: ProjectState, model: ModelState, field: Field) -> ModelState | None:
    if field.remote_field is None:
        return None
    return state.models.get(resolve_relation(field.remote_field.model, model.app_label, model.name_lower))


def key_of(model: ModelState) -> str:
    """The column of a model's primary key."""
    return next(
        (column_of(name, field) or "" for name, field in model.fields.items() if field.primary_key), "id"
    )


def _removed(model: ModelState, name: str, field: Field) -> Iterator[Loss]:
    column = column_of(name, field)
    if column is not None and not field.generated:
        yield Loss(model.app_label, table_of(model), column, "is dropped")
    elif field.many_to_many and not getattr(field.remote_field, "through", None):
        table = field.db_table or f"{table_of(model)}_{name}"  # type: ignore[attr-defined]  # of a ManyToManyField
        yield Loss(model.app_label, table, "", "is dropped")


def _has_table(model: ModelState) -> bool:
    return bool(model.options.get("managed", True)) and not model.options.get("proxy")


def _needs_value(field: Field) -> bool:
    """Return whether existing rows need a value that nothing provides."""
    filled = (field.blank and field.empty_strings_allowed) or getattr(field, "auto_now", False)
    has_default = field.default not in (models.NOT_PROVIDED, None) or field.has_db_default()
    return not (field.null or filled or has_default or field.generated or isinstance(field, models.AutoField))


def _type(state: ProjectState, model: ModelState, field: Field, connection: BaseDatabaseWrapper) -> str:
    """The type of a field's column; "" if the state does not show it."""
    if field.remote_field is None:
        return str(field.db_type(connection) or "")
    target = _target(state, model, field)
    keys = [one for one in target.fields.values() if one.primary_key] if target else []
    return "".join(str(key.rel_db_type(connection)) for key in keys if not key.is_relation)
