"""One value of a field: as text in a query string, and as JSON in bodies and answers.

JSON is that of the wire (docs/reference/wire.md), except that enums are their names, in whatever way they are stored.
"""

from __future__ import annotations

import csv
import enum
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from podium.wire.classes import WireEnum, WireField, registered, wire_name
from podium.wire.codecs import codec
from podium.wire.errors import WireError
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef, registry

LONGEST_NUMBER = 400
"""Characters of a number in a query string; a double has fewer."""
SHOWN = 100
"""Characters of a name from outside that an error shows."""


def reason(error: WireError) -> str:
    """Return what is wrong with a value: "expected int, got a string"."""
    return error.message.removeprefix("the value: ")


def enum_of(field: WireField) -> WireEnum | None:
    """Return the enum that a field has values of."""
    entry = registered.get(wire_name(parse_type(field.type)))
    return entry if isinstance(entry, WireEnum) else None


@cache
def encoder(field: WireField) -> Callable[[Any], Any]:
    """Return the function that makes JSON of a column's value, which is not null."""
    encode = codec(parse_type(field.type).required()).pair.encode
    found = enum_of(field)
    if found is None or found.serialized == "byName":
        return encode
    return lambda value: value.value if isinstance(value, enum.Enum) else encode(value)


def from_json(field: WireField, data: Any) -> Any:
    """Return the value of a field from JSON, which obeys the rules of the field. Raises WireError."""
    if data is not None and (found := enum_of(field)) is not None:
        return _member(found, data)
    value = codec(field.type).decode(data)
    for rule in field.rules if value is not None else ():
        if not rule.accepts(value):
            raise WireError(f"expected {rule.expected(value)}, got {rule.found(value)}")
    return value


def from_text(field: WireField, text: str) -> Any:
    """Return the value of a field from a query string. Raises WireError."""
    kind = parse_type(field.type).required()
    if (found := enum_of(field)) is not None:
        return _member(found, text)
    return codec(kind).decode(_plain(kind, text))


def list_from_text(field: WireField, text: str) -> list[Any]:
    """Return the values of a list, `red,blue`. One with a comma is in quotes: `"a,b",c`. Raises WireError."""
    return [from_text(field, each) for each in texts_of(text)]


def texts_of(text: str) -> list[str]:
    """Return the parts of a list in a query string. Raises WireError."""
    if not text:
        return []
    try:
        (found,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError):
        raise WireError('expected values with commas between them; write one with a comma as "a,b"') from None
    return found


def bool_from_text(text: str) -> bool:
    """Return a truth value of a query string. Raises WireError."""
    if text not in ("true", "false"):
        raise WireError("expected true or false")
    return text == "true"


def _member(found: WireEnum, data: Any) -> enum.Enum:
    for member in found.python:
        if member.value == data:
            return member
    names = ", ".join(str(each.value) for each in found.python)
    raise WireError(f"expected one of {names}")


def _plain(kind: TypeRef, text: str) -> Any:
    """Return the plain data of the wire that a text represents."""
    known = registry.find(kind)
    plain = None if known is None else known.openapi.get("type")
    if plain == "boolean":
        return bool_from_text(text)
    if plain in ("integer", "number"):
        pattern = r"-?[0-9]+" if plain == "integer" else r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
        if len(text) > LONGEST_NUMBER or not re.fullmatch(pattern, text, re.ASCII):
            raise WireError(f"expected {kind}")
        return int(text) if plain == "integer" else float(text)
    return text
