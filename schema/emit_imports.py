"""The imports of a generated module: those whose names its text has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schema.definitions import ClassDefinition, Definition, EnumDefinition, Field
from schema.emit_fields import Context
from schema.source import from_import
from schema.types import TypeRef

Names = dict[str, set[str]]
"""Module -> the names to import from it."""

STANDARD = {"datetime": "import datetime", "enum": "import enum", "uuid": "import uuid"}
OWN = {
    "clock": "core",
    "uuid7": "core.ids",
    "fields": "database",
    "indexes": "database",
    "ForeignKeyConstraint": "database.constraints",
    "Column": "database.fields",
    "Key": "database.fields",
    "SerializableException": "schema.wire",
    "WireClass": "schema.wire",
    "WireEnum": "schema.wire",
    "WireField": "schema.wire",
    "register": "schema.wire",
    "register_model": "database.by_hand",
}
TYPES = ".protocol_types"


def protocol(own: Iterable[tuple[Context, Definition]], body: str) -> str:
    """The imports of protocol.py, whose text below them is the body."""
    code = code_alone(body)
    standard = standard_lines(code)
    makers = [name for name in ("dataclass", "field") if re.search(rf"(?<![\w.]){name}\(", code)]
    if makers:
        standard.append(f"from dataclasses import {', '.join(makers)}")
    needed, annotated = _others(own)
    typing = ["TYPE_CHECKING"] if annotated else []
    typing += [name for name in ("Any", "ClassVar") if uses(code, name)]
    if typing:
        standard.append(f"from typing import {', '.join(typing)}")
    django = ["from django.db import models"] if re.search(r"(?<![\w.])models\.", code) else []
    for name in (name for name in OWN if uses(code, name)):
        needed.setdefault(OWN[name], set()).add(name)
    groups = ["\n".join(standard), "\n".join(django), *lines(needed)]
    if annotated:
        groups.append("if TYPE_CHECKING:\n" + "\n\n".join(lines(annotated, indent=1)))
    return "\n\n".join(group for group in groups if group)


def code_alone(text: str) -> str:
    """Source without its strings: words in texts are no names."""
    return re.sub(r'"""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*"', '""', text)


def uses(code: str, name: str) -> bool:
    """Whether source names it other than as an attribute or a keyword argument."""
    after = ".(,)[]|" + (":" if name[0].isupper() else "")
    return _search(rf"{name}(?<![\w.]{name})(?=[{re.escape(after)}\s])", name, code)


def _search(pattern: str, name: str, code: str) -> bool:
    """Whether the pattern, which begins with the name, is anywhere; asking for the name first is many times as fast."""
    return name in code and re.search(pattern, code) is not None


def standard_lines(code: str) -> list[str]:
    return [line for name, line in STANDARD.items() if _search(rf"{name}(?<![\w.]{name})\.", name, code)]


def lines(names: Names, indent: int = 0) -> list[str]:
    """`from ... import ...` lines: one block of the project's modules, one of the app's own."""
    wanted = sorted((source, sorted(found, key=_order)) for source, found in names.items() if found)
    blocks = [
        [
            from_import(source, found, indent=indent)
            for source, found in wanted
            if source.startswith(".") == own
        ]
        for own in (False, True)
    ]
    return ["\n".join(block) for block in blocks if block]


def _order(name: str) -> tuple[int, str, str]:
    """Names in an import as isort has them: constants, classes, then the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower(), name


def named(context: Context, kind: TypeRef, found: Names, *, here: str = "") -> None:
    """Note where the classes that a type names come from; `here` is the module of those of the same app."""
    for inner in (*kind.arguments, *(each for _, each in kind.named)):
        named(context, inner, found, here=here)
    if context.is_nameable(kind) and (source := context.source(kind) or here):
        found.setdefault(source, set()).add(context.python_name(kind))


def _others(own: Iterable[tuple[Context, Definition]]) -> tuple[Names, Names]:
    """Classes of other modules by where they come from: those that run, and those only annotations name.

    Only the first kind is imported when the module is, so that two apps may name each other's classes.
    """
    needed: Names = {}
    annotated: Names = {}
    for context, definition in own:
        added = context.addition(definition)
        needed.setdefault(".mixins", set()).update(name for name in (added.name, added.query_set) if name)
        if isinstance(definition, EnumDefinition):
            continue
        if definition.parent and context.python_parent(definition):
            named(context, definition.parent, needed)
        if definition.table and context.query_set(definition) == f"{definition.name}QuerySet":
            needed.setdefault(TYPES, set()).add(context.query_set(definition))
        for field in definition.fields:
            is_enum = isinstance(context.find(field.type), EnumDefinition)
            runs = is_enum and (definition.table or field.default_model)
            if definition.table and (field.relation or field.foreign_key):
                _related(context, definition, field, annotated)
            else:
                named(context, field.type, needed if runs else annotated)
    for source, names in needed.items():
        annotated.get(source, set()).difference_update(names)
    return needed, {source: names for source, names in annotated.items() if names}


def _related(context: Context, definition: ClassDefinition, field: Field, annotated: Names) -> None:
    """The class on the other side of a key or relation, or what stands for many of them."""
    if field.foreign_key:
        named(context, field.foreign_key.parent_class, annotated)
    elif field.relation and not field.relation.owns_key:
        target = field.relation.target
        if field.relation.kind == "one":
            named(context, target, annotated)
        elif context.is_nameable(target) and not target.module:
            source = f"{context.source(target)}_types" if context.source(target) else TYPES
            annotated.setdefault(source, set()).add(f"{target.name}Related")
