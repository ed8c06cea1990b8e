"""Checked definitions: the meaning of model files as plain data. Emitters and codecs read nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from podium.wire.default import Default
from podium.wire.types import TypeRef
from podium.wire.validation import Rule

Scope = Literal["all", "serverOnly", "none"]
Database = Literal["server", "client", "all"]
Action = Literal["noAction", "restrict", "setDefault", "cascade", "setNull"]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a model file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a model file and its fix. Only those of severity "error" stop the generation."""

    position: Position
    message: str
    severity: Literal["error", "warning", "info"] = "error"

    def __str__(self) -> str:
        return f"{self.position.file}:{self.position.line}:{self.position.column}: {self.severity}: {self.message}"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference to another table, attached to the field that has the column."""

    parent_table: str
    parent_class: TypeRef  # its module tells which project the table is in
    on_delete: Action = "noAction"
    on_update: Action = "noAction"
    deferrable: bool = False
    deferred: bool = False
    object_field: str = ""  # the field of the same class that holds the loaded parent, if there is one


@dataclass(frozen=True, slots=True)
class Relation:
    """The relation of a field that holds the other side once loaded; the field has no column.

    kind          "one": the parent, or the one child of a one-to-one; "many": a list of children
    target        the other class
    foreign_key   name of the field with the column: of this class if `owns_key`, else of the target
    """

    kind: Literal["one", "many"]
    target: TypeRef
    foreign_key: str
    owns_key: bool
    name: str = ""
    other_field: str = ""  # the target's field for the same relation, if any


@dataclass(slots=True)
class Field:
    """A field of a class or an exception, with all sides of its relation resolved.

    default_model    default of a new object; None: the field must be given, or is null
    default_persist  default that the database fills in
    column           the column's name; "" without a column (`!persist`, a relation, a class without a table)
    column_override  value of `column=`; a subclass with a table inherits it
    persist          False: `!persist`, no column in any table
    unique_per       `unique`: the fields within which a value is unique, () for all rows; None: may repeat. Its index
                     is also among the class's indexes
    json_key         its name on the wire
    rules            for its values, in the order in which they are checked
    hidden           an implicit foreign key (`_bookChaptersBookId`): has a column, but is never on the wire
    """

    name: str
    type: TypeRef
    position: Position
    doc: str = ""
    scope: Scope = "all"
    required: bool = False
    default_model: Default | None = None
    default_persist: Default | None = None
    column: str = ""
    column_override: str = ""
    persist: bool = True
    unique_per: tuple[str, ...] | None = None
    json_key: str = ""
    jsonb: bool = False
    hidden: bool = False
    tail: bool = False
    rules: tuple[Rule, ...] = ()
    foreign_key: ForeignKey | None = None
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table; `fields` are field names in order.

    name                in a class without a table a part of it: subclasses with a table have `<table>_<name>`
    operator_class      of a gin index: jsonbOps, jsonbPathOps, arrayOps or tsvectorOps
    distance_function   of a vector index: l2, innerProduct, cosine, l1, hamming or jaccard
    parameters          of a vector index: m, ef_construction (hnsw), lists (ivfflat); only the given ones
    """

    name: str
    fields: tuple[str, ...]
    type: str = "btree"
    unique: bool = False
    nulls_distinct: bool = True
    operator_class: str = ""
    distance_function: str = ""
    parameters: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class ClassDefinition:
    """A class or an exception.

    fields      all its fields, inherited ones too, in the order of constructors and the wire
    own_fields  names of the fields it declares itself
    table       "" for a class without one on the server
    database    where the table is: "server", "client" (on the device) or "all"
    client_table  the table's name on the device, "" for a class without one there
    module      "" for the project itself, else the nickname
    app         the Django app whose protocol.py contains it, e.g. "example"
    python      dotted path of the Django model, if hand-written; "" if generated
    python_fields  names assigned in the body of that class
    folder      path of the model file's folder below the models' folder, "" at the top
    """

    name: str
    position: Position
    kind: Literal["class", "exception"]
    doc: str = ""
    module: str = ""
    app: str = ""
    folder: str = ""
    fields: list[Field] = field(default_factory=list)
    own_fields: list[str] = field(default_factory=list)
    parent: TypeRef | None = None
    children: list[TypeRef] = field(default_factory=list)  # direct ones
    table: str = ""
    database: Database = "server"
    client_table: str = ""
    managed_migration: bool = True
    server_only: bool = False
    sealed: bool = False
    immutable: bool = False
    python: str = ""
    python_fields: frozenset[str] = frozenset()
    indexes: list[Index] = field(
        default_factory=list
    )  # of a class without a table: inherited by its subclasses

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class EnumValue:
    name: str
    position: Position
    doc: str = ""
    properties: tuple[tuple[str, str | int | float | bool | None], ...] = ()  # defaults filled in


@dataclass(slots=True)
class EnumDefinition:
    """An enum; `serialized`: the form of its values on the wire and in the database, index or name."""

    name: str
    position: Position
    doc: str = ""
    module: str = ""
    app: str = ""
    folder: str = ""
    values: list[EnumValue] = field(default_factory=list)
    properties: list[tuple[str, TypeRef]] = field(default_factory=list)
    serialized: Literal["byName", "byIndex"] = "byName"
    default: str = ""
    server_only: bool = False


Definition = ClassDefinition | EnumDefinition


@dataclass(slots=True)
class Protocol:
    """All definitions of a project, and those it uses from others.

    name         the project's or module's package name, e.g. "example"
    definitions  in the order of their files' paths
    modules      nickname -> the protocol of that module; shared packages too, under their package name
    nicknames    more names of modules in model files -> the name in `modules`, or the module's own
    extra        names of hand-written classes that model files may use -> their Dart package or
                 library: "package:core/money.dart"
    extra_pubspec  those packages -> their version or other source, in the form of pubspec.yaml
    extra_python  those names -> the dotted path of the Python class, if known
    shared       a package also used by clients: its classes are named without a prefix
    """

    name: str
    definitions: list[Definition] = field(default_factory=list)
    modules: dict[str, Protocol] = field(default_factory=dict)
    nicknames: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    extra_pubspec: dict[str, Any] = field(default_factory=dict)
    extra_python: dict[str, str] = field(default_factory=dict)
    shared: bool = False
    _by_name: dict[str, Definition] = field(default_factory=dict, init=False, repr=False, compare=False)

    def named(self, name: str) -> Definition | None:
        """The project's own class, exception or enum of that name."""
        if len(self._by_name) != len(self.definitions):
            self._by_name = {one.name: one for one in self.definitions}
        return self._by_name.get(name)

    def find(self, type_ref: TypeRef) -> Definition | None:
        """The class, exception or enum that a type names, its own or a module's; None for anything else."""
        protocol = self.modules.get(type_ref.module) if type_ref.module else self
        return protocol.named(type_ref.name) if protocol else None

    def find_table(self, table: str) -> ClassDefinition | None:
        """The class with that table, its own or a module's."""
        for protocol in (self, *self.modules.values()):
            for one in protocol.definitions:
                if isinstance(one, ClassDefinition) and table and table in (one.table, one.client_table):
                    return one
        return None
