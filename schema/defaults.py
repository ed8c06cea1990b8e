"""Default values as model files write them: `default=10`, `default='text'`, `default=now`, `default=1d 2h`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from schema.definitions import Default
from schema.errors import SchemaError

_INTEGER = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_DURATION_PART = re.compile(r"([0-9]+)(d|h|min|s|ms)")
_UNITS: Final = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1_000, "ms": 1}
"""Milliseconds in each unit."""
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}
_INT_RANGE: Final = range(-(2**63), 2**63)


def unquote(text: str) -> str:
    """The text between quotes, its escapes resolved. Raises SchemaError where the quotes are no pair around it."""
    if len(text) < 2 or text[0] not in "'\"" or text[-1] != text[0]:
        raise SchemaError("write it in quotes: '...'")
    quote, inside = text[0], text[1:-1]
    if any(inside[place] == quote and inside[place - 1 : place] != "\\" for place in range(len(inside))):
        raise SchemaError(f"a {quote} inside the text is written \\{quote}")
    if (len(inside) - len(inside.rstrip("\\"))) % 2:
        raise SchemaError("the text ends in the middle of an escape; write a backslash as \\\\")
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), inside, flags=re.DOTALL)


def _int(text: str) -> Default:
    if not _INTEGER.fullmatch(text):
        raise SchemaError("write a whole number, e.g. 10")
    if len(text) > 20 or int(text) not in _INT_RANGE:
        raise SchemaError("the number does not fit 64 bits; the type BigInt has no limit")
    return Default("literal", int(text))


def _double(text: str) -> Default:
    if not _NUMBER.fullmatch(text):
        raise SchemaError("write a number, e.g. 10.5")
    return Default("literal", float(text))


def _bool(text: str) -> Default:
    if text not in ("true", "false"):
        raise SchemaError("write true or false")
    return Default("literal", text == "true")


def _string(text: str) -> Default:
    return Default("literal", unquote(text))


def _datetime(text: str) -> Default:
    if text == "now":
        return Default("now")
    hint = "write now, or a time in UTC as 2024-05-24T22:00:00.000Z"
    if not _TIME.fullmatch(text):
        raise SchemaError(hint)
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise SchemaError(f"there is no such time ({error}); {hint}") from None
    return Default("literal", text)


def _duration(text: str) -> Default:
    parts = [_DURATION_PART.fullmatch(part) for part in text.split()]
    units = [part[2] for part in parts if part]
    if not parts or len(units) != len(parts) or len(set(units)) != len(units):
        raise SchemaError("write it as 1d 2h 10min 30s 100ms, any of them left out")
    return Default("literal", sum(int(part[1]) * _UNITS[part[2]] for part in parts if part))


def _uuid(text: str) -> Default:
    if text == "random":
        return Default("random")
    if text == "random_v7":
        return Default("random_v7")
    hint = "write random, random_v7, or a UUID in quotes: '550e8400-e29b-41d4-a716-446655440000'"
    try:
        inside = unquote(text)
        value = uuid.UUID(inside)
    except (SchemaError, ValueError):
        raise SchemaError(hint) from None
    if len(inside) != len(str(value)):
        raise SchemaError(hint)
    return Default("literal", str(value))


def _uri(text: str) -> Default:
    value = unquote(text)
    try:
        urlsplit(value)
    except ValueError as error:
        raise SchemaError(f"this is no URI: {error}") from None
    if not value or any(character.isspace() for character in value):
        raise SchemaError("this is no URI; write e.g. 'https://example.com'")
    return Default("literal", value)


def _bigint(text: str) -> Default:
    if not _INTEGER.fullmatch(text):
        hint = " without quotes" if text[:1] in "'\"" else ""
        raise SchemaError(f"write a whole number{hint}, e.g. 12345678901234567890")
    return Default("literal", ("-" if text[0] == "-" else "") + (text.lstrip("-").lstrip("0") or "0"))


_READERS: Final[dict[str, Callable[[str], Default]]] = {
    "int": _int,
    "double": _double,
    "bool": _bool,
    "String": _string,
    "DateTime": _datetime,
    "Duration": _duration,
    "UuidValue": _uuid,
    "Uri": _uri,
    "BigInt": _bigint,
}
TYPES_WITH_DEFAULT: Final = frozenset(_READERS)
"""Types that may have a default; enums may too."""


def parse_default(type_name: str, text: str, *, in_database: bool = False) -> Default:
    """The default that `text` spells for one of TYPES_WITH_DEFAULT.

    in_database  it is `defaultPersist`, where an int may be "serial"

    Raises SchemaError that says what may be written.
    """
    if type_name == "int" and text == "serial":
        if in_database:
            return Default("serial")
        raise SchemaError("only the database can count: write defaultPersist=serial")
    return _READERS[type_name](text)
