"""Python annotations as wire types, for the signatures of endpoints and tasks."""

from __future__ import annotations

import collections.abc
import difflib
import re
import types
import typing
from dataclasses import replace
from functools import cache
from typing import Any

from podium.wire import classes as wire
from podium.wire.names import lower_camel_case
from podium.wire.types import (
    RECORD,
    Listed,
    MapAsPairs,
    SetAsList,
    TypeRef,
    registry,
)
from podium.wire.types.ref import DYNAMIC, LIST, MAP, SET, STREAM

CONTAINERS: dict[Any, str] = {list: LIST, set: SET, dict: MAP}
LISTED = {SET: "SetAsList", MAP: "MapAsPairs"}
"""The annotations of podium.wire.types for sets and maps with unhashable entries or keys."""
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


@cache
def _by_annotation() -> dict[Any, str]:
    """The types by their annotation in signatures."""
    return {each.python.annotation: each.name for each in registry.definitions()} | {Any: DYNAMIC}


registry.when_added.append(_by_annotation.cache_clear)


def known_names() -> list[str]:
    """The names of wire types in signatures, to suggest a similar one."""
    return [*wire.registered, *(each.__name__ for each in _by_annotation() if each is not Any)]


class NotOnTheWire(Exception):
    """An annotation that is not a wire type; the message says what to write instead."""


def type_ref(annotation: Any) -> TypeRef:
    """The wire type of an annotation; an async iterator of T is `Stream<T>`. Raises NotOnTheWire."""
    if typing.get_origin(annotation) in ITERATORS:
        return TypeRef(STREAM, arguments=(value_type(typing.get_args(annotation)[0]),))
    return value_type(annotation)


def value_type(annotation: Any) -> TypeRef:
    """The wire type of an annotation that can't be a stream. Raises NotOnTheWire."""
    if (name := _by_annotation().get(annotation)) is not None:
        return TypeRef(name)
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
        raise NotOnTheWire("a stream can only be a parameter or the result, not inside another type")
    return _declared(annotation)


def _hashed(annotation: Any, found: TypeRef) -> TypeRef:
    """Refuse a set or dict that Python could not build."""
    if found.is_list or registry.has_hash(found.arguments[0], wire.is_enum):
        return found
    spelt = _spelt(annotation)
    instead = LISTED[found.name] + spelt[spelt.index("[") :]
    if _has_bytes(found.arguments[0]):
        problem = f"{spelt} keeps one of several equal bytes, and a {found.name} in Dart keeps all"
    else:
        problem = (
            f"{spelt} can't hold a {_spelt(typing.get_args(annotation)[0])}, which has no hash in Python"
        )
    raise NotOnTheWire(
        f"{problem}; write {instead} (from podium.wire.types), a list here and a {found.name} to clients"
    )


def _has_bytes(ref: TypeRef) -> bool:
    """Test whether a type is ByteData, or a record that contains it."""
    kind = registry.find(ref)
    is_bytes = kind is not None and kind.equality == "identity"
    return is_bytes or (ref.is_record and any(map(_has_bytes, ref.inside())))


def _is_listed(annotation: Any) -> bool:
    """Return whether an annotation is SetAsList[T] or MapAsPairs[K, V]."""
    return typing.get_origin(annotation) is typing.Annotated and isinstance(
        annotation.__metadata__[0], Listed
    )


def _listed(annotation: Any, below: TypeRef) -> TypeRef:
    """The Set or Map that an annotated list represents. Raises NotOnTheWire if a set or dict would do."""
    [inside], name = below.arguments, annotation.__metadata__[0].name
    found = TypeRef(name, arguments=(inside,) if name == SET else inside.arguments)
    if registry.has_hash(found.arguments[0], wire.is_enum):
        spelt = _spelt(annotation)
        instead = {SET: "set", MAP: "dict"}[name] + spelt[spelt.index("[") :]
        raise NotOnTheWire(f"{spelt} is for what has no hash in Python; write {instead}")
    return found


def _spelt(annotation: Any) -> str:
    """An annotation as written in source: classes without their modules."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if _is_listed(annotation):
        name = LISTED[annotation.__metadata__[0].name]
        arguments = typing.get_args(arguments[0])
        arguments = typing.get_args(arguments[0]) if name == LISTED[MAP] else arguments
    elif origin in (typing.Union, types.UnionType):
        return " | ".join(map(_spelt, arguments))
    else:
        name = "None" if annotation is type(None) else getattr(annotation, "__name__", str(annotation))
    return f"{name}[{', '.join(map(_spelt, arguments))}]" if arguments else name


def _named_record(annotation: type[Any]) -> TypeRef:
    """The record of a NamedTuple: item1, item2 and so on are positional fields, the others named ones."""
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
    return inner if inner.is_dynamic else replace(inner, nullable=True)


def _declared(annotation: Any) -> TypeRef:
    entry = wire.by_python.get(annotation) if isinstance(annotation, type) else None
    if entry is not None:
        module, _, name = entry.name.rpartition(".")
        return TypeRef(name, module=module)
    name = getattr(annotation, "__name__", str(annotation))
    near = difflib.get_close_matches(name, known_names(), n=1)
    raise NotOnTheWire(
        f"{name} is not a wire type; "
        + (f"did you mean {near[0]}?" if near else "declare the class in a model file")
    )
