"""Rows from clients: only the fields that the rules let clients write are taken. The rules themselves are in access."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django.db.models import Model

from podium.access import rows
from podium.access.callers import By
from podium.access.conditions import Action
from podium.access.errors import FieldRefused
from podium.access.fields import field_rules
from podium.rows.refusals import translated
from podium.wire.classes import WireField

Values = Mapping[str, Any]
"""Attributes of a row -> their values."""


def field_to_write(model: type[Model], action: Action, key: str) -> WireField:
    """Return a field that clients write in an action, by its name on the wire. Raises FieldRefused (400)."""
    fields = field_rules(model).writable(action)
    for field in fields:
        if field.key == key:
            return field
    near = get_close_matches(key[:100], [field.key for field in fields], 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise FieldRefused(text=f"Clients can't write {key[:100]!r} here.{hint}", field=key[:100])


def values_of(row: Model, action: Action, fields: Iterable[WireField] | None = None) -> dict[str, Any]:
    """Return what an object that a client sent says about the fields that clients write, or about some of them."""
    among = field_rules(type(row)).writable(action) if fields is None else fields
    return {each.attribute: getattr(row, each.attribute) for each in among}


def create(model: type[Model], given: Sequence[Values], by: By) -> list[Any]:
    """Store new rows, all or none. Raises RowRefused (403), SignInNeeded (401), and the errors of refusals.py."""
    with translated(model, "create", given, by):
        return rows.create([model(**values) for values in given], by)


def update(
    model: type[Model],
    given: Mapping[Any, Values],
    by: By,
    *,
    check: Callable[[Sequence[Any]], None] | None = None,
) -> list[Any]:
    """Change rows, all or none: key -> values.

    check  is called with the locked rows; what it raises prevents the change

    Raises RowNotFound (404), RowRefused (403), SignInNeeded (401), and the errors of refusals.py.
    """
    with translated(model, "update", list(given.values()), by):
        return rows.update(model, given, by, check=check)


def delete(
    model: type[Model], keys: Sequence[Any], by: By, *, check: Callable[[Sequence[Any]], None] | None = None
) -> None:
    """Delete rows, all or none. Raises RowNotFound (404), RowInUse (409)."""
    with translated(model, "delete", (), by):
        rows.delete(model, keys, by, check=check)
