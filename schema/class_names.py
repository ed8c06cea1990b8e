"""The names of types in `className`: how they are spelled and read."""

from __future__ import annotations

import re

from schema import bounds
from schema.errors import SchemaError
from schema.parse import parse_type
from schema.scalars import Mismatch
from schema.types import RECORD, VECTORS, TypeRef
from schema.wire import wire_name

MAX_CLASS_NAME = 1000
"""Characters of a className."""
MAX_CLASS_NAMES = 1000
"""Names that are remembered; those beyond are parsed anew each time."""
_named_types: dict[str, TypeRef] = {}


def class_name(ref: TypeRef) -> str:
    """A type's name in `className`: no spaces after commas, no dimension, classes of modules as `module.Name`."""
    if ref.name == RECORD:
        named = ",".join(f"{class_name(kind)} {name}" for name, kind in ref.named)
        parts = [class_name(argument) for argument in ref.arguments] + ([f"{{{named}}}"] if named else [])
        text = f"({','.join(parts)}{',' if len(parts) == 1 and not named else ''})"
    else:
        text = wire_name(ref)
        if ref.arguments:
            text += f"<{','.join(map(class_name, ref.arguments))}>"
    return text + ("?" if ref.nullable else "")


def named_type(name: str) -> TypeRef:
    """The type that a className spells: "int", "module.Note", "List<Note>?", "(int,{String name})". Raises Mismatch."""
    if len(name) > MAX_CLASS_NAME:
        raise Mismatch("a shorter className")
    if name in VECTORS:
        return TypeRef(name)  # a className has no dimension
    if (ref := _named_types.get(name)) is None:
        if not bounds.may_read_name():
            raise Mismatch(f"at most {bounds.NEW_NAMES} type names that are not in use yet")
        try:
            ref = parse_type(re.sub(r"\b(\w+)\.(\w+)", r"module:\1:\2", name))
        except (SchemaError, RecursionError):
            raise Mismatch("a className that names a type", "another string") from None
        if len(_named_types) < MAX_CLASS_NAMES:
            _named_types[name] = ref
    return ref
