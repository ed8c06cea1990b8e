"""A list as a client asks for it, checked against the model's field rules. Fields have their names on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db.models import Model

from podium.access.errors import FieldRefused
from podium.access.fields import field_rules
from podium.rows import operators
from podium.rows.errors import FilterRefused, LimitRefused
from podium.rows.operators import MOST_VALUES, Operator
from podium.wire.classes import WireField

LIMIT = 50
"""Rows of a page if the client names no limit."""
MOST_ROWS = 1000
"""Maximum rows of a page, of a bulk change, and of related rows with one answer."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. value: as the attribute of the field has it; a list for `in`, a truth value for `isNull`."""

    field: WireField
    operator: Operator
    value: Any

    def __post_init__(self) -> None:
        """Raise FilterRefused (400) for a list that is too long."""
        if self.operator is operators.IN and len(self.value) > MOST_VALUES:
            raise FilterRefused(text=f"{self.field.key}: more than {MOST_VALUES} values.")


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by."""

    field: WireField
    descending: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.field.key}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a model's rows.

    where   all must hold
    order   by the key if empty; the key is always the last
    limit   1 to MOST_ROWS
    after   the cursor of the page before; "" for the first
    expand  relations to load
    """

    model: type[Model]
    where: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int = LIMIT
    after: str = ""
    expand: tuple[WireField, ...] = ()


def filter_field(model: type[Model], key: str) -> WireField:
    """Return a field that clients may filter and sort by. Raises FieldRefused (400) with the fields that there are."""
    return _find(model, key, field_rules(model).filter, "filter or sort by")


def expand_field(model: type[Model], key: str) -> WireField:
    """Return a relation that clients may expand. Raises FieldRefused (400)."""
    return _find(model, key, field_rules(model).expand, "expand")


def operator_of(field: WireField, name: str) -> Operator:
    """Return an operator of a field by its name. Raises FieldRefused (400)."""
    known = operators.of_field(field.type)
    if not known:
        raise FieldRefused(text=f"{field.key!r} can't be filtered: its type has no filters.", field=field.key)
    if name not in known:
        others = ", ".join(filter(None, known)) or "only equality"
        raise FieldRefused(
            text=f"{field.key!r} can't be filtered by {name[:100]!r}. Allowed: {others}.", field=field.key
        )
    return known[name]


def checked_limit(limit: int) -> int:
    """Return a limit that is allowed. Raises LimitRefused (400)."""
    if not 1 <= limit <= MOST_ROWS:
        raise LimitRefused(text=f"{limit} is not a valid limit: expected 1 to {MOST_ROWS}.")
    return limit


def _find(model: type[Model], key: str, fields: tuple[WireField, ...], action: str) -> WireField:
    for field in fields:
        if field.key == key:
            return field
    keys = [field.key for field in fields]
    near = get_close_matches(key[:100], keys, 1)
    hint = f" Did you mean {near[0]!r}?" if near else f" Allowed: {', '.join(keys) or 'none'}."
    raise FieldRefused(text=f"Clients can't {action} {key[:100]!r}.{hint}", field=key[:100])
