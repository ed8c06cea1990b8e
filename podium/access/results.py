"""Stored rows in the result of a method, and the fault if its caller may not read one of them.

In development and tests, such a result is an error (ACCESS_RESULTS), which finds the method that forgot `visible`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import Any

from django.db.models import Model

from podium.access.callers import By, caller
from podium.access.conf import conf
from podium.access.fields import field_rules
from podium.access.rows import visible
from podium.access.rules import models, place, rules_of

Stored = dict[type[Model], dict[Any, Model]]


def are_checked() -> bool:
    """Return whether results are checked: never in production, and only if a model has rules."""
    return conf.RESULTS == "check" and bool(models())


def rows_in(value: Any) -> Stored:
    """Return the stored rows of models with rules in a result, or in one value of a stream."""
    found: Stored = {}
    _collect(value, found, set())
    return found


def fault(found: Stored, by: By) -> str:
    """Return what is wrong with these rows in a result for this caller; "" if nothing is. A query for each model."""
    for model, rows in found.items():
        readable = set(visible(model, by).filter(pk__in=rows).values_list("pk", flat=True))
        hidden = rows.keys() - readable
        stored = (
            set(model._base_manager.filter(pk__in=hidden).values_list("pk", flat=True)) if hidden else set()
        )
        if stored:  # a row that is no longer stored was deleted by the method
            return _invisible(by, model, stored)
        if text := _unreadable_field(model, rows.values()):
            return text
    return ""


def _collect(value: Any, found: Stored, seen: set[int]) -> None:
    """Collect the stored rows of models with rules, also from within other values."""
    if value is None or isinstance(value, str | bytes | int | float) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Model) and _is_under_rules(value):
        found.setdefault(type(value), {})[value.pk] = value
    for each in _within(value):
        _collect(each, found, seen)


def _is_under_rules(row: Model) -> bool:
    return rules_of(type(row)) is not None and row.pk is not None and not row._state.adding


def _within(value: Any) -> Iterator[Any]:
    if isinstance(value, Model):
        yield from value._state.fields_cache.values()
        for loaded in value.__dict__.get("_prefetched_objects_cache", {}).values():
            yield from getattr(loaded, "_result_cache", loaded) or ()
    elif isinstance(value, Mapping):
        yield from (each for pair in value.items() for each in pair)
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (getattr(value, each.name) for each in fields_of(value))


def _unreadable_field(model: type[Model], rows: Iterable[Model]) -> str:
    for field in field_rules(model).hidden:
        if any(row.__dict__.get(field.attribute) is not None for row in rows):
            return (
                f"{model.__name__}.{field.attribute}, which clients may not read: {_place(model)} leaves it out of "
                "`readable`. Set it to None."
            )
    return ""


def _invisible(by: By, model: type[Model], keys: set[Any]) -> str:
    user = caller(by)
    name = f"the user {user.user_id}" if user else "a caller who is not signed in"
    shown = ", ".join(map(str, sorted(keys, key=str)[:5]))
    return (
        f"{model.__name__} {shown}, which {name} may not read by the rules at {_place(model)}. Start its query from "
        f"access.visible({model.__name__}, call). A method that shows such rows on purpose has @unchecked_results."
    )


def _place(model: type[Model]) -> str:
    rules = rules_of(model)
    return place(rules, "read") if rules else ""
