"""The registry of simple types by name: Podium's own, and those that apps add."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from podium.wire import types
from podium.wire.types.definition import WireType
from podium.wire.types.ref import CONTAINERS, DYNAMIC, LIST, MAP, RECORD, STREAM, VOID, TypeRef


def _own() -> Iterator[WireType]:
    """Yield Podium's own types: the TYPES of each module beside this one."""
    for module in pkgutil.iter_modules(types.__path__, f"{types.__name__}."):
        yield from getattr(import_module(module.name), "TYPES", ())


_known: dict[str, WireType] = {each.name: each for each in _own()}
_MADE_OF_OTHERS = CONTAINERS | {DYNAMIC, RECORD}

_OTHER_NAMES: Mapping[str, str] = {
    "array": LIST,
    "dict": MAP,
    "any": DYNAMIC,
    "object": DYNAMIC,
    "json": DYNAMIC,
}
"""Names in other languages, in lower case, of types without a definition."""

when_added: list[Callable[[], None]] = []
"""Called after each `add`: caches built from the definitions are cleared."""


class Taken(Exception):
    """A type of an app has a name or a Python class that another type has; `name` is its name."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(message)


def add(*types: WireType) -> None:
    """Register an app's types. Raises Taken, and then adds none."""
    taken = {*_known, *_MADE_OF_OTHERS, STREAM, VOID}
    classes = {each.python.annotation: each.name for each in _known.values()}
    for each in types:
        if each.name in taken:
            raise Taken(each.name, f'there is a wire type "{each.name}" already; choose another name')
        if other := classes.get(each.python.annotation):
            python = getattr(each.python.annotation, "__name__", each.python.annotation)
            message = f'{python} is the Python class of "{other}"; write NewType("{each.name}", {python})'
            raise Taken(each.name, message)
        taken.add(each.name)
        classes[each.python.annotation] = each.name
    _known.update({each.name: each for each in types})
    for forget in when_added:
        forget()


def remove(*types: WireType) -> None:
    """Remove an app's types again."""
    for each in types:
        del _known[each.name]
    for forget in when_added:
        forget()


def find(ref: TypeRef) -> WireType | None:
    """The definition of a use's type; None for containers, `dynamic`, classes and enums."""
    return None if ref.module else _known.get(ref.name)


def named(name: str) -> WireType | None:
    """The definition of that name."""
    return _known.get(name)


def definitions() -> tuple[WireType, ...]:
    """All definitions, Podium's own first."""
    return tuple(_known.values())


def is_built_in(name: str) -> bool:
    """Return whether a type of that name exists without a model file."""
    return name in _known or name in _MADE_OF_OTHERS


def names() -> set[str]:
    """The names of all types that no model file defines, as model files write them."""
    return {*_known, *CONTAINERS, DYNAMIC}


def by_other_name(name: str) -> str:
    """The type with that name in another language; "" if none is known."""
    return next(
        (each.name for each in definitions() if name.lower() in each.other_names), ""
    ) or _OTHER_NAMES.get(name.lower(), "")


def has_hash(ref: TypeRef, is_enum: Callable[[TypeRef], bool]) -> bool:
    """Return whether values of the type can be in a Python set, or keys of a dict. If not, lists are used instead.

    The type alone decides, so that the answer is the same everywhere. No class can, not even an immutable one: a list
    in a new field or a subclass would remove the hash and so change the type of every use of the class.
    Bytes cannot either: they have a hash, but a set in Dart keeps two equal ones, and Python's would drop one.
    """
    if ref.is_record:
        return all(has_hash(each, is_enum) for each in ref.inside())
    kind = find(ref)
    return kind.equality == "value" if kind else is_enum(ref)
