"""Encode and decode wire values: one codec per type, built once, resolved when first used. No HTTP, no Django.

    codec("List<Note>").encode(notes)      plain data for `dumps`
    codec("Note?").decode(loads(body))     a value, or WireError with path and expectation

Simple types are in types/, lists, sets, maps and records in containers.py, classes and enums in
objects.py, values with their type's name in dynamic.py.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import msgspec

from podium.wire import bounds, texts
from podium.wire import classes as wire
from podium.wire.class_names import class_name, streamed_name
from podium.wire.classes import WireEnum, wire_name
from podium.wire.containers import CONTAINERS, PairOf
from podium.wire.dynamic import dynamic_pair
from podium.wire.errors import WireError
from podium.wire.mismatch import Mismatch, Pair
from podium.wire.objects import entry_pair
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef, registry
from podium.wire.types.ref import DYNAMIC


@dataclass(frozen=True, slots=True)
class Codec:
    """Encoder and decoder of one type. Raises WireError for a value of another type."""

    type: TypeRef
    pair: Pair

    def encode(self, value: Any) -> Any:
        """Encode a value as plain data (None, bool, int, float, str, list, dict)."""
        try:
            return self.pair.encode(value)
        except Mismatch as error:
            raise WireError(str(error)) from None
        except RecursionError:
            raise WireError("the value: expected less nesting") from None

    def decode(self, data: Any, *, trusted: bool = False) -> Any:
        """Decode a value from plain data, and check the rules of its fields.

        trusted   this server wrote the value, so the rules are not checked: they may have changed since
        """
        bounds.begin(trusted=trusted)
        try:
            return self.pair.decode(data)
        except Mismatch as error:
            raise WireError(str(error)) from None
        except RecursionError:
            raise WireError("the value: expected less nesting") from None
        finally:
            bounds.end()


@cache
def codec(type: TypeRef | str) -> Codec:
    """The codec of a type for clients: fields and classes hidden from them are neither written nor read."""
    ref = parse_type(type) if isinstance(type, str) else type
    return Codec(ref, _pair(ref, stored=False))


@cache
def stored(type: TypeRef | str) -> Codec:
    """The codec of a type for a JSON column, with server-only fields and classes."""
    ref = parse_type(type) if isinstance(type, str) else type
    return Codec(ref, _pair(ref, stored=True))


def encode_dynamic(value: Any, *, stored: bool = False) -> dict[str, Any]:
    """Encode any value as `{"className", "data"}`, by its Python class. Raises WireError.

    The entries of lists, sets and maps are wrapped in the same way. A tuple is a record of its values' types.
    stored: for other servers or the database, so server-only fields are included.
    """
    return _dynamic_codec(stored).encode(value)  # type: ignore[no-any-return]


def decode_dynamic(data: Any, *, stored: bool = False) -> Any:
    """Decode the value of `{"className", "data"}`. Raises WireError, also for unknown names."""
    return _dynamic_codec(stored).decode(data)


def encode_as(type: TypeRef | str, value: Any, module: str = "") -> dict[str, Any]:
    """Encode a value of a declared type as `{"className", "data"}`, e.g. an item of `Stream<List<Note>>`.

    module  the endpoint's module, "" for the project itself

    Lists, sets, maps and records carry the declared type's name ("List<Note>"), as in the client's generated code;
    any other value the name of its own class, so that a subclass keeps its type.
    """
    it = codec(type)
    data = it.encode(value)
    if value is None:
        return {"className": "null", "data": None}
    if isinstance(data, dict) and "__className__" in data:
        return {"className": data["__className__"], "data": data}
    if it.type.is_dynamic:
        return data  # type: ignore[no-any-return]
    if it.type.is_container or it.type.is_record:
        return {"className": streamed_name(it.type, module), "data": data}
    return {"className": class_name(it.type.required()), "data": data}


def dumps(plain: Any) -> bytes:
    """Serialize plain data as JSON."""
    return msgspec.json.encode(plain)


def loads(text: bytes | str) -> Any:
    """Parse JSON into plain data. Raises WireError."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        if found := texts.surrogate_in_json(text):
            raise WireError(f"expected String, got {found[1]}", found[0]) from None
        raise WireError(f"this is not JSON: {error}") from None


def storable(plain: Any) -> bytes:
    """Serialize plain data for a JSON column. Raises WireError for text that Postgres cannot store."""
    try:
        text = dumps(plain)
    except UnicodeEncodeError:
        text = b""
    # Most values have neither; checking each text of a large value would take longer than writing it.
    if (not text or b"\\u0000" in text) and (found := texts.fault(plain)):
        raise WireError(f"expected String, got {found[1]}", found[0])
    return text


def fallback(enum_class: type[enum.Enum]) -> enum.Enum | None:
    """The `default:` of an enum: the result for a stored value that the enum does not have."""
    entry = wire.by_python.get(enum_class)
    return entry.default if isinstance(entry, WireEnum) else None


# Building a pair for a type ------------------------------------------------------------------------------------------


MAX_PAIRS = 4096
"""Maximum of cached types; senders can name any number of new ones (`List<List<...>>`)."""


def _pair_of(stored: bool) -> PairOf:
    return lambda ref: _pair(ref, stored)


@lru_cache(MAX_PAIRS)
def _pair(ref: TypeRef, stored: bool) -> Pair:
    """The pair of a type. Classes are looked up at first use, since generated modules may be circular."""
    pair = _required(ref.required(), stored)
    if not ref.nullable or ref.is_dynamic or ref.is_void:
        return pair
    encode, decode = pair
    return Pair(
        lambda value: None if value is None else encode(value),
        lambda data: None if data is None else decode(data),
    )


def _required(ref: TypeRef, stored: bool) -> Pair:
    if (kind := registry.find(ref)) is not None:
        return kind.pair(ref)
    if ref.name in CONTAINERS:
        return CONTAINERS[ref.name](ref, _pair_of(stored))
    if ref.is_dynamic:
        return dynamic_pair(_pair_of(stored))
    if ref.is_void:
        return Pair(_nothing, _nothing)
    return _late(ref, stored)


def _nothing(value: Any) -> None:
    """Encode the result of a method without one: null, regardless of the Python value."""


def _late(ref: TypeRef, stored: bool) -> Pair:
    """The pair of a class or an enum, looked up at its first value."""
    name = wire_name(ref)

    @cache
    def found() -> Pair:
        entry = wire.registered.get(name)
        if entry is None:
            raise Mismatch(f"a known class, but {name} is not registered (is its module imported?)")
        if entry.server_only and not stored:
            raise Mismatch(f"a class that clients may see, and {name} is serverOnly")
        return entry_pair(entry, stored, _pair_of(stored))

    return Pair(lambda value: found().encode(value), lambda data: found().decode(data))


@cache
def _dynamic_codec(stored: bool) -> Codec:
    ref = TypeRef(DYNAMIC)
    return Codec(ref, _pair(ref, stored))


def _forget() -> None:
    for built in (codec, stored, _pair, _dynamic_codec):
        built.cache_clear()


wire.when_registered.append(_forget)
registry.when_added.append(_forget)
