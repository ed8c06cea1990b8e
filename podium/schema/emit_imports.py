"""The imports of a generated module: the names that its text uses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Field
from podium.schema.emit_columns import COLUMNS
from podium.schema.emit_fields import Context
from podium.schema.source import from_import
from podium.wire.types import TypeRef, registry

Names = dict[str, set[str]]
"""Module -> the names to import from it."""

STANDARD = {"datetime": "import datetime", "enum": "import enum", "uuid": "import uuid"}
OWN = {
    "clock": "podium.core",
    "uuid7": "podium.core.ids",
    "base": "podium.database",
    "fields": "podium.database",
    "indexes": "podium.database",
    "ForeignKeyConstraint": "podium.database.constraints",
    "RuleConstraint": "podium.database.constraints",
    "Column": "podium.database.fields",
    "Key": "podium.database.fields",
    "validation": "podium.wire",
    "SerializableException": "podium.wire.classes",
    "WireClass": "podium.wire.classes",
    "WireEnum": "podium.wire.classes",
    "WireField": "podium.wire.classes",
    "register": "podium.wire.classes",
    "register_model": "podium.database.by_hand",
}
TYPES = ".protocol_types"


def protocol(own: Iterable[tuple[Context, Definition]], body: str) -> str:
    """The imports of protocol.py; `body` is the text below them."""
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
    """Source without its strings: words in strings are not names."""
    return re.sub(r'"""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*"', '""', text)


def uses(code: str, name: str) -> bool:
    """Return whether source uses a name other than as an attribute or a keyword argument."""
    after = ".(,)[]|" + (":" if name[0].isupper() else "")
    return _search(rf"{name}(?<![\w.]{name})(?=[{re.escape(after)}\s])", name, code)


def _search(pattern: str, name: str, code: str) -> bool:
    """Search for a pattern that begins with the name; looking for the name first is many times faster."""
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
    """Sort key of names in an import, as isort orders them: constants, classes, then the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower(), name


def named(context: Context, kind: TypeRef, found: Names, *, here: str = "") -> None:
    """Record the modules of the classes in a type; `here` is the module for classes of the same app."""
    for inner in kind.inside():
        named(context, inner, found, here=here)
    known = registry.find(kind)
    if known is not None:
        if known.python.module:
            found.setdefault(known.python.module, set()).add(known.python.text)
    elif context.is_nameable(kind) and (source := context.source(kind) or here):
        found.setdefault(source, set()).add(context.python_name(kind))


def _others(own: Iterable[tuple[Context, Definition]]) -> tuple[Names, Names]:
    """Classes of other modules by module: those used at run time, and those used in annotations only.

    Only the first kind is imported at run time, so that two apps may name each other's classes.
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
            known = registry.find(field.type)
            runs = (is_enum and (definition.table or field.default_model)) or (
                known is not None and (field.default_model or field.default_persist)
            )
            if known is not None and field.column:
                _column_class(known.column.field, needed)
            if definition.table and (field.relation or field.foreign_key):
                _related(context, definition, field, annotated)
            else:
                named(context, field.type, needed if runs else annotated)
    for source, names in needed.items():
        annotated.get(source, set()).difference_update(names)
    return needed, {source: names for source, names in annotated.items() if names}


def _column_class(path: str, needed: Names) -> None:
    """Record the module of the column of an app's own type."""
    module, _, name = path.rpartition(".")
    if module != COLUMNS:
        needed.setdefault(module, set()).add(name)


def _related(context: Context, definition: ClassDefinition, field: Field, annotated: Names) -> None:
    """Record the class on the other side of a key or relation, or the class of its related objects."""
    if field.foreign_key:
        named(context, field.foreign_key.parent_class, annotated)
    elif field.relation and not field.relation.owns_key:
        target = field.relation.target
        if field.relation.kind == "one":
            named(context, target, annotated)
        elif context.is_nameable(target) and not target.module:
            source = f"{context.source(target)}_types" if context.source(target) else TYPES
            annotated.setdefault(source, set()).add(f"{target.name}Related")
