"""`dynamic` on the wire: values that carry the name of their type."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schema import bounds, scalars, wire
from schema.class_names import class_name, named_type
from schema.containers import ListedMap, ListedSet, PairOf, at, items
from schema.scalars import Convert, Mismatch, Pair, mismatch
from schema.types import RECORD, TypeRef

_NAMES: dict[type[Any], str] = {
    bool: "bool",
    int: "int",
    float: "double",
    str: "String",
    datetime: "DateTime",
    timedelta: "Duration",
    UUID: "UuidValue",
    bytes: "ByteData",
}


def _scalar_name(value: Any) -> str | None:
    name = _NAMES.get(type(value))
    return "BigInt" if name == "int" and not -(2**63) <= value < 2**63 else name


def dynamic_pair(pair_of: PairOf) -> Pair:
    """`{"className", "data"}` of any value, by its Python class."""

    def encode(value: Any) -> dict[str, Any]:
        if value is None:
            return {"className": "null", "data": None}
        if (name := _scalar_name(value)) is not None:
            return {"className": name, "data": scalars.SCALARS[name].encode(value)}
        if isinstance(value, dict | ListedMap):
            return {"className": "Map", "data": _dynamic_map(value, encode)}
        if isinstance(value, set | frozenset | ListedSet):
            return {"className": "Set", "data": items(value, encode)}
        if isinstance(value, list):
            return {"className": "List", "data": items(value, encode)}
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
        if name in ("List", "Set", "Map"):
            return _read_untyped(name, inside, decode)
        return pair_of(named_type(name)).decode(inside)

    return Pair(encode, decode)


def _type_of(value: Any) -> TypeRef:
    """What a value inside a tuple is called, so that who reads the record knows it. Raises Mismatch."""
    if isinstance(value, tuple):
        return TypeRef(RECORD, arguments=tuple(map(_type_of, value)))
    if value is None or isinstance(value, list | set | frozenset | dict):
        return TypeRef("dynamic")
    if (name := _scalar_name(value)) is not None:
        return TypeRef(name)
    return _registered_type(value)


def _dynamic_map(value: dict[Any, Any] | ListedMap, encode: Convert) -> Any:
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: at(f"[{key!r}]", encode, item) for key, item in value.items()}
    entries = value.items() if isinstance(value, dict) else value
    return items(entries, lambda entry: {"k": encode(entry[0]), "v": encode(entry[1])})


def _registered(value: Any, pair_of: PairOf) -> dict[str, Any]:
    """A value of a generated class or enum, by the name of the nearest class that is known."""
    ref = _registered_type(value)
    return {"className": class_name(ref), "data": pair_of(ref).encode(value)}


def _registered_type(value: Any) -> TypeRef:
    for python in type(value).__mro__:
        if (entry := wire.by_python.get(python)) is not None:
            module, _, short = entry.name.rpartition(".")
            return TypeRef(short, module=module)
    raise mismatch("a value that the wire knows", value)


def _read_untyped(name: str, data: Any, decode: Convert) -> Any:
    if name == "Map" and isinstance(data, dict):
        return {key: at(f"[{key!r}]", decode, item) for key, item in data.items()}
    if not isinstance(data, list):
        raise mismatch(name, data)
    if name == "List":
        return items(data, decode)
    if name == "Set":
        values = items(data, decode)
        return set(values) if _have_hash(values) else ListedSet(values)
    if not all(isinstance(entry, dict) for entry in data):
        raise Mismatch('Map as a list of {"k": ..., "v": ...}')
    pairs = items(data, lambda entry: (decode(entry.get("k")), decode(entry.get("v"))))
    return dict(pairs) if _have_hash([key for key, _ in pairs]) else ListedMap(pairs)


def _have_hash(values: list[Any]) -> bool:
    """Return whether a set can hold the values. No type is declared here, so hash() is tried. Raises Mismatch."""
    try:
        for value in values:
            hash(value)
    except TypeError:
        return False
    if bounds.hashes_collide(values):
        raise Mismatch("values with different hashes", "too many with the same hash")
    return True
