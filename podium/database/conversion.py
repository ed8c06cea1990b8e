"""AlterValues: the operation of migrations that converts stored values when an enum, or a class in JSON, changes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.db import models
from django.db.migrations.operations import AlterField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from podium.database import fields, meaning
from podium.schema.stored_changes import Becomes
from podium.schema.stored_values import Conversion
from podium.wire import codecs

Field = models.Field[Any, Any]
Model = type[models.Model]

ROWS_AT_ONCE = 1000
SHOWN_ROWS = 3
SHOWN_VALUES = 5


class UnknownValues(CommandError):
    """Rows hold values without a mapping. The transaction of the migration is rolled back."""


class AlterValues(AlterField):
    """An AlterField that converts stored values, and refuses values without a mapping.

    becomes   new names of stored names, if they differ: {"Color.red": "crimson"}; None is NULL

    An enum's column is converted by one ALTER TABLE with a CASE, JSON row by row. When reversed, the new names become
    the old ones again; if several values became one, it becomes the first of them.
    """

    def __init__(
        self,
        model_name: str,
        name: str,
        field: Field,
        preserve_default: bool = True,
        becomes: Mapping[str, str | None] | None = None,
    ) -> None:
        self.becomes = dict(becomes or {})
        super().__init__(model_name, name, field, preserve_default)

    def deconstruct(self) -> Any:
        name, args, kwargs = super().deconstruct()
        if self.becomes:
            kwargs["becomes"] = self.becomes
        return name, args, kwargs

    def describe(self) -> str:
        shown = ", ".join(f"{old}={new or 'null'}" for old, new in self.becomes.items())
        return f"Alter field {self.name} on {self.model_name} and convert its values{shown and f': {shown}'}"

    def reduce(self, operation: Operation, app_label: str) -> Any:
        if isinstance(operation, AlterField) and self.is_same_field_operation(operation):
            return False  # the second would meet values that the first has not converted
        return super().reduce(operation, app_label)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._alter(app_label, schema_editor, from_state, to_state, is_back=False)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._alter(app_label, schema_editor, from_state, to_state, is_back=True)

    def _alter(
        self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState, *, is_back: bool
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(editor.connection.alias, model):
            return
        old = model._meta.get_field(self.name)
        new = to_state.apps.get_model(app_label, self.model_name)._meta.get_field(self.name)
        becomes = meaning.reversed_becomes(new, old, self.becomes) if is_back else self.becomes
        if not self.preserve_default:
            new.default = self.field.default
        if isinstance(old, fields.JSONField) and isinstance(new, fields.JSONField):
            _convert_json(editor, model, old, meaning.json_conversion(old, new, becomes))
            editor.alter_field(model, old, new)
        else:
            self._check_targets(old, new, becomes)
            _convert_column(editor, model, old, new, meaning.values(old, new, becomes) or {})
        if not self.preserve_default:
            new.default = models.NOT_PROVIDED

    def _check_targets(self, old: Field, new: Field, becomes: Becomes) -> None:
        _, _, after = meaning.enum_between(old, new) or ("", {}, {"values": ()})
        for key, target in becomes.items():
            if target is not None and target not in after["values"]:
                raise UnknownValues(
                    f"its AlterValues of {self.model_name}.{self.name} says that {key} becomes {target!r}, which is "
                    f"not one of {', '.join(after['values'])}"
                )


# An enum's column ---------------------------------------------------------------------------------------------------


def _convert_column(
    editor: Any, model: Model, old: Field, new: Field, values: Mapping[str | int, str | int | None]
) -> None:
    table, column = editor.quote_name(model._meta.db_table), editor.quote_name(old.column)
    if not editor.collect_sql:
        _refuse_others(editor, model, old, new, values)
    type = new.db_type(editor.connection)
    between = _between(old, new)
    if type != old.db_type(editor.connection) or any(stored != target for stored, target in values.items()):
        changes = [f"ALTER COLUMN {column} DROP DEFAULT"]
        if between.null and not old.null:
            changes.append(f"ALTER COLUMN {column} DROP NOT NULL")
        cases = " ".join("WHEN %s THEN %s" for _ in values)
        using = f"CASE {column} {cases} END" if values else f"NULL::{type}"
        changes.append(f"ALTER COLUMN {column} TYPE {type} USING ({using})::{type}")
        editor.execute(
            f"ALTER TABLE {table} {', '.join(changes)}", [each for pair in values.items() for each in pair]
        )
    else:
        between.db_default = old.db_default
    editor.alter_field(model, between, new)


def _between(old: Field, new: Field) -> Field:
    """The field after its values are converted, before Django applies the other changes."""
    found = copy.copy(new)
    found.null = old.null or new.null
    found.db_default = models.NOT_PROVIDED
    found.db_column, found.column = old.db_column, old.column
    found._unique, found.db_index = old._unique, old.db_index  # type: ignore[attr-defined]
    vars(found).pop("unique", None)  # Django caches it after the first access
    return found


def _refuse_others(
    editor: Any, model: Model, old: Field, new: Field, values: Mapping[str | int, str | int | None]
) -> None:
    table, column = editor.quote_name(model._meta.db_table), editor.quote_name(old.column)
    key = editor.quote_name(model._meta.pk.column)
    with editor.connection.cursor() as cursor:
        _lock(editor, cursor, table, "ACCESS EXCLUSIVE")  # ALTER TABLE would take this lock anyway
        cursor.execute(
            f"SELECT {column}, count(*), (array_agg({key} ORDER BY {key}))[1:{SHOWN_ROWS}] FROM {table}"
            f" WHERE {column} <> ALL(%s) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {SHOWN_VALUES}",
            [list(values)],
        )
        found = cursor.fetchall()
    if found:
        name = next(iter([*_names(old), *_names(new)]), "")
        shown = "; ".join(f"{value!r} in {_rows(count, ids)}" for value, count, ids in found)
        raise UnknownValues(
            _refusal(model, old, shown, [f"{name}.{_value_name(old, stored)}" for stored, _, _ in found])
        )


def _lock(editor: Any, cursor: Any, table: str, mode: str) -> None:
    """Lock the table until the migration ends. A migration that is not atomic can't: run it while nobody writes."""
    if editor.connection.in_atomic_block:
        cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")


def _names(field: Field) -> list[str]:
    return list(field.holdings) if isinstance(field, fields.EnumField) else []


def _value_name(field: Field, stored: Any) -> str:
    """The name of a stored value, as in `becomes`; the value itself if it has no name."""
    for holding in field.holdings.values() if isinstance(field, fields.EnumField) else ():
        if holding.get("by_index") and 0 <= stored < len(holding["values"]):
            return str(holding["values"][stored])
    return str(stored)


def _rows(count: int, ids: list[Any]) -> str:
    shown = ", ".join(map(str, ids)) + (", ..." if count > len(ids) else "")
    return f"{count} {'row' if count == 1 else 'rows'} (id {shown})"


def _refusal(model: Model, field: Field, shown: str, keys: list[str]) -> str:
    becomes = ", ".join(f"{key!r}: ..." for key in keys)
    return (
        f"column {model._meta.db_table}.{field.column} holds values without a mapping: {shown}. "
        f"Add the mapping to the migration's AlterValues, becomes={{{becomes}}}, or change the rows; "
        "then run migrate again"
    )


# JSON ---------------------------------------------------------------------------------------------------------------


def _convert_json(editor: Any, model: Model, field: fields.JSONField, convert: Conversion | None) -> None:
    if convert is None:
        return
    table, column = editor.quote_name(model._meta.db_table), editor.quote_name(field.column)
    if editor.collect_sql:
        editor.collected_sql.append(f"-- The values in {table}.{column} are converted row by row.")
        return
    key = editor.quote_name(model._meta.pk.column)
    last: Any = None
    unknown: dict[tuple[str, str | int], list[Any]] = {}
    with editor.connection.cursor() as cursor:
        _lock(editor, cursor, table, "SHARE ROW EXCLUSIVE")  # concurrent changes would be overwritten
        while rows := _next_rows(cursor, table, column, key, last):
            last = rows[-1][0]
            changed = []
            for row, text in rows:
                before = codecs.loads(text)
                convert.unknown.clear()
                after = convert(before)
                for each in convert.unknown:
                    unknown.setdefault(each, []).append(row)
                if after != before:
                    changed.append((codecs.dumps(after).decode(), row))
            if changed and not unknown:
                cursor.executemany(
                    f"UPDATE {table} SET {column} = %s::{field.db_type(editor.connection)} WHERE {key} = %s",
                    changed,
                )
    if unknown:
        shown = "; ".join(
            f"{name} {value!r} in {_rows(len(ids), ids[:SHOWN_ROWS])}"
            for (name, value), ids in unknown.items()
        )
        keys = [f"{name}.{_json_name(field, name, value)}" for name, value in unknown]
        raise UnknownValues(_refusal(model, field, shown, keys))


def _json_name(field: fields.JSONField, name: str, value: Any) -> str:
    holding = field.holdings[name]
    is_index = holding.get("by_index") and isinstance(value, int) and 0 <= value < len(holding["values"])
    return str(holding["values"][value] if is_index else value)


def _next_rows(cursor: Any, table: str, column: str, key: str, last: Any) -> list[Any]:
    after = "" if last is None else f" AND {key} > %s"
    cursor.execute(
        f"SELECT {key}, {column}::text FROM {table} WHERE {column} IS NOT NULL{after}"
        f" ORDER BY {key} LIMIT {ROWS_AT_ONCE}",
        [] if last is None else [last],
    )
    return cursor.fetchall()  # type: ignore[no-any-return]
