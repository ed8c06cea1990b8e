"""Which changes of migrations could lose data, or fail on the rows that are there. Asks no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.operations import AddField, AlterField, CreateModel, DeleteModel, RemoveField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import resolve_relation

from database.renames import column_of, table_of
from database.widening import is_wider
from schema import project
from schema.definitions import Protocol

Field = models.Field[Any, Any]


@dataclass(frozen=True)
class Loss:
    """A change that could lose data. `what` reads "column note.body", `text` goes on: "is dropped"."""

    app: str
    table: str
    column: str
    text: str

    @property
    def what(self) -> str:
        return f"column {self.table}.{self.column}" if self.column else f"table {self.table}"


def losses(
    before: ProjectState, changes: Mapping[str, Sequence[Migration]], connection: BaseDatabaseWrapper
) -> list[Loss]:
    """What could be lost by these migrations, by app, in their order."""
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
                found += _of_operation(app, operation, state, after, connection)
            state = after
    dropped = {loss.table for loss in found if not loss.column}
    return [loss for loss in found if not loss.column or loss.table not in dropped]


def describe(found: Sequence[Loss]) -> str:
    """A line for each, with the place in the model file."""
    roots = {loss.app: Path(apps.get_app_config(loss.app).path).parent for loss in found}
    protocols = {root: project.load(root)[0] for root in set(roots.values())}
    return "\n".join(
        f"  {_place(loss, protocols[roots[loss.app]])}: {loss.what} {loss.text}" for loss in found
    )


def _of_operation(
    app: str, operation: Operation, before: ProjectState, after: ProjectState, connection: BaseDatabaseWrapper
) -> Iterator[Loss]:
    if isinstance(operation, DeleteModel):
        model = before.models[app, operation.name_lower]
        if _has_table(model):
            yield Loss(app, table_of(model), "", "is dropped")
    if not isinstance(operation, AddField | AlterField | RemoveField):
        return
    model = before.models[app, operation.model_name_lower]
    if not _has_table(model):
        return
    if isinstance(operation, RemoveField):
        yield from _removed(model, operation.name, model.fields[operation.name])
        return
    # As the operation has it: a default that was given for the rows that are there is not in the state.
    new, column = operation.field, column_of(operation.name, operation.field)
    if column is None:
        return
    old = model.fields[operation.name] if isinstance(operation, AlterField) else None
    if _needs_value(new) and (old is None or old.null):
        text = "becomes required and has no default: `migrate` fails on rows without a value"
        if old is None:
            text = "is new, required and has no default: `migrate` fails where the table has rows"
        yield Loss(app, table_of(model), column, text)
    if old is not None:
        was, becomes = (_type(before, model, old, connection), _type(after, model, new, connection))
        if was and becomes and not is_wider(becomes, was):
            yield Loss(app, table_of(model), column, f"becomes {becomes}, was {was}: not every value fits")


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
    """Whether a row that is there must be given a value, and nothing says which."""
    filled = (field.blank and field.empty_strings_allowed) or getattr(field, "auto_now", False)
    has_default = field.default not in (models.NOT_PROVIDED, None) or field.has_db_default()
    return not (field.null or filled or has_default or field.generated or isinstance(field, models.AutoField))


def _type(state: ProjectState, model: ModelState, field: Field, connection: BaseDatabaseWrapper) -> str:
    """The type of a field's column; "" where it can't be told from the state."""
    if field.remote_field is None:
        return str(field.db_type(connection) or "")
    target = state.models.get(resolve_relation(field.remote_field.model, model.app_label, model.name_lower))
    keys = [one for one in target.fields.values() if one.primary_key] if target else []
    return "".join(str(key.rel_db_type(connection)) for key in keys if not key.is_relation)


def _place(loss: Loss, protocol: Protocol) -> str:
    """ "example/note.spy.yaml:3", where a model file has the table; else the app."""
    definition = protocol.find_table(loss.table)
    if definition is None:
        return loss.app
    field = next((one for one in definition.fields if loss.column and one.column == loss.column), definition)
    return f"{definition.position.file}:{field.position.line}"
