"""The columns of a table as Python source, with their constraints and indexes."""

from __future__ import annotations

from collections.abc import Mapping

from podium.schema import rules
from podium.schema.definitions import ClassDefinition, EnumDefinition, Field, Index
from podium.schema.emit_fields import Context, class_name, model_default, python_type, rule, value
from podium.schema.source import INDENT, WIDTH, annotated, call, literal, string
from podium.wire.default import Default
from podium.wire.names import snake_case
from podium.wire.types import registry
from podium.wire.validation import Rule

COLUMNS = "podium.database.fields"
"""The module that generated modules import as `fields`."""
INDEXES = {
    "btree": "Index",
    "hash": "HashIndex",
    "gin": "GinIndex",
    "gist": "GistIndex",
    "spgist": "SpGistIndex",
    "brin": "BrinIndex",
    "hnsw": "HnswIndex",
    "ivfflat": "IvfflatIndex",
}
GIN_CLASSES = {
    "jsonbOps": "jsonb_ops",
    "jsonbPathOps": "jsonb_path_ops",
    "arrayOps": "array_ops",
    "tsvectorOps": "tsvector_ops",
}
DISTANCES = {
    "l2": "l2_ops",
    "innerProduct": "ip_ops",
    "cosine": "cosine_ops",
    "l1": "l1_ops",
    "hamming": "hamming_ops",
    "jaccard": "jaccard_ops",
}
"""Operator classes of pgvector are named `<prefix>_<distance>_ops`; source: its README."""


def column(context: Context, definition: ClassDefinition, field: Field, attributes: Mapping[str, str]) -> str:
    """A Django model's line for one field."""
    name = attributes[field.name]
    kind = python_type(context, field.type)
    if not field.column:
        default = model_default(context, field, field.default_model) if field.default_model else ""
        return annotated(name, kind, f"fields.Transient({default})")
    if field.name == "id":
        return _primary_key(context, definition, field)
    if field.foreign_key:
        return _foreign_key(context, definition, field, attributes)
    head, first = _column_type(context, field)
    options = [*_nullable(field), *_defaults(context, definition, field)]
    if field.column != name:
        options.append(f"db_column={string(field.column)}")
    return _assignment(name, kind, head, [*first, *options])


def _assignment(name: str, kind: str, head: str, arguments: list[str]) -> str:
    """`name: Column[kind] = head(arguments)`; the kind on a line of its own if that is too long."""
    start = f"{name}: Column[{kind}] = {head}"
    if len(f"{INDENT}{start}(") <= WIDTH:
        return call(start, arguments, indent=1)
    return f"{INDENT}{name}: Column[\n{INDENT * 2}{kind}\n" + call(f"] = {head}", arguments, indent=1)


def _column_type(context: Context, field: Field) -> tuple[str, list[str]]:
    kind = field.type
    if (known := registry.find(kind)) is not None:
        return column_class(known.column.field), known.column.arguments(kind)
    definition = context.find(kind)
    if isinstance(definition, EnumDefinition):
        by_index = ["by_index=True"] if definition.serialized == "byIndex" else []
        return "fields.EnumField", [definition.name, *by_index]
    return "fields.JSONField", [
        string(str(context.qualified(kind.required()))),
        *(["jsonb=True"] if field.jsonb else []),
    ]


def column_class(path: str) -> str:
    """The name of a Django field in a generated module: `fields.TextField`, or `ColorField` of an app."""
    module, _, name = path.rpartition(".")
    return f"fields.{name}" if module == COLUMNS else name


def _nullable(field: Field) -> list[str]:
    return ["null=True", "blank=True"] if field.type.nullable else []


def _defaults(context: Context, definition: ClassDefinition, field: Field) -> list[str]:
    options = []
    if field.default_model is not None:
        options.append(f"default={model_default(context, field, field.default_model)}")
    if field.default_persist is not None and field.default_persist.kind == "serial":
        options.append(f"db_default=fields.Serial({string(f'{definition.table}_{field.column}_seq')})")
    elif field.default_persist is not None:
        options.append(f"db_default={_database_default(context, field, field.default_persist)}")
    return options


def _database_default(context: Context, field: Field, default: Default) -> str:
    functions = {"now": "fields.Now()", "random": "fields.Random()", "random_v7": "fields.RandomV7()"}
    if default.kind in functions:
        return functions[default.kind]
    definition = context.find(field.type)
    if isinstance(definition, EnumDefinition):
        names = [each.name for each in definition.values]
        stored = names.index(str(default.value)) if definition.serialized == "byIndex" else str(default.value)
        return literal(stored)
    return value(context, field.type, default.value)


def _primary_key(context: Context, definition: ClassDefinition, field: Field) -> str:
    known = registry.find(field.type)
    assert known is not None
    if known.column.key == "serial":
        return f"{INDENT}id: Key[int] = models.BigAutoField(primary_key=True)"
    options = ["primary_key=True", *_defaults(context, definition, field)]
    head = f"id: Key[{known.python.text}] = {column_class(known.column.field)}"
    return call(head, options, indent=1)


# Keys ---------------------------------------------------------------------------------------------------------------


def key_name(definition: ClassDefinition, field: Field, attributes: Mapping[str, str]) -> str:
    """The Django field of a foreign key: its object field's name, else the column's attribute without `_id`."""
    assert field.foreign_key is not None
    if field.foreign_key.object_field:
        return attributes[field.foreign_key.object_field]
    attribute_name = attributes[field.name]
    short = attribute_name.removesuffix("_id")
    return (
        short if short != attribute_name and short not in attributes.values() else f"{attribute_name}_object"
    )


def _foreign_key(
    context: Context, definition: ClassDefinition, field: Field, attributes: Mapping[str, str]
) -> str:
    assert field.foreign_key is not None
    name = key_name(definition, field, attributes)
    other = _other_side(context, definition, field)
    kind = "OneToOneField" if other and other.relation and other.relation.kind == "one" else "ForeignKey"
    arguments = [string(target(context, field)), *_nullable(field)]
    arguments.append(f"db_column={string(field.column)}")
    if attributes[field.name] != f"{name}_id":
        arguments.append(f"attname={string(attributes[field.name])}")
    parent = context.find(field.foreign_key.parent_class)
    related = context.attributes(parent)[other.name] if other and isinstance(parent, ClassDefinition) else "+"
    arguments.append(f"related_name={string(related)}")
    key = f"{INDENT}{attributes[field.name]}: {python_type(context, field.type)}\n"
    return key + _assignment(name, parent_type(context, field), f"fields.{kind}", arguments)


def parent_type(context: Context, field: Field) -> str:
    """The annotation of a foreign key's object, e.g. `Notebook | None`."""
    assert field.foreign_key is not None
    name = class_name(context, field.foreign_key.parent_class)
    return f"{name} | None" if field.type.nullable and name != "Any" else name


def other_side(context: Context, field: Field, name: str) -> str:
    """The attribute for a relation with its key in another table: `notes: NoteRelated`, `profile: Profile`."""
    assert field.relation is not None
    target = field.relation.target
    kind = class_name(context, target)
    if field.relation.kind == "many":
        kind = f"{target.name}Related" if kind != "Any" and not target.module else "Any"
    return annotated(name, kind)


def _other_side(context: Context, definition: ClassDefinition, field: Field) -> Field | None:
    """The parent's field for the same relation, if it has one."""
    assert field.foreign_key is not None
    parent = context.find(field.foreign_key.parent_class)
    if not isinstance(parent, ClassDefinition):
        return None
    for other in parent.fields:
        relation = other.relation
        shows_this = relation and not relation.owns_key and relation.foreign_key == field.name
        if relation and shows_this and relation.target.name == definition.name:
            return other
    return None


def target(context: Context, field: Field) -> str:
    """The parent's name in Django: "Notebook", or "accounts.User" in another app."""
    assert field.foreign_key is not None
    parent_type = field.foreign_key.parent_class
    parent = context.find(parent_type)
    if isinstance(parent, ClassDefinition) and parent.python:
        return django_name(parent)
    app = parent.app if parent else ""
    if not app and parent_type.module in context.protocol.modules:
        app = context.protocol.modules[parent_type.module].name
    return f"{app}.{parent_type.name}" if app and app != context.app else parent_type.name


def django_name(definition: ClassDefinition) -> str:
    """The name of a hand-written model in Django: "accounts.User"."""
    app, *_, name = definition.python.split(".")
    return f"{app}.{name}"


def constraints(context: Context, definition: ClassDefinition) -> list[str]:
    """The foreign keys, unique indexes and rules of a table, a line each."""
    attributes = context.attributes(definition)
    found = []
    keys = [field for field in definition.fields if field.foreign_key and field.column]
    for number, field in enumerate(keys):
        found.append(_foreign_key_constraint(context, definition, field, attributes, number))
    for index in definition.indexes:
        if index.unique and index.type == "btree":
            arguments = _index_arguments(definition, index, attributes)
            if not index.nulls_distinct:
                arguments.append("nulls_distinct=False")
            found.append(call("models.UniqueConstraint", arguments, indent=3, listed=True))
    for field in definition.fields:
        found += [_rule(definition, field, attributes, each) for each in field.rules if field.column]
    return found


def _rule(definition: ClassDefinition, field: Field, attributes: Mapping[str, str], each: Rule) -> str:
    arguments = [
        f"fields=[{string(attributes[field.name])}]",
        f"rule={rule(each)}",
        f"name={string(rules.check_name(definition.table, field.column, each.name))}",
    ]
    return call("RuleConstraint", arguments, indent=3, listed=True)


def _foreign_key_constraint(
    context: Context, definition: ClassDefinition, field: Field, attributes: Mapping[str, str], number: int
) -> str:
    key = field.foreign_key
    assert key is not None
    arguments = [
        f"fields=[{string(key_name(definition, field, attributes))}]",
        f"to={string(target(context, field))}",
        f"name={string(f'{definition.table}_fk_{number}')}",
    ]
    for option, action in (("on_delete", key.on_delete), ("on_update", key.on_update)):
        if action != "noAction":
            arguments.append(f"{option}={string(snake_case(action))}")
    arguments += [f"{name}=True" for name in ("deferrable", "deferred") if getattr(key, name)]
    return call("ForeignKeyConstraint", arguments, indent=3, listed=True)


def indexes(context: Context, definition: ClassDefinition) -> list[str]:
    """The other indexes of a table, a line each."""
    attributes = context.attributes(definition)
    return [
        _index(definition, index, attributes)
        for index in definition.indexes
        if not (index.unique and index.type == "btree")
    ]


def _index_arguments(definition: ClassDefinition, index: Index, attributes: Mapping[str, str]) -> list[str]:
    found = []
    for name in index.fields:
        field = definition.field(name)
        found.append(key_name(definition, field, attributes) if field.foreign_key else attributes[name])
    return [f"fields={literal(found)}", f"name={string(index.name)}"]


def _index(definition: ClassDefinition, index: Index, attributes: Mapping[str, str]) -> str:
    arguments = _index_arguments(definition, index, attributes)
    if index.type == "gin" and index.operator_class not in ("", "jsonbOps"):
        arguments.append(f"opclasses={literal([GIN_CLASSES[index.operator_class]] * len(index.fields))}")
    if index.distance_function:
        kind = registry.find(definition.field(index.fields[0]).type)
        assert kind is not None and kind.column.vectors is not None
        operators = f"{kind.column.vectors.prefix}_{DISTANCES[index.distance_function]}"
        arguments.append(f"opclasses={literal([operators])}")
    if index.parameters:
        arguments.append(f"parameters={dict(index.parameters)}".replace("'", '"'))
    return call(f"indexes.{INDEXES[index.type]}", arguments, indent=3, listed=True)
