"""Rows that the database refuses, as errors for clients: a value that is taken, a reference to a row that is not there.

A reference to a row that the caller can't see is answered like one to a row that does not exist, where the access rules
look at that row. Otherwise clients could find out which keys exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.db import DataError, IntegrityError
from django.db.models import ForeignKey, Model
from django.db.models.constants import LOOKUP_SEP
from psycopg import errors

from podium.access.alternatives import Alternative, Atom, Not, Some, alternatives
from podium.access.callers import By
from podium.access.conditions import Action
from podium.access.errors import RowRefused
from podium.access.fields import field_rules
from podium.access.rows import visible
from podium.access.rules import when_added
from podium.core.errors import PodiumError
from podium.database import failures
from podium.database.failures import cause_of
from podium.rows.errors import ReferenceNotFound, RowInUse, ValueRefused, ValueTaken
from podium.wire.classes import WireField

Values = Mapping[str, Any]
KEY = re.compile(r"Key \((.+?)\)=\((.*)\) ", re.DOTALL)
"""The columns and values in the detail of Postgres's errors."""


@contextmanager
def translated(model: type[Model], action: Action, given: Sequence[Values], by: By) -> Iterator[None]:
    """Raise errors for clients instead of those of the database, of changes to a model's rows in the block.

    given  the attributes that a client wrote; the error says which row is meant, if there are several

    Raises ValueTaken, RowInUse (409), ReferenceNotFound, ValueRefused (400). Other errors pass.
    """
    try:
        yield
    except RowRefused:
        if unseen := _unseen_reference(model, action, given, by):
            raise unseen from None
        raise
    except (IntegrityError, DataError) as error:
        refusal = _refusal(model, action, given, by, cause_of(error))
        if refusal is None:
            raise
        raise refusal from error


def _refusal(
    model: type[Model], action: Action, given: Sequence[Values], by: By, cause: psycopg.Error | None
) -> PodiumError | None:
    if action == "delete":
        is_used = isinstance(cause, errors.ForeignKeyViolation | errors.RestrictViolation)
        return RowInUse(model=model.__name__) if is_used else None
    match cause:
        case errors.UniqueViolation() | errors.ExclusionViolation():
            return _taken(model, given, cause)
        case errors.ForeignKeyViolation():
            return _unseen_reference(model, action, given, by) or ReferenceNotFound()
        case errors.CheckViolation():
            return failures.refusal(cause) or ValueRefused(text="The database refuses a value.")
        case errors.NotNullViolation():
            field = _by_column(model).get(cause.diag.column_name or "")
            if field is None or field not in field_rules(model).writable(action):
                return None  # a fault of the rules: the server does not fill the column in
            return ValueRefused(text=f"{field.key}: expected a value.", field=field.key)
        case psycopg.DataError():
            return ValueRefused(text="The database refuses a value.")
    return None


def _taken(model: type[Model], given: Sequence[Values], cause: psycopg.Error) -> ValueTaken:
    """Name the fields that clients see; of several rows, the last one with this value."""
    found = KEY.match(cause.diag.message_detail or "")
    if found is None:
        return ValueTaken()
    columns = [each.strip('" ') for each in found[1].split(",")]
    fields = [field for each in columns if (field := _by_column(model).get(each)) is not None]
    if not fields:
        return ValueTaken()
    keys = ", ".join(each.key for each in fields)
    details: dict[str, Any] = {"text": f"{keys}: this value is taken.", "field": keys}
    if len(given) > 1 and len(columns) == 1:
        attribute = fields[0].attribute
        same = [number for number, values in enumerate(given) if str(values.get(attribute)) == found[2]]
        details |= {"index": same[-1]} if same else {}
    return ValueTaken(**details)


def _by_column(model: type[Model]) -> dict[str, WireField]:
    """The fields that clients read or write, by the name of the column."""
    found = field_rules(model)
    columns = {each.attname: each.column for each in model._meta.concrete_fields}
    return {str(columns[each.attribute]): each for each in (*found.read, *found.create, *found.update)}


# References -----------------------------------------------------------------------------------------------------------


def _unseen_reference(
    model: type[Model], action: Action, given: Sequence[Values], by: By
) -> ReferenceNotFound | None:
    """The error for the first reference in the values that leads to no row, or to none that the caller may see."""
    looked_at = _relations_in(model, action)
    for field in model._meta.concrete_fields:
        if not isinstance(field, ForeignKey):
            continue
        values = {each[field.attname] for each in given if each.get(field.attname) is not None}
        if not values:
            continue
        related: Any = field.related_model
        rows = visible(related, by) if field.name in looked_at else related._base_manager.all()
        target = field.target_field.attname
        known = set(rows.filter(**{f"{target}__in": values}).values_list(target, flat=True))
        for number, each in enumerate(given):
            if each.get(field.attname) is not None and each[field.attname] not in known:
                return _reference_error(model, field, {"index": number} if len(given) > 1 else {})
    return None


def _reference_error(model: type[Model], field: Any, position: Mapping[str, int]) -> ReferenceNotFound:
    key = _by_column(model)[field.column].key
    return ReferenceNotFound(text=f"{key}: the row does not exist.", field=key, **position)


@cache
def _relations_in(model: type[Model], action: Action) -> frozenset[str]:
    """The relations whose rows the rule of an action looks at."""
    return frozenset(name for each in alternatives(model, action) for name in _relations(each))


when_added.append(_relations_in.cache_clear)


def _relations(alternative: Alternative) -> Iterator[str]:
    for literal in alternative:
        if isinstance(literal, Not):
            for inner in literal.alternatives:
                yield from _relations(inner)
        elif isinstance(literal, Atom | Some):
            first, separator, _ = (
                literal.lookup if isinstance(literal, Atom) else literal.relation
            ).partition(LOOKUP_SEP)
            if separator:
                yield first
