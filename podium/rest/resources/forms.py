"""Rows as JSON objects: the fields that clients read, null included, and the related rows that were asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db.models import Model

from podium.access.alternatives import related_model
from podium.access.fields import field_rules
from podium.access.rules import when_added
from podium.rest.resources import values
from podium.rest.resources.parameters import View
from podium.wire.classes import WireField
from podium.wire.parse import parse_type
from podium.wire.types import registry

Write = Callable[[Any], dict[str, Any]]
VIEWS = 1024
"""Views whose functions and hashes are kept: clients choose fields in many ways."""


@lru_cache(VIEWS)
def writer(model: type[Model], view: View) -> Write:
    """Return the function that writes the rows of a model with these parts."""
    write = _columns(model, view.fields)
    if not view.expand:
        return write
    relations = [
        (each.key, each.attribute, each.relation == "many", whole(related_model(model, each.attribute)))
        for each in view.expand
    ]

    def expanded(row: Any) -> dict[str, Any]:
        found = write(row)
        for key, attribute, is_many, write_related in relations:
            if is_many:
                rows = row.__dict__.get("_prefetched_objects_cache", {}).get(attribute, ())
                found[key] = [write_related(each) for each in rows]
            else:
                related = row._state.fields_cache.get(attribute)
                found[key] = None if related is None else write_related(related)
        return found

    return expanded


def whole(model: type[Model]) -> Write:
    """Return the function that writes all fields of a model's rows, without related rows."""
    return writer(model, View(field_rules(model).read))


when_added.append(writer.cache_clear)


def related_rows(row: Any, view: View) -> list[Any]:
    """The related rows that were loaded with a row, in the order in which they are written."""
    found: list[Any] = []
    for each in view.expand:
        if each.relation == "many":
            found += row.__dict__.get("_prefetched_objects_cache", {}).get(each.attribute, ())
        elif (related := row._state.fields_cache.get(each.attribute)) is not None:
            found.append(related)
    return found


def _columns(model: type[Model], fields: tuple[WireField, ...]) -> Write:
    plan = [_step(model, each) for each in fields]

    def write(row: Any) -> dict[str, Any]:
        own = row.__dict__
        found: dict[str, Any] = {}
        for key, attribute, get, as_is, encode in plan:
            value = own[attribute] if get is None else get(row)
            found[key] = value if value is None or type(value) is as_is else encode(value)
        return found

    return write


def _step(model: type[Model], field: WireField) -> tuple[str, str, Any, Any, Callable[[Any], Any]]:
    """The key, the attribute, its getter if it is not in __dict__, the type that is JSON already, and the encoder."""
    kind = registry.find(parse_type(field.type))
    is_property = isinstance(getattr(model, field.attribute, None), property)
    get = attrgetter(field.attribute) if is_property else None
    return field.key, field.attribute, get, kind.as_is if kind else None, values.encoder(field)
