"""Values to the wire and back: one codec per type, built once, resolved when first used. No HTTP, no Django.

    codec("List<Note>").encode(notes)      plain data for `dumps`
    codec("Note?").decode(loads(body))     a value, or WireError with path and expectation

Scalars are in scalars.py, lists, sets, maps and records in containers.py, classes and enums in objects.py, values that
carry their type's name in dynamic.py.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import msgspec

from schema import bounds, scalars, wire
from schema.class_names import class_name
from schema.containers import CONTAINERS, PairOf
from schema.dynamic import dynamic_pair
from schema.errors import WireError
from schema.objects import entry_pair
from schema.parse import parse_type
from schema.scalars import Mismatch, Pair
from schema.types import GEOGRAPHIES, RECORD, VECTORS, TypeRef
from schema.wire import WireEnum, wire_name


@dataclass(frozen=True, slots=True)
class Codec:
    """Both directions of one type. Raises WireError where a value does not fit."""

    type: TypeRef
    pair: Pair

    def encode(self, value: Any) -> Any:
        """Plain data (None, bool, int, float, str, list, dict) for a value."""
        try:
            return self.pair.encode(value)
        except Mismatch as error:
            raise WireError(str(error)) from None
        except RecursionError:
            raise WireError("the value: expected less nesting") from None

    def decode(self, data: Any) -> Any:
        """The value that plain data stands for."""
        bounds.begin()
        try:
            return self.pair.decode(data)
        except Mismatch as error:
            raise WireError(str(error)) from None
        except RecursionError:
            raise WireError("the value: expected less nesting") from None


@cache
def codec(type: TypeRef | str) -> Codec:
    """The codec of a type, for clients: what they may not see is neither written nor read."""
    ref = parse_type(type) if isinstance(type, str) else type
    return Codec(ref, _pair(ref, stored=False))


@cache
def stored(type: TypeRef | str) -> Codec:
    """The codec of a type, for a JSON column: fields and classes of the server are kept."""
    ref = parse_type(type) if isinstance(type, str) else type
    return Codec(ref, _pair(ref, stored=True))


def encode_dynamic(value: Any, *, stored: bool = False) -> dict[str, Any]:
    """`{"className", "data"}` of any value, by its Python class. Raises WireError.

    The entries of lists, sets and maps are wrapped in the same way. A tuple is a record of its values' types.
    stored: for other servers or the database, so fields of the server are kept.
    """
    return _dynamic_codec(stored).encode(value)  # type: ignore[no-any-return]


def decode_dynamic(data: Any, *, stored: bool = False) -> Any:
    """The value of `{"className", "data"}`. Raises WireError, also for names that are not known."""
    return _dynamic_codec(stored).decode(data)


def encode_as(type: TypeRef | str, value: Any) -> dict[str, Any]:
    """`{"className", "data"}` of a value whose type was declared, e.g. an item of `Stream<List<Note>>`.

    Lists, sets, maps and records carry the declared type's name ("List<Note>"), as a client's generated code knows it;
    anything else is named after the value, so that a subclass arrives as itself.
    """
    it = codec(type)
    data = it.encode(value)
    if value is None:
        return {"className": "null", "data": None}
    if isinstance(data, dict) and "__className__" in data:
        return {"className": data["__className__"], "data": data}
    if it.type.name == "dynamic":
        return data  # type: ignore[no-any-return]
    shown = it.type if it.type.name in ("List", "Set", "Map", RECORD) else it.type.required()
    return {"className": class_name(shown), "data": data}


def dumps(plain: Any) -> bytes:
    """JSON of plain data."""
    return msgspec.json.encode(plain)


def loads(text: bytes | str) -> Any:
    """Plain data of JSON. Raises WireError."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WireError(f"this is not JSON: {error}") from None


def unknown_member(enum_class: type[enum.Enum], value: Any) -> enum.Enum:
    """What an enum's column gives for a value that the enum does not have. Raises WireError without a default."""
    entry = wire.by_python.get(enum_class)
    if isinstance(entry, WireEnum) and entry.default is not None:
        return entry.default
    raise WireError(f"the value: expected {enum_class.__name__}, got {value!r}")


# Building a pair for a type ------------------------------------------------------------------------------------------


MAX_PAIRS = 4096
"""Types that are remembered; a sender can name new ones without end (`List<List<...>>`)."""


def _pair_of(stored: bool) -> PairOf:
    return lambda ref: _pair(ref, stored)


@lru_cache(MAX_PAIRS)
def _pair(ref: TypeRef, stored: bool) -> Pair:
    """The pair of a type. Classes are looked up at first use: generated modules may name each other in circles."""
    pair = _required(ref.required(), stored)
    if not ref.nullable or ref.name in ("dynamic", "void"):
        return pair
    encode, decode = pair
    return Pair(
        lambda value: None if value is None else encode(value),
        lambda data: None if data is None else decode(data),
    )


def _required(ref: TypeRef, stored: bool) -> Pair:
    if ref.name in scalars.SCALARS:
        return scalars.SCALARS[ref.name]
    if ref.name in VECTORS:
        return scalars.vector(ref.name, ref.dimension)
    if ref.name in GEOGRAPHIES:
        return scalars.geography(ref.name)
    if ref.name in CONTAINERS:
        return CONTAINERS[ref.name](ref, _pair_of(stored))
    if ref.name == "dynamic":
        return dynamic_pair(_pair_of(stored))
    return _late(ref, stored)


def _late(ref: TypeRef, stored: bool) -> Pair:
    """A class or an enum, found when a first value comes by."""
    name = wire_name(ref)

    @cache
    def found() -> Pair:
        entry = wire.registered.get(name)
        if entry is None:
            raise Mismatch(f"a known class, and {name} is none (is its module imported?)")
        if entry.server_only and not stored:
            raise Mismatch(f"a class that clients may see, and {name} is serverOnly")
        return entry_pair(entry, stored, _pair_of(stored))

    return Pair(lambda value: found().encode(value), lambda data: found().decode(data))


@cache
def _dynamic_codec(stored: bool) -> Codec:
    ref = TypeRef("dynamic")
    return Codec(ref, _pair(ref, stored))


def _forget() -> None:
    for built in (codec, stored, _pair, _dynamic_codec):
        built.cache_clear()


wire.when_registered.append(_forget)
