"""The enums and classes that stored values are made of, as plain data for migrations.

A column of an enum, or of JSON, keeps its type when an enum's values or a class's fields change; the meaning of its
rows changes. A migration's state therefore has them too:

    {"Color": {"values": ["red", "green"], "by_index": True, "fallback": "red"},
     "Page": {"fields": {"title": "String", "size": "int, default"}, "parent": "Sheet", "sealed": True,
              "attributes": {"size": "number_of_bytes"}}}

Names are those of the wire, which JSON columns contain. `attributes` has the fields with a `jsonKey` that is
not their name. Not held: relations, which are stored only where
they were loaded; classes written by hand, and `dynamic`, of which no definition says what is in them.
"""

from __future__ import annotations

import enum
from typing import Any, Final

from podium.wire import classes as wire
from podium.wire.classes import WireClass, WireEnum, wire_name
from podium.wire.names import snake_case
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef

Holdings = dict[str, dict[str, Any]]
HAS_DEFAULT: Final = ", default"
"""Follows the type of a field that may be missing in stored data."""


def of_type(type: str | TypeRef) -> Holdings:
    """The enums and classes that values of a type are made of, by name, as registered now."""
    found: Holdings = {}
    _collect(parse_type(type) if isinstance(type, str) else type, found)
    return dict(sorted(found.items()))


def of_enum(python: type[enum.Enum], *, by_index: bool) -> tuple[str, dict[str, Any]]:
    """An enum's name and values; it need not be registered."""
    name, fallback = python.__name__, ""
    if isinstance(entry := wire.by_python.get(python), WireEnum):
        name, fallback = entry.name, entry.default.value if entry.default else ""
    return name, enum_holding([member.value for member in python], by_index, fallback)


def enum_holding(values: list[str], by_index: bool, fallback: str) -> dict[str, Any]:
    found: dict[str, Any] = {"values": list(values)}
    if by_index:
        found["by_index"] = True
    if fallback:
        found["fallback"] = fallback
    return found


def field_type(text: str) -> tuple[TypeRef, bool]:
    """The type of a class's field, and whether it may be missing in stored data."""
    bare = text.removesuffix(HAS_DEFAULT)
    return parse_type(bare), bare != text


def keys_by_attribute(holding: dict[str, Any]) -> dict[str, str]:
    """The stored key of each field of a class, by its name in Python."""
    given = holding.get("attributes", {})
    return {given.get(key, snake_case(key)): key for key in holding["fields"]}


def family(name: str, holdings: Holdings) -> list[str]:
    """A class and all its descendants."""
    found = [name]
    for one, entry in holdings.items():
        if entry.get("parent") == name:
            found += family(one, holdings)
    return found


def _collect(ref: TypeRef, found: Holdings) -> None:
    for part in (*ref.arguments, *(kind for _, kind in ref.named)):
        _collect(part, found)
    name = wire_name(ref)
    if name not in found:
        _collect_entry(wire.registered.get(name), found)


def _collect_entry(entry: object, found: Holdings) -> None:
    if isinstance(entry, WireEnum):
        name, holding = of_enum(entry.python, by_index=entry.serialized == "byIndex")
        found[name] = holding
    elif isinstance(entry, WireClass):
        fields = {
            field.key: field.type + (HAS_DEFAULT if field.has_default else "")
            for field in entry.fields
            if not field.relation
        }
        found[entry.name] = {"fields": fields}
        renamed = {
            field.key: field.attribute
            for field in entry.fields
            if field.key in fields and snake_case(field.key) != field.attribute.rstrip("_")
        }
        if renamed:
            found[entry.name]["attributes"] = renamed
        if entry.parent:
            found[entry.name]["parent"] = entry.parent
        if entry.sealed:
            found[entry.name]["sealed"] = True
        for text in fields.values():
            _collect(field_type(text)[0], found)
        for other in list(wire.registered.values()):
            if isinstance(other, WireClass) and other.parent == entry.name and other.name not in found:
                _collect_entry(other, found)
