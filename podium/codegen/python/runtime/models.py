"""Classes, exceptions and enums of model files: their bases, their codecs, and values that carry their type."""

from __future__ import annotations

import datetime
import enum
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal, Self, TypeGuard, TypeVar, cast

from . import wire
from .errors import WireError
from .ordered import OrderedSet
from .wire import Codec, at, expected, mapping

T = TypeVar("T")
E = TypeVar("E", bound=enum.Enum)


class _Declared:
    """The common base of classes and exceptions."""

    def to_json(self) -> dict[str, Any]:
        """The object as it goes over the wire, for `json.dumps`."""
        return cast("dict[str, Any]", of(type(self)).encode(self))

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """An object of this class, or of the subclass that the data names. Raises WireError."""
        return of(cls).decode(data)


class Model(_Declared):
    """The base of all classes that model files declare."""


class ModelException(_Declared, Exception):
    """The base of all exceptions that model files declare: the server's arrive with their type and fields."""

    def __str__(self) -> str:
        message = getattr(self, "message", None)
        return message if isinstance(message, str) else (type(self).__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key on the wire, its attribute, its codec; one with a default may be missing there."""

    key: str
    attribute: str
    codec: Codec[Any]
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    python: type[Any]
    fields: Sequence[Field] | None  # None: sealed, every object is of a subclass


@dataclass(frozen=True, slots=True)
class _Enum:
    name: str
    python: type[enum.Enum]
    codec: Codec[Any]


_by_name: dict[str, _Class | _Enum] = {}
_by_python: dict[type[Any], _Class | _Enum] = {}


def register_class(name: str, python: type[Any], fields: Sequence[Field] | None) -> None:
    """Register a class under its name on the wire; `fields` is None for a sealed one."""
    _by_name[name] = _by_python[python] = _Class(name, python, fields)


def register_enum(
    name: str, python: type[E], serialized: Literal["byName", "byIndex"], unknown: E | None = None
) -> None:
    """Register an enum. `unknown` is the result for values that this client does not know."""
    members = list(python)

    def encode(value: E) -> Any:
        if not isinstance(value, python):
            raise expected(f"a {name}", value)
        return value.value if serialized == "byName" else members.index(value)

    def decode(data: Any) -> E:
        for index, member in enumerate(members):
            if data == (member.value if serialized == "byName" else index) and not isinstance(data, bool):
                return member
        if unknown is None:
            raise expected(f"a {name}: one of {', '.join(member.value for member in members)}", data)
        return unknown

    _by_name[name] = _by_python[python] = _Enum(name, python, Codec(lambda: name, encode, decode))


def of(python: type[T]) -> Codec[T]:
    """The codec of a class, exception or enum that a model file declares."""
    return Codec(
        lambda: _entry(python).name,
        lambda value: _encode(python, value),
        lambda data: cast("T", _decode(python, data)),
    )


def _entry(python: type[Any]) -> _Class | _Enum:
    for base in python.__mro__:  # an application's own subclass is treated as its parent
        if base in _by_python:
            return _by_python[base]
    raise WireError(f"{python.__name__} is not declared in a model file")


def _encode(python: type[Any], value: Any) -> Any:
    """The fields that are not None, after the name of the object's own class."""
    declared = _entry(python)
    if isinstance(declared, _Enum):
        return declared.codec.encode(value)
    kind: type[Any] = value.__class__
    if not isinstance(value, python):
        raise expected(f"a {declared.name}", value)
    own = _entry(kind)
    if isinstance(own, _Enum) or own.fields is None:
        raise expected(f"a class that extends {declared.name}", value)
    result: dict[str, Any] = {"__className__": own.name}
    for field in own.fields:
        item = getattr(value, field.attribute)
        if item is not None:
            with at(f".{field.attribute}"):
                result[field.key] = field.codec.encode(item)
    return result


def _decode(python: type[Any], data: Any) -> Any:
    declared = _entry(python)
    if isinstance(declared, _Enum):
        return declared.codec.decode(data)
    name = mapping(data).get("__className__")
    own = _by_name.get(name, declared) if isinstance(name, str) else declared
    if isinstance(own, _Enum) or not issubclass(own.python, declared.python):
        raise expected(f"a {declared.name}", name)
    if own.fields is None:
        raise expected(f"a class that extends {declared.name}", name)
    values = {}
    for field in own.fields:
        item = data.get(field.key)
        if item is None and field.has_default:
            continue
        with at(f".{field.attribute}"):
            values[field.attribute] = field.codec.decode(item)
    return own.python(**values)


def decode_exception(data: Any) -> ModelException | None:
    """Decode the server's exception from {"className", "data"}; None if this client does not know it."""
    if not wire.is_object(data):
        return None
    entry = _by_name.get(str(data.get("className")))
    if entry is None or not issubclass(entry.python, ModelException):
        return None
    return cast("ModelException", _decode(entry.python, data.get("data")))


# Values that carry their type -----------------------------------------------------------------------------------------

_named: list[Codec[Any]] = [
    *(wire.INT, wire.DOUBLE, wire.BOOL, wire.STRING, wire.DATE_TIME, wire.DURATION, wire.UUID, wire.URI),
    *(wire.BIG_INT, wire.BYTE_DATA, wire.BIT),
    *map(wire.vector, ["Vector", "HalfVector", "SparseVector"]),
    *map(wire.geography, ["GeographyPoint", "GeographyLineString", "GeographyPolygon"]),
    wire.geography("GeographyGeometryCollection"),
]
_SCALARS: dict[str, Codec[Any]] = {codec.name(): codec for codec in _named}
_BY_TYPE: dict[type[Any], Codec[Any]] = {
    bool: wire.BOOL,
    float: wire.DOUBLE,
    str: wire.STRING,
    datetime.datetime: wire.DATE_TIME,
    datetime.timedelta: wire.DURATION,
    uuid.UUID: wire.UUID,
    bytes: wire.BYTE_DATA,
}


def _encode_dynamic(value: Any) -> dict[str, Any]:
    if value is None:
        return {"className": "null", "data": None}
    if isinstance(value, (ListedSet, ListedMap)):
        return _encode_listed(value)
    if wire.is_list(value):
        return {"className": "List", "data": [_encode_dynamic(item) for item in value]}
    if _is_set(value):
        return {"className": "Set", "data": [_encode_dynamic(item) for item in value]}
    if _is_mapping(value):
        if all(isinstance(key, str) for key in value):
            return {"className": "Map", "data": {key: _encode_dynamic(item) for key, item in value.items()}}
        pairs = [{"k": _encode_dynamic(key), "v": _encode_dynamic(item)} for key, item in value.items()]
        return {"className": "Map", "data": pairs}
    codec = _codec_for(value)
    return {"className": codec.name(), "data": codec.encode(value)}


def _encode_listed(value: ListedSet | ListedMap) -> dict[str, Any]:
    if isinstance(value, ListedSet):
        return {"className": "Set", "data": [_encode_dynamic(item) for item in value]}
    pairs = [{"k": _encode_dynamic(key), "v": _encode_dynamic(item)} for key, item in value]
    return {"className": "Map", "data": pairs}


def _is_set(value: Any) -> TypeGuard[AbstractSet[Any]]:
    return isinstance(value, AbstractSet)


def _is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _codec_for(value: Any) -> Codec[Any]:
    """The codec by a value's class; a whole number is an int if it fits in 64 bits, else a BigInt."""
    kind: type[Any] = value.__class__
    if isinstance(value, (_Declared, enum.Enum)):
        return of(kind)
    if isinstance(value, int) and not isinstance(value, bool):
        return wire.INT if -(2**63) <= value < 2**63 else wire.BIG_INT
    codec = _BY_TYPE.get(kind)
    if codec is None:
        raise expected("a value of a type that the wire has", value)
    return codec


def _decode_dynamic(data: Any) -> Any:
    if data is None:
        return None
    found = mapping(data)
    name, inner = found.get("className"), found.get("data")
    if name == "null":
        return None
    if name in ("List", "Set"):
        items = wire.list_of(DYNAMIC).decode(inner)
        return items if name == "List" else _hashed(OrderedSet, ListedSet, items)
    if name == "Map":
        if isinstance(inner, dict):
            return wire.string_map(DYNAMIC).decode(inner)
        return _hashed(dict, ListedMap, wire.map_as_pairs(DYNAMIC, DYNAMIC).decode(inner))
    if entry := _by_name.get(str(name)):
        return _decode(entry.python, inner)
    codec = _SCALARS.get(str(name))
    if codec is None:
        raise expected("a className that this client knows", name)
    return codec.decode(inner)


class ListedSet(list[Any]):
    """A set inside `dynamic` that Python cannot hold: entries without a hash, or equal ones such as 1 and True."""


class ListedMap(list[tuple[Any, Any]]):
    """A map inside `dynamic` with such keys: (key, value) pairs."""


def _hashed(container: type[Any], listed: type[Any], items: list[Any]) -> Any:
    """A set or dict; the list if that cannot hold all items."""
    try:
        found = container(items)
    except TypeError:
        return listed(items)
    return found if len(found) == len(items) else listed(items)


DYNAMIC: Codec[Any] = Codec(lambda: "dynamic", _encode_dynamic, _decode_dynamic)


def encode_typed(codec: Codec[T], value: T) -> dict[str, Any]:
    """A value on a stream: {"className", "data"}."""
    if codec.name() == "dynamic":
        return _encode_dynamic(value)
    if value is None:
        return {"className": "null", "data": None}
    name = _entry(type(value)).name if isinstance(value, _Declared) else codec.name().removesuffix("?")
    return {"className": name, "data": codec.encode(value)}


def decode_typed(codec: Codec[T], data: Any) -> T:
    """A value from a stream, by the type that the stream declares."""
    if codec.name() == "dynamic":
        return codec.decode(data)
    found = mapping(data)
    name, inner = found.get("className"), found.get("data")
    if name == "null":
        return codec.decode(None)
    if isinstance(_by_name.get(str(name)), _Class):
        return codec.decode({"__className__": name, **mapping(inner)})
    return codec.decode(inner)


# Defaults -------------------------------------------------------------------------------------------------------------


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def uuid7() -> uuid.UUID:
    """A UUID whose order is the order of creation, to the millisecond (RFC 9562 section 5.7)."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62
    return uuid.UUID(int=value | random & 0x3FFF_FFFF_FFFF_FFFF)
