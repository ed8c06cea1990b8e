"""Descriptions of generated classes for the wire, and their registry. Encoding is in wire/objects.py."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from podium.wire.types import TypeRef
from podium.wire.validation import Rule


class SerializableException(Exception):
    """The base of exceptions declared in model files: clients receive them with their type and fields."""

    def __str__(self) -> str:
        """The field `message`, if there is one, for logs."""
        return str(getattr(self, "message", ""))


@dataclass(frozen=True, slots=True)
class WireField:
    """One field of a class.

    key          on the wire, e.g. "createdAt"
    attribute    in Python, e.g. "created_at"
    type         as a model file spells it, e.g. "List<Note>?"
    has_default  the sender may omit it
    scope        "all"; "serverOnly" and "none" are neither sent to clients nor accepted from them
    relation     "one" or "many": sent only if loaded; encoding never fetches it
    rules        for values from clients, in the order in which they are checked
    """

    key: str
    attribute: str
    type: str
    has_default: bool = False
    scope: Literal["all", "serverOnly", "none"] = "all"
    relation: Literal["", "one", "many"] = ""
    rules: Sequence[Rule] = field(default=(), hash=False)  # generated modules give a list


@dataclass(frozen=True, slots=True)
class WireClass:
    """A class or exception: its name on the wire ("Note", "module.Note"), the Python class, its fields in order.

    sealed       a value is always of a known subclass
    parent       name of the class it extends; only by name if the class has a table, not in Python
    server_only  neither sent to clients nor accepted from them; a JSON column may hold it
    """

    name: str
    python: type[Any]
    fields: Sequence[WireField]
    sealed: bool = False
    parent: str = ""
    server_only: bool = False


@dataclass(frozen=True, slots=True)
class WireEnum:
    """An enum: members in the order of the model file; a member's `value` is its name there."""

    name: str
    python: type[enum.Enum]
    serialized: Literal["byName", "byIndex"]
    default: enum.Enum | None = None  # the result for an unknown value
    server_only: bool = False


@dataclass(frozen=True, slots=True)
class WireExtra:
    """A hand-written class with its own encoding (podium/schema/extra.py)."""

    name: str
    python: type[Any]
    server_only: bool = False


WireEntry = WireClass | WireEnum | WireExtra

registered: dict[str, WireEntry] = {}
"""Every class, exception and enum that may cross the wire, by its name there."""

by_python: dict[type[Any], WireEntry] = {}
"""The same by Python class."""

when_registered: list[Callable[[], None]] = []
"""Called after each `register`: codecs drop what they built from older entries."""


def wire_name(ref: TypeRef) -> str:
    """The name under which a class is registered: "Note", "module.Note"."""
    return f"{ref.module}.{ref.name}" if ref.module and ":" not in ref.module else ref.name


def is_enum(ref: TypeRef) -> bool:
    """Return whether a type is a registered enum."""
    return isinstance(registered.get(wire_name(ref)), WireEnum)


def register(entries: Iterable[WireEntry]) -> None:
    """Register generated classes with the codecs. Generated modules call it on import."""
    for entry in entries:
        registered[entry.name] = entry
        by_python[entry.python] = entry
    for forget in when_registered:
        forget()
