"""The fields of a ruled model that clients read, write, filter by and expand. The model file's `scope` comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db.models import Model

from podium.access.conditions import Action
from podium.access.rules import Rules, rules_of, when_added
from podium.wire.classes import WireClass, WireField, by_python
from podium.wire.parse import parse_type


@dataclass(frozen=True)
class FieldRules:
    """The field rules of a model, as descriptions for the wire, in the order of the model file.

    read     the columns that clients read; the key is one of them
    create, update  the columns that clients write
    filter   the columns that clients filter and sort by; the key is one of them
    expand   the relations whose rows clients ask for together with the row
    hidden   the columns that the model file shows to clients, and `readable` does not
    """

    read: tuple[WireField, ...]
    create: tuple[WireField, ...]
    update: tuple[WireField, ...]
    filter: tuple[WireField, ...]
    expand: tuple[WireField, ...]
    hidden: tuple[WireField, ...]

    def writable(self, action: Action) -> tuple[WireField, ...]:
        """The columns that clients write in an action, which is "create" or "update"."""
        return self.create if action == "create" else self.update


@cache
def field_rules(model: type[Model]) -> FieldRules:
    """Return the field rules of a model; without any field if it has no rules, or no model file."""
    rules, entry = rules_of(model), by_python.get(model)
    if rules is None or not isinstance(entry, WireClass):
        return FieldRules((), (), (), (), (), ())
    columns, relations = columns_of(entry), relations_of(entry)
    key = model._meta.pk.attname
    readable = None if rules.readable is None else {key, *_attributes(model, rules.readable)}
    read = tuple(each for each in columns if readable is None or each.attribute in readable)
    filtered = {key, *_attributes(model, rules.filter)}
    return FieldRules(
        read=read,
        create=_writable(rules, "create", columns),
        update=_writable(rules, "update", columns),
        filter=tuple(_not_null(each, key) for each in read if each.attribute in filtered),
        expand=tuple(each for each in relations if each.attribute in rules.expand),
        hidden=tuple(each for each in columns if each not in read),
    )


when_added.append(field_rules.cache_clear)


def _not_null(field: WireField, key: str) -> WireField:
    """The field; the key, which is null in objects that are not stored yet, as it is in stored rows."""
    return replace(field, type=str(parse_type(field.type).required())) if field.attribute == key else field


def columns_of(entry: WireClass) -> tuple[WireField, ...]:
    """The columns that the model file shows to clients."""
    return tuple(each for each in entry.fields if each.scope == "all" and not each.relation)


def relations_of(entry: WireClass) -> tuple[WireField, ...]:
    """The relations that the model file shows to clients."""
    return tuple(each for each in entry.fields if each.scope == "all" and each.relation)


def attribute_of(model: type[Model], name: str) -> str:
    """Return the attribute of a column by the name in a rule: "notebook" is "notebook_id"."""
    field: Any = next((each for each in model._meta.get_fields() if each.name == name), None)
    return str(getattr(field, "attname", name))


def _attributes(model: type[Model], names: Iterable[str]) -> set[str]:
    return {attribute_of(model, name) for name in names}


def _writable(rules: type[Rules[Any]], action: Action, columns: Iterable[WireField]) -> tuple[WireField, ...]:
    """The columns of an action: those listed, or all; without the fixed ones, and those that are filled in."""
    model = rules.model
    listed = rules.writable.get(action, ()) if isinstance(rules.writable, Mapping) else rules.writable
    among = None if listed is None else _attributes(model, listed)
    closed = {*_attributes(model, rules.fixed), *_attributes(model, rules.fill)}
    key: Any = model._meta.pk
    if action == "update" or not key.has_default():  # a key with a default may be made by the client
        closed.add(key.attname)
    return tuple(
        each
        for each in columns
        if each.attribute not in closed and (among is None or each.attribute in among)
    )
