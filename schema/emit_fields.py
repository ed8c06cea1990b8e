"""One field as Python source: its type, its default, the column, the constraint or index that it is part of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from schema.definitions import ClassDefinition, Default, Definition, EnumDefinition, Field, Index, Protocol
from schema.names import snake_case
from schema.python_names import attribute_names, member_names
from schema.source import INDENT, annotated, call, literal, string
from schema.types import GEOGRAPHIES, RECORD, VECTORS, TypeRef

BUILTIN = {
    "int": "int",
    "double": "float",
    "bool": "bool",
    "String": "str",
    "DateTime": "datetime.datetime",
    "Duration": "datetime.timedelta",
    "UuidValue": "uuid.UUID",
    "Uri": "str",
    "BigInt": "int",
    "ByteData": "bytes",
    "dynamic": "Any",
}
CONTAINERS = {"List": "list", "Set": "set", "Map": "dict"}
COLUMNS = {
    "int": "IntegerField",
    "double": "FloatField",
    "bool": "BooleanField",
    "String": "TextField",
    "DateTime": "DateTimeField",
    "Duration": "DurationField",
    "UuidValue": "UUIDField",
    "Uri": "UriField",
    "BigInt": "BigIntField",
    "ByteData": "BinaryField",
    "Vector": "VectorField",
    "HalfVector": "HalfVectorField",
    "SparseVector": "SparseVectorField",
    "Bit": "BitField",
}
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
VECTOR_CLASSES = {"Vector": "vector", "HalfVector": "halfvec", "SparseVector": "sparsevec", "Bit": "bit"}
"""Operator classes of pgvector are named `<type>_<distance>_ops`; source: its README."""


@dataclass(frozen=True)
class Context:
    """What a field needs to know beyond itself: all definitions, and which app's module is written."""

    protocol: Protocol
    app: str

    def find(self, kind: TypeRef | None) -> Definition | None:
        return self.protocol.find(kind) if kind else None

    def attributes(self, definition: ClassDefinition) -> dict[str, str]:
        """Names of fields to names in Python."""
        return attribute_names(field.name for field in definition.fields)

    def is_frozen(self, definition: ClassDefinition) -> bool:
        """Whether it or a class above it is immutable."""
        parent = self.find(definition.parent)
        return definition.immutable or (isinstance(parent, ClassDefinition) and self.is_frozen(parent))

    def python_parent(self, definition: ClassDefinition) -> ClassDefinition | None:
        """The class it extends in Python too: one without a table, as mutable as itself."""
        parent = self.find(definition.parent)
        if not isinstance(parent, ClassDefinition) or parent.table:
            return None
        return parent if self.is_frozen(parent) == self.is_frozen(definition) else None

    def source(self, kind: TypeRef) -> str:
        """The module to import a class from; "" for one of this very module, or one that can't be named here."""
        if kind.module in self.protocol.modules:
            return f"{self.protocol.modules[kind.module].name}.protocol"
        found = self.find(kind)
        return "" if found is None or found.app == self.app else f"{found.app}.protocol"

    def is_nameable(self, kind: TypeRef) -> bool:
        """Whether a class can be written by its name alone: a hand-written one, or another's namesake, can't."""
        if self.find(kind) is None:
            return False
        own = self.protocol.named(kind.name)
        return not kind.module or own is None

    def wire_name(self, kind: TypeRef) -> str:
        """A class's name on the wire: "Note", or "module.Note" for one of a module."""
        qualified = self.qualified(kind.required())
        return f"{qualified.module}.{qualified.name}" if qualified.module else qualified.name

    def qualified(self, kind: TypeRef) -> TypeRef:
        """The type with each class's module as the wire has it: the package's name, "" for shared packages."""
        module = kind.module
        if kind.module in self.protocol.modules:
            used = self.protocol.modules[kind.module]
            module = "" if used.shared else used.name
        elif not kind.module and (found := self.find(kind)) is not None and found.module:
            module = "" if self.protocol.shared else self.protocol.name
        return replace(
            kind,
            module=module,
            arguments=tuple(map(self.qualified, kind.arguments)),
            named=tuple((name, self.qualified(each)) for name, each in kind.named),
        )


# Types and values ---------------------------------------------------------------------------------------------------


def builtin_type(kind: TypeRef) -> str:
    return BUILTIN[kind.name] + (" | None" if kind.nullable else "")


def python_type(context: Context, kind: TypeRef) -> str:
    """The annotation that a type becomes, e.g. `dict[str, Note | None]`."""
    if kind.name in BUILTIN:
        text = BUILTIN[kind.name]
    elif kind.name in CONTAINERS:
        text = f"{CONTAINERS[kind.name]}[{', '.join(python_type(context, each) for each in kind.arguments)}]"
    elif kind.name in VECTORS:
        text = "list[bool]" if kind.name == "Bit" else "list[float]"
    elif kind.name in GEOGRAPHIES:
        text = "str"
    elif kind.name == RECORD:
        parts = [*kind.arguments, *(each for _, each in kind.named)]
        text = f"tuple[{', '.join(python_type(context, each) for each in parts)}]"
    else:
        text = kind.name if context.is_nameable(kind) else "Any"
    return text + (" | None" if kind.nullable and text != "Any" else "")


def attribute(context: Context, field: Field, name: str) -> str:
    """A dataclass's line, e.g. `newest: datetime.datetime | None = None`."""
    default = ""
    if field.default_model is not None:
        default = model_default(context, field, field.default_model)
        if field.default_model.kind != "literal":
            default = f"field(default_factory={default})"
    elif (field.type.nullable and not field.required) or field.relation:
        default = "None"
    return annotated(name, python_type(context, field.type), default)


def model_default(context: Context, field: Field, default: Default) -> str:
    """The default of a new object: a value, or the name of a function that makes one."""
    functions = {"now": "clock.now", "random": "uuid.uuid4", "random_v7": "uuid7"}
    if default.kind in functions:
        return functions[default.kind]
    return value(context, field.type, default.value)


def value(context: Context, kind: TypeRef, given: str | int | float | bool | None) -> str:
    """A literal default as Python source of the type's own values."""
    if kind.name == "DateTime":
        return _datetime(str(given))
    if kind.name == "Duration":
        return f"datetime.timedelta(milliseconds={given})"
    if kind.name == "UuidValue":
        return f"uuid.UUID({string(str(given))})"
    if kind.name == "BigInt":
        return str(given)
    definition = context.find(kind)
    if isinstance(definition, EnumDefinition):
        return f"{definition.name}.{member_names(each.name for each in definition.values)[str(given)]}"
    return literal(float(given) if kind.name == "double" and given is not None else given)


def _datetime(text: str) -> str:
    year, month, day, hour, minute, second, fraction = re.fullmatch(
        r"(\d+)-(\d+)-(\d+)[T ](\d+):(\d+):(\d+)(?:\.(\d+))?Z?", text
    ).groups(default="0")  # type: ignore[union-attr]  # the language checked it
    parts = [int(part) for part in (year, month, day, hour, minute, second)] + [
        int(fraction.ljust(6, "0")[:6])
    ]
    while len(parts) > 3 and parts[-1] == 0:
        parts.pop()
    return f"datetime.datetime({', '.join(map(str, parts))}, tzinfo=datetime.UTC)"


# Columns ------------------------------------------------------------------------------------------------------------


def column(context: Context, definition: ClassDefinition, field: Field, attributes: dict[str, str]) -> str:
    """A Django model's line for one field."""
    name = attributes[field.name]
    if not field.column:
        default = model_default(context, field, field.default_model) if field.default_model else ""
        return f"{INDENT}{name} = fields.Transient({default})"
    if field.name == "id":
        return _primary_key(context, definition, field)
    if field.foreign_key:
        return _foreign_key(context, definition, field, attributes)
    head, first = _column_type(context, field)
    options = [*_nullable(field), *_defaults(context, definition, field)]
    if field.column != name:
        options.append(f"db_column={string(field.column)}")
    return call(f"{name} = {head}", [*first, *options], indent=1)


def _column_type(context: Context, field: Field) -> tuple[str, list[str]]:
    kind = field.type
    if kind.name in VECTORS:
        return f"fields.{COLUMNS[kind.name]}", [str(kind.dimension)]
    if kind.name in COLUMNS:
        return f"fields.{COLUMNS[kind.name]}", []
    if kind.name in GEOGRAPHIES:
        return "fields.GeographyField", [string(kind.name.removeprefix("Geography"))]
    definition = context.find(kind)
    if isinstance(definition, EnumDefinition):
        by_index = ["by_index=True"] if definition.serialized == "byIndex" else []
        return "fields.EnumField", [definition.name, *by_index]
    return "fields.JSONField", [
        string(str(context.qualified(kind.required()))),
        *(["jsonb=True"] if field.jsonb else []),
    ]


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
    if field.type.name == "int":
        return f"{INDENT}id = models.BigAutoField(primary_key=True)"
    return call(
        "id = fields.UUIDField", ["primary_key=True", *_defaults(context, definition, field)], indent=1
    )


# Keys ---------------------------------------------------------------------------------------------------------------


def key_name(definition: ClassDefinition, field: Field, attributes: dict[str, str]) -> str:
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
    context: Context, definition: ClassDefinition, field: Field, attributes: dict[str, str]
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
    return call(f"{name} = fields.{kind}", arguments, indent=1)


def _other_side(context: Context, definition: ClassDefinition, field: Field) -> Field | None:
    """The field of the parent that shows this relation from there, if it has one."""
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
    """The parent as Django names it: "Notebook", or "accounts.User" in another app."""
    assert field.foreign_key is not None
    parent_type = field.foreign_key.parent_class
    parent = context.find(parent_type)
    if parent is not None and parent.app and parent.app != context.app:
        return f"{parent.app}.{parent.name}"
    if parent_type.module in context.protocol.modules:
        return f"{context.protocol.modules[parent_type.module].name}.{parent_type.name}"
    return parent_type.name


def constraints(context: Context, definition: ClassDefinition) -> list[str]:
    """The foreign keys and unique indexes of a table, a line each."""
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
    return found


def _foreign_key_constraint(
    context: Context, definition: ClassDefinition, field: Field, attributes: dict[str, str], number: int
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


def _index_arguments(definition: ClassDefinition, index: Index, attributes: dict[str, str]) -> list[str]:
    found = []
    for name in index.fields:
        field = definition.field(name)
        found.append(key_name(definition, field, attributes) if field.foreign_key else attributes[name])
    return [f"fields={literal(found)}", f"name={string(index.name)}"]


def _index(definition: ClassDefinition, index: Index, attributes: dict[str, str]) -> str:
    arguments = _index_arguments(definition, index, attributes)
    if index.type == "gin" and index.operator_class not in ("", "jsonbOps"):
        arguments.append(f"opclasses={literal([GIN_CLASSES[index.operator_class]] * len(index.fields))}")
    if index.distance_function:
        kind = VECTOR_CLASSES[definition.field(index.fields[0]).type.name]
        arguments.append(f"opclasses={literal([f'{kind}_{DISTANCES[index.distance_function]}'])}")
    if index.parameters:
        arguments.append(f"parameters={dict(index.parameters)}".replace("'", '"'))
    return call(f"indexes.{INDEXES[index.type]}", arguments, indent=3, listed=True)
