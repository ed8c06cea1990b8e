"""`dynamic` on the wire: values with the name of their type."""

from __future__ import annotations

from functools import cache
from typing import Any

from podium.wire import bounds
from podium.wire import classes as wire
from podium.wire.class_names import class_name, named_type
from podium.wire.containers import ListedMap, ListedSet, PairOf, at, items
from podium.wire.mismatch import Convert, Mismatch, Pair, mismatch
from podium.wire.ordered import OrderedSet
from podium.wire.types import RECORD, TypeRef, registry
from podium.wire.types.definition import WireType
from podium.wire.types.ref import CONTAINERS, DYNAMIC, LIST, MAP, SET
from podium.wire.types.strings import read_string


@cache
def _by_class() -> dict[type[Any], WireType]:
    """The types by Python class, without those that are a NewType."""
    return {
        each.python.annotation: each
        for each in registry.definitions()
        if isinstance(each.python.annotation, type)
    }


@cache
def _encoder(name: str) -> Convert:
    ref = TypeRef(name)
    kind = registry.find(ref)
    assert kind is not None
    return kind.pair(ref).encode


registry.when_added += [_by_class.cache_clear, _encoder.cache_clear]


def _scalar_name(value: Any) -> str | None:
    kind = _by_class().get(type(value))
    if kind is None:
        return None
    return kind.named_by(value) if kind.named_by else kind.name


def dynamic_pair(pair_of: PairOf) -> Pair:
    """The pair for `{"className", "data"}` of any value, by its Python class."""

    def encode(value: Any) -> dict[str, Any]:
        if value is None:
            return {"className": "null", "data": None}
        if (name := _scalar_name(value)) is not None:
            return {"className": name, "data": _encoder(name)(value)}
        if isinstance(value, dict | ListedMap):
            return {"className": MAP, "data": _dynamic_map(value, encode)}
        if isinstance(value, set | frozenset | ListedSet):
            return {"className": SET, "data": items(value, encode)}
        if isinstance(value, list):
            return {"className": LIST, "data": items(value, encode)}
        if isinstance(value, tuple):
            ref = getattr(type(value), "wire_type", None) or _type_of(value)
            return {"className": class_name(ref), "data": pair_of(ref).encode(value)}
        return _registered(value, pair_of)

    def decode(data: Any) -> Any:
        if data is None:
            return None
        if not isinstance(data, dict) or not isinstance(data.get("className"), str):
            raise mismatch('{"className": ..., "data": ...}', data)
        name, inside = data["className"], data.get("data")
        if name == "null":
            return None
        if name in CONTAINERS:
            return _read_untyped(name, inside, decode)
        return pair_of(named_type(name)).decode(inside)

    return Pair(encode, decode)


def _type_of(value: Any) -> TypeRef:
    """The type of a value inside a tuple, for the name of the record. Raises Mismatch."""
    if isinstance(value, tuple):
        return TypeRef(RECORD, arguments=tuple(map(_type_of, value)))
    if value is None or isinstance(value, list | set | frozenset | dict):
        return TypeRef(DYNAMIC)
    if (name := _scalar_name(value)) is not None:
        return TypeRef(name)
    return _registered_type(value)


def _dynamic_map(value: dict[Any, Any] | ListedMap, encode: Convert) -> Any:
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: at(f"[{key!r}]", encode, item) for key, item in value.items()}
    entries = value.items() if isinstance(value, dict) else value
    return items(entries, lambda entry: {"k": encode(entry[0]), "v": encode(entry[1])})


def _registered(value: Any, pair_of: PairOf) -> dict[str, Any]:
    """Encode a value of a generated class or enum, named after the nearest registered class."""
    ref = _registered_type(value)
    return {"className": class_name(ref), "data": pair_of(ref).encode(value)}


def _registered_type(value: Any) -> TypeRef:
    for python in type(value).__mro__:
        if (entry := wire.by_python.get(python)) is not None:
            module, _, short = entry.name.rpartition(".")
            return TypeRef(short, module=module)
    raise mismatch("a value that the wire knows", value)


def _read_untyped(name: str, data: Any, decode: Convert) -> Any:
    if name == MAP and isinstance(data, dict):
        return {
            at(f"[{key!r}]", read_string, key): at(f"[{key!r}]", decode, item) for key, item in data.items()
        }
    if not isinstance(data, list):
        raise mismatch(name, data)
    if name == LIST:
        return items(data, decode)
    if name == SET:
        values = items(data, decode)
        return OrderedSet(values) if _are_distinct(values) else ListedSet(values)
    if not all(isinstance(entry, dict) for entry in data):
        raise Mismatch('Map as a list of {"k": ..., "v": ...}')
    pairs = items(data, lambda entry: (decode(entry.get("k")), decode(entry.get("v"))))
    return dict(pairs) if _are_distinct([key for key, _ in pairs]) else ListedMap(pairs)


def _are_distinct(values: list[Any]) -> bool:
    """Return whether a set can hold all the values: each has a hash, and no two are equal in Python.

    True equals 1 in Python, and bytes equal other bytes; in Dart these are different entries. No type is declared here,
    so hash() is tried. Raises Mismatch.
    """
    try:
        for value in values:
            hash(value)
    except TypeError:
        return False
    if bounds.hashes_collide(values):
        raise Mismatch("values with different hashes", "too many with the same hash")
    return len(set(values)) == len(values)
