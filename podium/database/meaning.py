"""The meaning of stored rows after a field has changed, and their conversion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import models

from podium.database import fields
from podium.database.row_queries import Rows
from podium.schema.holdings import Holdings, enum_holding
from podium.schema.stored_changes import (
    Becomes,
    Change,
    Comparison,
    compare,
    enum_changes,
    inverse,
    stored_as,
    translation,
)
from podium.schema.stored_values import Conversion, conversion
from podium.wire.types import WireType, registry
from podium.wire.unreadable import Unreadable

Field = models.Field[Any, Any]

ENUM, JSON = "enum", "JSON"
"""Types of columns without a definition."""
ENUM_OF_OTHERS = "only texts that are the name of a value can be read"


def _definition(field: Field) -> WireType | None:
    """The definition of a column's type, if other types have the same column type."""
    paths = {f"{each.__module__}.{each.__qualname__}": None for each in type(field).__mro__}
    by_field = {each.column.field: each for each in registry.definitions() if each.column.meaning}
    return next((by_field[path] for path in paths if path in by_field), None)


def type_of(field: Field) -> str:
    """The type of a field as in model files, if other types have the same column type; else ""."""
    if isinstance(field, fields.EnumField):
        return ENUM
    if isinstance(field, fields.JSONField):
        return JSON
    kind = _definition(field)
    return kind.name if kind else ""


def _enum_form(field: Field) -> str:
    """The form of enums that a column of this type can become, or come from: "name", "index" or ""."""
    kind = _definition(field)
    return kind.column.meaning.enum if kind and kind.column.meaning else ""


def changes(old: Field, new: Field, becomes: Becomes) -> list[Change]:
    """The effects on existing rows, without those of a column type that holds less."""
    if isinstance(old, fields.JSONField) and isinstance(new, fields.JSONField):
        return compared(old, new, becomes).changes
    if isinstance(old, fields.EnumField) and isinstance(new, fields.EnumField):
        return list(_enum_changes(old, new, becomes))
    if isinstance(old, fields.EnumField) and old.by_index and not old.holdings and _enum_form(new) == "name":
        return [
            Change(
                "is read as String, was an enum: rows have the index of the value as text, "
                "since its migrations do not say what its values were"
            )
        ]
    effect = _effect(old, new)
    return [Change(f"is read as {_shown(new)}, was {_shown(old)}: {effect}")] if effect else []


def _effect(old: Field, new: Field) -> str:
    """ "" where rows keep their meaning: `Uri` to `String`."""
    was, becomes = type_of(old), type_of(new)
    if not was or was == becomes:
        return ""
    before, after = _definition(old), _definition(new)
    if becomes == ENUM:
        meaning = before.column.meaning if before else None
        return (meaning.as_enum if meaning else "") or ENUM_OF_OTHERS
    meaning = after.column.meaning if after else None
    if meaning is None:
        return ""
    return meaning.of.get(was) or ("" if was in meaning.kept else meaning.of_others)


def _shown(field: Field) -> str:
    if isinstance(field, fields.JSONField):
        return field.type
    return next(iter(_holdings(field)), type_of(field))


def _enum_changes(old: fields.EnumField, new: fields.EnumField, becomes: Becomes) -> Iterator[Change]:
    for (name, before), (other, after) in zip(old.holdings.items(), new.holdings.items(), strict=False):
        yield from enum_changes(name, before, after, becomes, other)
        if not new.null:
            for key in becomes:
                if becomes[key] is None and key.startswith(f"{name}."):
                    yield Change(f"{key} becomes null, and the column may not be null", other)
    if not old.holdings and old.by_index != new.by_index:
        yield Change("is stored differently, and its migrations do not have its earlier values")


def compared(old: fields.JSONField, new: fields.JSONField, becomes: Becomes) -> Comparison:
    # If old migrations do not record its contents, only the spelling of the type can be compared.
    return compare(old.type, old.holdings, new.type, new.holdings if old.holdings else {}, becomes)


def _holdings(field: Field) -> Holdings:
    return field.holdings if isinstance(field, fields.EnumField | fields.JSONField) else {}


def rows_of(
    change: Change, old: Field, new: Field, becomes: Becomes, rows: Rows, at: tuple[str, str, str]
) -> str:
    """The rows that a change affects, if the database can be queried. at: table, column, primary key's column."""
    if change.is_converted:
        return ""
    if isinstance(old, fields.JSONField) and isinstance(new, fields.JSONField):
        return rows.those(*at, _is_touched(change, old, new, becomes), is_json=True)
    if isinstance(new, fields.BigIntField):
        return rows.those(
            *at, lambda value: isinstance(new.from_db_value(value, None, rows.connection), Unreadable)
        )
    if change.gone:
        return rows.holding(*at, change.gone)
    if change.is_of_unknown:
        known = [stored for holding in _holdings(old).values() for stored in stored_as(holding).values()]
        return rows.not_holding(*at, known)
    if isinstance(new, fields.EnumField) and _enum_form(old):
        return rows.not_holding(*at, list(values(old, new, becomes) or {}))
    return ""


def _is_touched(
    change: Change, old: fields.JSONField, new: fields.JSONField, becomes: Becomes
) -> Callable[[Any], bool]:
    """Return whether a stored JSON value has a removed part, or can't be read after conversion."""
    convert = json_conversion(old, new, becomes)

    def test(value: Any) -> bool:
        if convert is not None:
            convert.unknown.clear()
            value = convert(value)
            if change.gone:
                return any(stored in change.gone for _, stored in convert.unknown)
        return isinstance(new.from_json(value), Unreadable)

    return test


# Converting ---------------------------------------------------------------------------------------------------------


def values(old: Field, new: Field, becomes: Becomes) -> dict[str | int, str | int | None] | None:
    """Map each stored value of a column to its new value; None if the column is not an enum's before or after.

    Values without a mapping are missing.
    """
    between = enum_between(old, new)
    if between is None:
        return None
    name, before, after = between
    return translation(name, before, after, becomes)


def enum_between(old: Field, new: Field) -> tuple[str, Mapping[str, Any], Mapping[str, Any]] | None:
    """The enum's name, and its values before and after; a text or a number counts as having the same values."""
    [before] = _holdings(old).items() if isinstance(old, fields.EnumField) and old.holdings else [("", {})]
    [after] = _holdings(new).items() if isinstance(new, fields.EnumField) and new.holdings else [("", {})]
    if before[0] and after[0]:
        return before[0], before[1], after[1]
    if before[0] and (form := _enum_form(new)):
        return *before, enum_holding(before[1]["values"], form == "index", "")
    if after[0] and (form := _enum_form(old)):
        return after[0], enum_holding(after[1]["values"], form == "index", ""), after[1]
    return None


def is_conversion(old: Field, new: Field, becomes: Becomes) -> bool:
    """Return whether rows have to be converted or checked."""
    if isinstance(old, fields.JSONField) and isinstance(new, fields.JSONField):
        return json_conversion(old, new, becomes) is not None
    found = values(old, new, becomes)
    if found is None:
        return False
    comes_from_other = not isinstance(old, fields.EnumField)
    _, before, _ = enum_between(old, new) or ("", {"values": ()}, {})
    is_complete = len(found) >= len(before["values"])
    return comes_from_other or not is_complete or any(stored != target for stored, target in found.items())


def json_conversion(old: fields.JSONField, new: fields.JSONField, becomes: Becomes) -> Conversion | None:
    return conversion(old.type, compared(old, new, becomes), becomes)


def reversed_becomes(old: Field, new: Field, becomes: Becomes) -> dict[str, str | None]:
    """The mapping of new names to old ones, for reversing a migration."""
    if isinstance(old, fields.JSONField) and isinstance(new, fields.JSONField):
        return inverse(compared(old, new, becomes), becomes)
    between = enum_between(old, new)
    if between is None:
        return {}
    name, before, after = between
    back = next(iter(_holdings(new)), name)
    found = Comparison({name: dict(before)}, {back: dict(after)}, becomes, enums={name: back})
    return inverse(found, becomes)
