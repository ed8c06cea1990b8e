"""What generated classes look like on the wire, and the one registry of them. Encoding is in schema/objects.py."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schema.types import TypeRef


class SerializableException(Exception):
    """The base of exceptions declared in model files: they reach the client as themselves."""

    def __str__(self) -> str:
        """Its field `message`, where it has one: what logs show."""
        return str(getattr(self, "message", ""))


@dataclass(frozen=True, slots=True)
class WireField:
    """One field of a class.

    key          on the wire, e.g. "createdAt"
    attribute    in Python, e.g. "created_at"
    type         as a model file spells it, e.g. "List<Note>?"
    has_default  may be left out by the sender
    scope        "all"; "serverOnly" and "none" are neither sent to clients nor taken from them
    relation     "one" or "many": sent only where it was loaded, never fetched by encoding
    """

    key: str
    attribute: str
    type: str
    has_default: bool = False
    scope: Literal["all", "serverOnly", "none"] = "all"
    relation: Literal["", "one", "many"] = ""


@dataclass(frozen=True, slots=True)
class WireClass:
    """A class or exception: its name on the wire ("Note", "module.Note"), the Python class, its fields in order.

    sealed       one of its subclasses only, and only those known
    parent       name of the class it extends; a class with a table does so by name only, not in Python
    server_only  neither sent to clients nor taken from them; a JSON column may hold it
    """

    name: str
    python: type[Any]
    fields: Sequence[WireField]
    sealed: bool = False
    parent: str = ""
    server_only: bool = False


@dataclass(frozen=True, slots=True)
class WireEnum:
    """An enum: members are in the order of the model file; `value` of a member is its name there."""

    name: str
    python: type[enum.Enum]
    serialized: Literal["byName", "byIndex"]
    default: enum.Enum | None = None  # what an unknown value is read as
    server_only: bool = False


@dataclass(frozen=True, slots=True)
class WireExtra:
    """A class written by hand, which reads and writes itself (schema/extra.py)."""

    name: str
    python: type[Any]
    server_only: bool = False


WireEntry = WireClass | WireEnum | WireExtra

registered: dict[str, WireEntry] = {}
"""Every class, exception and enum that may cross the wire, by its name there."""

by_python: dict[type[Any], WireEntry] = {}
"""The same by Python class."""

when_registered: list[Callable[[], None]] = []
"""Called after each `register`: the codecs forget what they built of older entries."""


def wire_name(ref: TypeRef) -> str:
    """What a class is registered as: "Note", "module.Note"."""
    return f"{ref.module}.{ref.name}" if ref.module and ":" not in ref.module else ref.name


def is_enum(ref: TypeRef) -> bool:
    """Whether a type is a registered enum."""
    return isinstance(registered.get(wire_name(ref)), WireEnum)


def register(entries: Iterable[WireEntry]) -> None:
    """Make generated classes known to the codecs. Called by generated modules when they are imported."""
    for entry in entries:
        registered[entry.name] = entry
        by_python[entry.python] = entry
    for forget in when_registered:
        forget()
