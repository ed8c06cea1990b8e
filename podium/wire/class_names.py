"""The names of types in `className`: formatting and parsing."""

from __future__ import annotations

import re
from dataclasses import replace

from podium.wire import bounds
from podium.wire.classes import registered, when_registered, wire_name
from podium.wire.errors import SchemaError
from podium.wire.mismatch import Mismatch
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef, registry
from podium.wire.types.ref import CONTAINERS

MAX_CLASS_NAME = 1000
"""Maximum of characters in a className."""
MAX_CLASS_NAMES = 1000
"""Maximum of cached names; others are parsed each time."""
_named_types: dict[str, TypeRef] = {}
when_registered.append(_named_types.clear)
registry.when_added.append(_named_types.clear)
_OF_A_MODULE = re.compile(rf"^(?:(\w+)\.(?=\(|(?:{'|'.join(CONTAINERS)})<))?(.*)$", re.DOTALL)
"""A container or record named by a module: `module.List<Note>`."""


def class_name(ref: TypeRef, inside: str = "") -> str:
    """A type's name in `className`: no spaces after commas, no dimension, classes of modules as `module.Name`.

    inside  the module whose classes are named without its name
    """
    arguments = [class_name(argument, inside) for argument in ref.arguments]
    if ref.is_record:
        named = ",".join(f"{class_name(kind, inside)} {name}" for name, kind in ref.named)
        parts = [*arguments, f"{{{named}}}"] if named else arguments
        text = f"({','.join(parts)}{',' if len(parts) == 1 and not named else ''})"
    else:
        text = wire_name(ref)
        if inside and ref.module == inside:
            text = ref.name
        if arguments:
            text += f"<{','.join(arguments)}>"
    return text + ("?" if ref.nullable else "")


def streamed_name(ref: TypeRef, module: str = "") -> str:
    """The name of a container or record on a stream of an endpoint of this module ("": of the project).

    A module's client names the types of its own streams; the project's client puts the module's name before that:
    `module.List<Note>`, where a stream of the project has `List<module.Note>`.
    """
    return f"{module}.{class_name(ref, module)}" if module else class_name(ref)


def named_type(name: str) -> TypeRef:
    """The type that a className spells: "int", "module.Note", "List<Note>?", "(int,{String name})".

    Also accepts names of streamed_name(): "module.List<Note>" is a list of "module.Note". Raises Mismatch.
    """
    if len(name) > MAX_CLASS_NAME:
        raise Mismatch("a shorter className")
    if (kind := registry.named(name)) is not None and kind.sized:
        return TypeRef(name)  # a className has no dimension
    if (ref := _named_types.get(name)) is None:
        if not bounds.may_read_name():
            raise Mismatch(f"at most {bounds.NEW_NAMES} type names that are not in use yet")
        try:
            [(module, inside)] = _OF_A_MODULE.findall(name)
            ref = _within(parse_type(re.sub(r"\b(\w+)\.(\w+)", r"module:\1:\2", inside)), module)
        except (SchemaError, RecursionError):
            raise Mismatch("a className that names a type", "another string") from None
        if len(_named_types) < MAX_CLASS_NAMES:
            _named_types[name] = ref
    return ref


def _within(ref: TypeRef, module: str) -> TypeRef:
    """The type with `module` added to the names of that module's classes."""
    if not module:
        return ref
    own = not ref.module and f"{module}.{ref.name}" in registered
    return replace(
        ref,
        module=module if own else ref.module,
        arguments=tuple(_within(each, module) for each in ref.arguments),
        named=tuple((name, _within(kind, module)) for name, kind in ref.named),
    )
