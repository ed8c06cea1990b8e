"""Checked definitions to the text of each app's protocol.py. A pure function; the text reads as if a person wrote it.

A class with a table becomes a Django model, any other a dataclass. A class that extends another is its subclass in
Python where both are dataclasses; elsewhere its fields are repeated, and the codecs know the parent by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from schema import emit_fields
from schema.definitions import ClassDefinition, Definition, EnumDefinition, Field, Protocol
from schema.emit_fields import Context
from schema.python_names import attribute_names, member_names
from schema.source import INDENT, call, docstring, exploded, literal, string


def emit(protocol: Protocol, app: str) -> str:
    """The text of `<app>/protocol.py`: everything whose model file is in that app."""
    own = [each for each in protocol.definitions if each.app == app]
    context = Context(protocol, app)
    enums = [each for each in own if isinstance(each, EnumDefinition)]
    classes = _parents_first(protocol, [each for each in own if isinstance(each, ClassDefinition)])
    blocks = [_enum(each) for each in enums]
    blocks += [_class(context, each) for each in classes]
    blocks.append(_registration(context, enums, classes))
    names = exploded(
        "__all__ = ", (f"{INDENT}{string(each.name)}" for each in sorted(own, key=_name)), indent=0
    )
    body = "\n\n\n".join(blocks)
    return f"{_head(app)}\n\n{_imports(context, body)}\n\n{names}\n\n\n{body}\n"


def _name(definition: Definition) -> str:
    return definition.name


def _head(app: str) -> str:
    text = (
        f"The models of {app}, generated from its model files by `python3 manage.py generate`. Do not edit."
    )
    return f'"""{text}"""\n\nfrom __future__ import annotations'


def _parents_first(protocol: Protocol, classes: list[ClassDefinition]) -> list[ClassDefinition]:
    """By name, but a parent before its children."""
    ordered: dict[str, ClassDefinition] = {}

    def add(one: ClassDefinition) -> None:
        parent = protocol.find(one.parent) if one.parent else None
        if isinstance(parent, ClassDefinition) and parent in classes and parent.name not in ordered:
            add(parent)
        ordered.setdefault(one.name, one)

    for one in sorted(classes, key=lambda each: (each.kind == "exception", not each.table, each.name)):
        add(one)
    return list(ordered.values())


# Enums ------------------------------------------------------------------------------------------------------------


def _enum(definition: EnumDefinition) -> str:
    lines = [f"class {definition.name}(enum.Enum):"]
    if definition.doc:
        lines += [docstring(definition.doc, indent=1), ""]
    members = member_names(value.name for value in definition.values)
    for value in definition.values:
        lines.append(f"{INDENT}{members[value.name]} = {string(value.name)}")
        if value.doc:
            lines.append(docstring(value.doc, indent=1))
    attributes = attribute_names(["name", "value", *(name for name, _ in definition.properties)])
    for name, kind in definition.properties:
        entries = [
            f"{string(each.name)}: {literal(dict(each.properties)[name])}" for each in definition.values
        ]
        head = f"{INDENT}def {attributes[name]}(self) -> {emit_fields.builtin_type(kind)}:"
        lines += ["", f"{INDENT}@property", head, _lookup(entries)]
    return "\n".join(lines)


def _lookup(entries: list[str]) -> str:
    one_line = f"{INDENT * 2}return {{{', '.join(entries)}}}[self.value]"
    if len(one_line) <= 110:
        return one_line
    return exploded(
        "return ", (INDENT * 3 + entry for entry in entries), indent=2, brackets="{}", tail="[self.value]"
    )


# Classes ----------------------------------------------------------------------------------------------------------


def _class(context: Context, definition: ClassDefinition) -> str:
    return _model(context, definition) if definition.table else _dataclass(context, definition)


def _model(context: Context, definition: ClassDefinition) -> str:
    lines = [f"class {definition.name}(models.Model):"]
    if definition.doc:
        lines += [docstring(definition.doc, indent=1), ""]
    attributes = context.attributes(definition)
    for field in definition.fields:
        if field.relation is None:
            lines.append(emit_fields.column(context, definition, field, attributes))
            if doc := _doc_of_column(definition, field):
                lines.append(docstring(doc, indent=1))
    lines += ["", _meta(context, definition)]
    return "\n".join(lines)


def _doc_of_column(definition: ClassDefinition, field: Field) -> str:
    """A key's comment is that of its object field, where that has one."""
    if field.foreign_key and field.foreign_key.object_field:
        return definition.field(field.foreign_key.object_field).doc or field.doc
    return field.doc


def _meta(context: Context, definition: ClassDefinition) -> str:
    lines = [f"{INDENT}class Meta:", f"{INDENT * 2}db_table = {string(definition.table)}"]
    if not definition.managed_migration:
        lines.append(f"{INDENT * 2}managed = False")
    if constraints := emit_fields.constraints(context, definition):
        lines.append(exploded("constraints = ", constraints, indent=2))
    if indexes := emit_fields.indexes(context, definition):
        lines.append(exploded("indexes = ", indexes, indent=2))
    return "\n".join(lines)


def _dataclass(context: Context, definition: ClassDefinition) -> str:
    parent = context.python_parent(definition)
    options = ["kw_only=True"]
    if definition.kind == "exception":
        options.append("eq=False")
    elif context.is_frozen(definition):
        options.append("frozen=True")
    base = (
        f"({parent.name})" if parent else "(SerializableException)" if definition.kind == "exception" else ""
    )
    lines = [f"@dataclass({', '.join(options)})", f"class {definition.name}{base}:"]
    if definition.doc:
        lines.append(docstring(definition.doc, indent=1))
    attributes = context.attributes(definition)
    inherited = {field.name for field in parent.fields} if parent else set()
    own = [field for field in definition.fields if field.name not in inherited]
    if own and definition.doc:
        lines.append("")
    for field in own:
        lines.append(emit_fields.attribute(context, field, attributes[field.name]))
        if field.doc:
            lines.append(docstring(field.doc, indent=1))
    if not own and not definition.doc:
        lines.append(f"{INDENT}pass")
    return "\n".join(lines)


# What the wire knows ------------------------------------------------------------------------------------------------


def _registration(
    context: Context, enums: Iterable[EnumDefinition], classes: Iterable[ClassDefinition]
) -> str:
    entries = [_wire_enum(each) for each in enums] + [_wire_class(context, each) for each in classes]
    return "register(\n" + exploded("", entries, indent=1) + "\n)"


def _wire_enum(definition: EnumDefinition) -> str:
    arguments = [string(definition.name), definition.name, string(definition.serialized)]
    if definition.default:
        members = member_names(value.name for value in definition.values)
        arguments.append(f"default={definition.name}.{members[definition.default]}")
    if definition.server_only:
        arguments.append("server_only=True")
    return call("WireEnum", arguments, indent=2)


def _wire_class(context: Context, definition: ClassDefinition) -> str:
    attributes = context.attributes(definition)
    fields = [_wire_field(field, attributes[field.name]) for field in definition.fields]
    space = INDENT * 3
    lines = [f"{space}{string(definition.name)},", f"{space}{definition.name},"]
    lines.append(exploded("", fields, indent=3) + "," if fields else f"{space}[],")
    if definition.sealed:
        lines.append(f"{space}sealed=True,")
    if definition.parent:
        parent = definition.parent
        lines.append(
            f"{space}parent={string(f'{parent.module}.{parent.name}' if parent.module else parent.name)},"
        )
    if definition.server_only:
        lines.append(f"{space}server_only=True,")
    return f"{INDENT * 2}WireClass(\n" + "\n".join(lines) + f"\n{INDENT * 2})"


def _wire_field(field: Field, attribute: str) -> str:
    arguments = [string(field.json_key or field.name), string(attribute), string(str(field.type))]
    if field.default_model is not None:
        arguments.append("has_default=True")
    scope = "none" if field.hidden else field.scope
    if scope != "all":
        arguments.append(f"scope={string(scope)}")
    if field.relation:
        arguments.append(f"relation={string(field.relation.kind)}")
    return call("WireField", arguments, indent=4)


# Imports: those whose names the text has ------------------------------------------------------------------------------

STANDARD = {"datetime": "import datetime", "enum": "import enum", "uuid": "import uuid"}
ORDERED = [
    ("clock", "from core import clock"),
    ("uuid7", "from core.ids import uuid7"),
    ("fields", "from database import fields"),
    ("indexes", "from database import indexes"),
    ("ForeignKeyConstraint", "from database.constraints import ForeignKeyConstraint"),
]
WIRE = ["SerializableException", "WireClass", "WireEnum", "WireField", "register"]


def _imports(context: Context, body: str) -> str:
    def used(name: str) -> bool:
        return re.search(rf"(?<![\w.\"]){name}(?=[.(\[,)\s])", body) is not None

    standard = [line for name, line in STANDARD.items() if re.search(rf"(?<![\w.\"]){name}\.", body)]
    from_dataclasses = [name for name in ("dataclass", "field") if re.search(rf"(?<![\w.]){name}\(", body)]
    if from_dataclasses:
        standard.append(f"from dataclasses import {', '.join(from_dataclasses)}")
    if used("Any"):
        standard.append("from typing import Any")
    django = ["from django.db import models"] if re.search(r"(?<![\w.])models\.", body) else []
    combined = [line for name, line in ORDERED if used(name) or re.search(rf"(?<![\w.]){name}\.", body)]
    if "from database import fields" in combined and "from database import indexes" in combined:
        combined.remove("from database import indexes")
        combined[combined.index("from database import fields")] = "from database import fields, indexes"
    names = [name for name in WIRE if used(name)]
    wire = f"from schema.wire import {', '.join(names)}"
    local = sorted([*combined, wire, *context.imports(body)], key=lambda line: line.split()[1].lower())
    return "\n\n".join("\n".join(group) for group in (standard, django, local) if group)
