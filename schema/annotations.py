"""Python annotations as wire types: what endpoints' and tasks' signatures are read with."""

from __future__ import annotations

import collections.abc
import datetime
import difflib
import re
import types
import typing
import uuid
from dataclasses import replace
from typing import Any

from schema import wire
from schema.names import lower_camel_case
from schema.types import (
    RECORD,
    BigInt,
    Bit,
    GeographyGeometryCollection,
    GeographyLineString,
    GeographyPoint,
    GeographyPolygon,
    HalfVector,
    Listed,
    MapAsPairs,
    SetAsList,
    SparseVector,
    TypeRef,
    Uri,
    Vector,
    has_hash,
)

SCALARS: dict[Any, str] = {
    int: "int",
    float: "double",
    bool: "bool",
    str: "String",
    bytes: "ByteData",
    datetime.datetime: "DateTime",
    datetime.timedelta: "Duration",
    uuid.UUID: "UuidValue",
    Uri: "Uri",
    BigInt: "BigInt",
    Vector: "Vector",
    HalfVector: "HalfVector",
    SparseVector: "SparseVector",
    Bit: "Bit",
    GeographyPoint: "GeographyPoint",
    GeographyLineString: "GeographyLineString",
    GeographyPolygon: "GeographyPolygon",
    GeographyGeometryCollection: "GeographyGeometryCollection",
    Any: "dynamic",
}
CONTAINERS: dict[Any, str] = {list: "List", set: "Set", dict: "Map"}
LISTED = {"Set": "SetAsList", "Map": "MapAsPairs"}
"""What schema.types has for those whose entries or keys Python can't hash."""
EXAMPLES: dict[Any, str] = {
    list: "list[str]",
    set: "set[str]",
    dict: "dict[str, int]",
    SetAsList: "SetAsList[list[str]]",
    MapAsPairs: "MapAsPairs[list[str], int]",
}
ITERATORS = (
    collections.abc.AsyncIterator,
    collections.abc.AsyncGenerator,
    collections.abc.AsyncIterable,
    collections.abc.Iterator,
    collections.abc.Generator,
)


class NotOnTheWire(Exception):
    """An annotation that can't cross the wire; the text says what to write instead."""


def type_ref(annotation: Any) -> TypeRef:
    """The wire's type of an annotation; an async iterator of T is `Stream<T>`. Raises NotOnTheWire."""
    if typing.get_origin(annotation) in ITERATORS:
        return TypeRef("Stream", arguments=(value_type(typing.get_args(annotation)[0]),))
    return value_type(annotation)


def value_type(annotation: Any) -> TypeRef:
    """The same for what can't be a stream. Raises NotOnTheWire."""
    if annotation in SCALARS:
        return TypeRef(SCALARS[annotation])
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _nullable(annotation, arguments)
    if annotation in EXAMPLES:
        example = EXAMPLES[annotation]
        raise NotOnTheWire(f"{example.partition('[')[0]} is not a wire type; write for example {example}")
    if origin in CONTAINERS:
        return _hashed(annotation, TypeRef(CONTAINERS[origin], arguments=tuple(map(value_type, arguments))))
    if _is_listed(annotation):
        return _listed(annotation, value_type(arguments[0]))
    if origin is tuple:
        return TypeRef(RECORD, arguments=tuple(map(value_type, arguments)))
    if isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        return _named_record(annotation)
    if origin in ITERATORS:
        raise NotOnTheWire("a stream can only be a parameter or the result, not inside of another type")
    return _declared(annotation)


def _hashed(annotation: Any, found: TypeRef) -> TypeRef:
    """Refuses a set, or a dict, that Python could not make."""
    if found.name == "List" or has_hash(found.arguments[0], wire.is_enum):
        return found
    spelt = _spelt(annotation)
    instead = LISTED[found.name] + spelt[spelt.index("[") :]
    raise NotOnTheWire(
        f"{spelt} can't hold a {_spelt(typing.get_args(annotation)[0])}, which has no hash in Python; "
        f"write {instead} (from schema.types), a list here and a {found.name} to clients"
    )


def _is_listed(annotation: Any) -> bool:
    """Whether it is SetAsList[T] or MapAsPairs[K, V]."""
    return typing.get_origin(annotation) is typing.Annotated and isinstance(
        annotation.__metadata__[0], Listed
    )


def _listed(annotation: Any, below: TypeRef) -> TypeRef:
    """The Set or Map that an annotated list stands for, where it has to."""
    [inside], name = below.arguments, annotation.__metadata__[0].name
    found = TypeRef(name, arguments=(inside,) if name == "Set" else inside.arguments)
    if has_hash(found.arguments[0], wire.is_enum):
        spelt = _spelt(annotation)
        instead = {"Set": "set", "Map": "dict"}[name] + spelt[spelt.index("[") :]
        raise NotOnTheWire(f"{spelt} is for what has no hash in Python; write {instead}")
    return found


def _spelt(annotation: Any) -> str:
    """An annotation as its programmer wrote it: classes without their modules."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if _is_listed(annotation):
        name = LISTED[annotation.__metadata__[0].name]
        arguments = typing.get_args(arguments[0])
        arguments = typing.get_args(arguments[0]) if name == "MapAsPairs" else arguments
    elif origin in (typing.Union, types.UnionType):
        return " | ".join(map(_spelt, arguments))
    else:
        name = "None" if annotation is type(None) else getattr(annotation, "__name__", str(annotation))
    return f"{name}[{', '.join(map(_spelt, arguments))}]" if arguments else name


def _named_record(annotation: type[Any]) -> TypeRef:
    """The record of a NamedTuple: item1, item2 and so on are its positional fields, all others have names there too."""
    kinds = typing.get_type_hints(annotation, include_extras=True)
    missing = [name for name in annotation._fields if name not in kinds]
    if missing:
        raise NotOnTheWire(
            f"{annotation.__name__}.{missing[0]} has no type; write `class {annotation.__name__}(NamedTuple):`"
        )
    positional: list[TypeRef] = []
    named: list[tuple[str, TypeRef]] = []
    for name in annotation._fields:
        kind = value_type(kinds[name])
        if not re.fullmatch(r"item\d+", name):
            named.append((lower_camel_case(name), kind))
        elif named or name != f"item{len(positional) + 1}":
            raise NotOnTheWire(
                f"{annotation.__name__}.{name} is out of order; positional fields come first: item1, item2, ..."
            )
        else:
            positional.append(kind)
    return TypeRef(RECORD, arguments=tuple(positional), named=tuple(named))


def _nullable(annotation: Any, arguments: tuple[Any, ...]) -> TypeRef:
    others = [each for each in arguments if each is not type(None)]
    if len(others) != 1 or len(arguments) != 2:
        raise NotOnTheWire(f"{annotation} is not a wire type; write one type, or one type and None")
    inner = value_type(others[0])
    return inner if inner.name == "dynamic" else replace(inner, nullable=True)


def _declared(annotation: Any) -> TypeRef:
    entry = wire.by_python.get(annotation) if isinstance(annotation, type) else None
    if entry is not None:
        module, _, name = entry.name.rpartition(".")
        return TypeRef(name, module=module)
    name = getattr(annotation, "__name__", str(annotation))
    known = [*wire.registered, *(each.__name__ for each in SCALARS if each is not Any)]
    near = difflib.get_close_matches(name, known, n=1)
    raise NotOnTheWire(
        f"{name} is not a wire type; "
        + (f"did you mean {near[0]}?" if near else "declare the class in a model file")
    )
