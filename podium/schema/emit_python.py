"""Turn checked definitions into the text of each app's protocol.py. A pure function; the text is readable.

A class with a table becomes a Django model, any other a dataclass. A class that extends another is its subclass in
Python where both are dataclasses; elsewhere its fields are repeated, and the codecs know the parent by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podium.schema import emit_columns, emit_fields, emit_imports
from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Field, Protocol
from podium.schema.emit_fields import Context
from podium.schema.mixins import Addition
from podium.schema.python_names import attribute_names, member_names
from podium.schema.source import INDENT, annotated, call, docstring, exploded, literal, string
from podium.wire.types import TypeRef

MARK = "generated from its model files by `python3 manage.py generate`. Do not edit."
"""In the first line of each generated module."""


def emit(protocol: Protocol, app: str, additions: Mapping[str, Addition] | None = None) -> str:
    """The text of `<app>/protocol.py`: the definitions of that app's model files, with the app's additions."""
    everything = list(Context(protocol, app, additions or {}).of_app())
    if not everything:
        return f"{_head(app)}\n\n__all__: list[str] = []\n"
    enums = [(context, each) for context, each in everything if isinstance(each, EnumDefinition)]
    all_classes = _parents_first(everything)
    classes = [(context, each) for context, each in all_classes if not each.python]
    by_hand = [(context, each) for context, each in all_classes if each.python]
    blocks = [_enum(context, each) for context, each in enums]
    blocks += [_class(context, each) for context, each in classes]
    blocks.append(_registration(enums, classes))
    blocks[-1] = "\n".join([blocks[-1], *(_registration_by_hand(context, each) for context, each in by_hand)])
    own: list[tuple[Context, Definition]] = [*enums, *classes]
    names = sorted(each.name for _, each in own)
    listed = exploded("__all__ = ", (f"{INDENT}{string(name)}" for name in names), indent=0)
    body = "\n\n\n".join(blocks)
    return f"{_head(app)}\n\n{emit_imports.protocol(own, body)}\n\n{listed}\n\n\n{body}\n"


def _head(app: str) -> str:
    return f'"""The models of {app}, {MARK}"""\n\nfrom __future__ import annotations'


def _parents_first(everything: Iterable[tuple[Context, Definition]]) -> list[tuple[Context, ClassDefinition]]:
    """The classes by name, each parent before its children."""
    classes = {
        each.name: (context, each) for context, each in everything if isinstance(each, ClassDefinition)
    }
    ordered: dict[str, tuple[Context, ClassDefinition]] = {}

    def add(name: str) -> None:
        context, one = classes[name]
        parent = context.find(one.parent)
        if parent is not None and parent.app == one.app and parent.name not in ordered:
            add(parent.name)
        ordered.setdefault(name, (context, one))

    def order(name: str) -> tuple[bool, bool, str]:
        _, one = classes[name]
        return one.kind == "exception", not one.table, name

    for name in sorted(classes, key=order):
        add(name)
    return list(ordered.values())


# Enums ------------------------------------------------------------------------------------------------------------


def _enum(context: Context, definition: EnumDefinition) -> str:
    lines = [f"class {definition.name}({_bases(context, definition, 'enum.Enum')}):"]
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
        head = f"{INDENT}def {attributes[name]}(self) -> {emit_fields.python_type(context, kind)}:"
        lines += ["", f"{INDENT}@property", head, _lookup(entries)]
    return "\n".join(lines)


def _lookup(entries: list[str]) -> str:
    one_line = f"{INDENT * 2}return {{{', '.join(entries)}}}[self.value]"
    if len(one_line) <= 110:
        return one_line
    return exploded(
        "return ", (INDENT * 3 + entry for entry in entries), indent=2, brackets="{}", tail="[self.value]"
    )


def _bases(context: Context, definition: Definition, *bases: str) -> str:
    mixin = context.addition(definition).name
    return ", ".join([mixin, *bases] if mixin else bases)


# Classes ----------------------------------------------------------------------------------------------------------


def _class(context: Context, definition: ClassDefinition) -> str:
    return _model(context, definition) if definition.table else _dataclass(context, definition)


def _model(context: Context, definition: ClassDefinition) -> str:
    lines = [f"class {definition.name}({_bases(context, definition, 'base.Model')}):"]
    if definition.doc:
        lines += [docstring(definition.doc, indent=1), ""]
    attributes = context.attributes(definition)
    for field in definition.fields:
        if field.relation is None:
            lines.append(emit_columns.column(context, definition, field, attributes))
            if doc := _doc_of_column(definition, field):
                lines.append(docstring(doc, indent=1))
    for field in definition.fields:
        if field.relation and not field.relation.owns_key:
            lines.append(emit_columns.other_side(context, field, attributes[field.name]))
            if field.doc:
                lines.append(docstring(field.doc, indent=1))
    if query_set := context.query_set(definition):
        lines += ["", annotated("objects", f"ClassVar[{query_set}]", f"{query_set}.as_manager()")]
    lines += ["", _meta(context, definition)]
    return "\n".join(lines)


def _doc_of_column(definition: ClassDefinition, field: Field) -> str:
    """The comment of a column; a key's is that of its object field, if there is one."""
    if field.foreign_key and field.foreign_key.object_field:
        return definition.field(field.foreign_key.object_field).doc or field.doc
    return field.doc


def _meta(context: Context, definition: ClassDefinition) -> str:
    mixin = context.addition(definition)
    inherited = mixin.meta or frozenset()
    head = f"class Meta({mixin.name}.Meta):" if inherited else "class Meta:"
    lines = [f"{INDENT}{head}", f"{INDENT * 2}db_table = {string(definition.table)}"]
    if not definition.managed_migration:
        lines.append(f"{INDENT * 2}managed = False")
    for option, items in (
        ("constraints", emit_columns.constraints(context, definition)),
        ("indexes", emit_columns.indexes(context, definition)),
    ):
        if option in inherited and items:
            items = [f"{INDENT * 3}*{mixin.name}.Meta.{option}", *items]
        if items:
            lines.append(exploded(f"{option} = ", items, indent=2))
    return "\n".join(lines)


def _dataclass(context: Context, definition: ClassDefinition) -> str:
    parent = context.python_parent(definition)
    options = ["kw_only=True"]
    if definition.kind == "exception":
        options.append("eq=False")
    elif context.is_frozen(definition):
        options.append("frozen=True")
    above = [parent.name] if parent else ["SerializableException"] if definition.kind == "exception" else []
    bases = _bases(context, definition, *above)
    lines = [f"@dataclass({', '.join(options)})", f"class {definition.name}{bases and f'({bases})'}:"]
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


# Registration on the wire ----------------------------------------------------------------------------------------


def _registration(
    enums: Iterable[tuple[Context, EnumDefinition]], classes: Iterable[tuple[Context, ClassDefinition]]
) -> str:
    entries = [_wire_enum(context, each) for context, each in enums]
    entries += [_wire_class(context, each) for context, each in classes]
    return "register(\n" + exploded("", entries, indent=1) + "\n)"


def _registration_by_hand(context: Context, definition: ClassDefinition) -> str:
    """The registration of a hand-written class, which this module can't import."""
    entry = _wire_class(context, definition, python="model", indent=1)
    model = string(emit_columns.django_name(definition))
    return f"register_model(\n{INDENT}{model},\n{INDENT}lambda model: {entry.lstrip()},\n)"


def _wire_enum(context: Context, definition: EnumDefinition) -> str:
    name = context.wire_name(TypeRef(definition.name))
    arguments = [string(name), definition.name, string(definition.serialized)]
    if definition.default:
        members = member_names(value.name for value in definition.values)
        arguments.append(f"default={definition.name}.{members[definition.default]}")
    if definition.server_only:
        arguments.append("server_only=True")
    return call("WireEnum", arguments, indent=2, listed=True)


def _wire_class(context: Context, definition: ClassDefinition, *, python: str = "", indent: int = 2) -> str:
    attributes = context.attributes(definition)
    fields = [_wire_field(context, field, attributes[field.name], indent + 2) for field in definition.fields]
    space = INDENT * (indent + 1)
    name = context.wire_name(TypeRef(definition.name))
    lines = [f"{space}{string(name)},", f"{space}{python or definition.name},"]
    lines.append(exploded("", fields, indent=indent + 1) + "," if fields else f"{space}[],")
    if definition.sealed:
        lines.append(f"{space}sealed=True,")
    if definition.parent:
        lines.append(f"{space}parent={string(context.wire_name(definition.parent))},")
    if definition.server_only:
        lines.append(f"{space}server_only=True,")
    return f"{INDENT * indent}WireClass(\n" + "\n".join(lines) + f"\n{INDENT * indent})"


def _wire_field(context: Context, field: Field, attribute: str, indent: int) -> str:
    kind = string(str(context.qualified(field.type)))
    arguments = [string(field.json_key or field.name), string(attribute), kind]
    if field.default_model is not None:
        arguments.append("has_default=True")
    scope = "none" if field.hidden else field.scope
    if scope != "all":
        arguments.append(f"scope={string(scope)}")
    if field.relation:
        arguments.append(f"relation={string(field.relation.kind)}")
    if field.rules:
        arguments.append(f"rules=[{', '.join(map(emit_fields.rule, field.rules))}]")
    return call("WireField", arguments, indent=indent, listed=True)
