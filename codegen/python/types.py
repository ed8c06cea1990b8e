"""Types, codecs, defaults and names in Python."""

from __future__ import annotations

import datetime
import keyword
from dataclasses import dataclass, field

from codegen.layout import WIDTH, camel
from codegen.visible import Scope
from schema.definitions import ClassDefinition, Default, EnumDefinition, Field
from schema.names import snake_case
from schema.types import GEOGRAPHIES, RECORD, TypeRef, has_hash

# Names that a generated file needs for itself, or that the package exports: a model of that name gets "Model" behind.
TAKEN = frozenset(
    """
    Any AsyncClient Auth BadRequestError BaseException BaseModel Client ClientError ConnectionLost Exception Field
    ForbiddenError HasTokens HttpError Literal MethodStream Model ModelException NamedTuple NetworkError
    NoAnswerError None NotFoundError ServerError Source Storage StreamClosed StreamOverflow StreamRefused SyncStream
    Timeout Tokens TooLargeError TooManyRequestsError TypeAlias UNSET UnauthorizedError Unset UploadRefused WireError
    """.split()  # noqa: SIM905
)
# What a class body needs, or has from its base: a field of that name gets "_" behind.
CLASS_BODY = frozenset(
    """
    args add_note bool bytes datetime dict field float from_json int list set str to_json tuple utc_now uuid uuid7
    with_traceback
    """.split()  # noqa: SIM905
)

SCALARS = {
    "int": ("int", "INT"),
    "double": ("float", "DOUBLE"),
    "bool": ("bool", "BOOL"),
    "String": ("str", "STRING"),
    "DateTime": ("datetime.datetime", "DATE_TIME"),
    "Duration": ("datetime.timedelta", "DURATION"),
    "UuidValue": ("uuid.UUID", "UUID"),
    "Uri": ("str", "URI"),
    "BigInt": ("int", "BIG_INT"),
    "ByteData": ("bytes", "BYTE_DATA"),
    "Bit": ("list[bool]", "BIT"),
    "void": ("None", "NOTHING"),
}


def model_name(name: str) -> str:
    """The Python name of a class or an enum."""
    return f"{name}Model" if name in TAKEN or keyword.iskeyword(name) else name


def attribute(of: Field) -> str:
    """A field's name."""
    return attribute_name(of.name)


def attribute_name(name: str) -> str:
    found = snake_case(name)
    return f"{found}_" if found in CLASS_BODY or keyword.iskeyword(found) else found


def member(name: str) -> str:
    """An enum value's name."""
    return snake_case(name).upper()


def module_alias(module: str) -> str:
    """What a module's models are imported as."""
    return f"{snake_case(camel(module))}_module"


def text(value: str) -> str:
    """A string literal in double quotes."""
    quoted = repr("'" + value)  # the quote makes repr choose double quotes, where there are none in the value
    return f'"{quoted[2:-1]}"' if quoted[0] == '"' else repr(value)


def import_names(module: str, names: list[str]) -> str:
    """An import with its line end, in one line or several."""
    line = f"from {module} import {', '.join(names)}\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def docstring(doc: str, indent: str, fallback: str = "") -> str:
    """A docstring with its line end; nothing for no text."""
    doc = (doc.strip() or fallback).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = [line.rstrip() for line in doc.splitlines()]
    if not lines:
        return ""
    if len(lines) == 1:
        return f'{indent}"""{lines[0]}{" " if lines[0].endswith(chr(34)) else ""}"""\n'
    body = "".join(f"{indent}{line}".rstrip() + "\n" for line in lines[1:])
    return f'{indent}"""{lines[0]}\n{body}{indent}"""\n'


@dataclass(slots=True)
class Types:
    """Types and codecs as one file spells them, and what that file has to import for it.

    here     False in files beside the models (endpoints), which import what they name
    records  the NamedTuples of records with named fields, by the record's type; shared by the files of a scope
    """

    scope: Scope
    here: bool = True
    records: dict[str, str] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)  # the NamedTuples' names -> their text
    models: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)

    def type(self, ref: TypeRef) -> str:
        """The Python type."""
        name = self._required(ref)
        return f"{name} | None" if ref.nullable and name != "Any" else name

    def _required(self, ref: TypeRef) -> str:
        arguments = [self.type(argument) for argument in ref.arguments]
        match ref.name:
            case "List":
                return f"list[{arguments[0]}]"
            case "Set":
                return f"{'set' if self._has_hash(ref.arguments[0]) else 'list'}[{arguments[0]}]"
            case "Map" if self._has_hash(ref.arguments[0]):
                return f"dict[{', '.join(arguments)}]"
            case "Map":
                return f"list[tuple[{', '.join(arguments)}]]"
            case "Vector" | "HalfVector" | "SparseVector":
                return "list[float]"
            case "dynamic":
                return "Any"
            case name if name == RECORD:
                return self._record(ref) if ref.named else f"tuple[{', '.join(arguments)}]"
            case name if name in GEOGRAPHIES:
                return "str"
            case name if name in SCALARS:
                return SCALARS[name][0]
        return self.name(ref, model_name(ref.name)) if self.scope.find(ref) else "Any"

    def codec(self, ref: TypeRef) -> str:
        """The expression of its codec."""
        name = self._required_codec(ref)
        return f"wire.nullable({name})" if ref.nullable and ref.name != "dynamic" else name

    def _required_codec(self, ref: TypeRef) -> str:
        arguments = [self.codec(argument) for argument in ref.arguments]
        match ref.name:
            case "List":
                return f"wire.list_of({arguments[0]})"
            case "Set":
                return (
                    f"wire.{'set_of' if self._has_hash(ref.arguments[0]) else 'set_as_list'}({arguments[0]})"
                )
            case "Map" if str(ref.arguments[0]) == "String":
                return f"wire.string_map({arguments[1]})"
            case "Map":
                kind = "map_of" if self._has_hash(ref.arguments[0]) else "map_as_pairs"
                return f"wire.{kind}({', '.join(arguments)})"
            case "Vector" | "HalfVector" | "SparseVector":
                return f"wire.vector({text(ref.name)})"
            case "dynamic":
                return "DYNAMIC"
            case name if name == RECORD:
                if not ref.named:
                    return f"wire.tuple_of({', '.join(arguments)})"
                named = ", ".join(f"{text(key)}: {self.codec(kind)}" for key, kind in ref.named)
                return f"wire.record({self._record(ref)}, [{', '.join(arguments)}], {{{named}}})"
            case name if name in GEOGRAPHIES:
                return f"wire.geography({text(name)})"
            case name if name in SCALARS:
                return f"wire.{SCALARS[name][1]}"
        if self.scope.find(ref) is None:
            return f"wire.plain({text(ref.name)})"
        return f"of({self.name(ref, model_name(ref.name))})"

    def default(self, ref: TypeRef, default: Default) -> str:
        """The expression of a default value, as it stands behind a dataclass field."""
        value = default.value
        if default.kind != "literal":
            factory = {"now": "utc_now", "random": "uuid.uuid4", "random_v7": "uuid7"}[default.kind]
            return f"field(default_factory={factory})"
        match ref.name:
            case "DateTime":
                return _moment(str(value))
            case "Duration":
                return f"datetime.timedelta(milliseconds={value})"
            case "UuidValue":
                return f"uuid.UUID({text(str(value))})"
            case "BigInt":
                return str(value)
        if isinstance(self.scope.find(ref), EnumDefinition):
            return f"{self.name(ref, model_name(ref.name))}.{member(str(value))}"
        return text(value) if isinstance(value, str) else repr(value)

    def name(self, ref: TypeRef, name: str) -> str:
        """A name of the models' file, with the module that it is in."""
        if ref.module:
            module = self.scope.names[ref.module].protocol.name
            self.modules.add(module)
            return f"{module_alias(module)}.{name}"
        if not self.here:
            self.models.add(name)
        return name

    def _has_hash(self, ref: TypeRef) -> bool:
        return has_hash(ref, lambda each: isinstance(self.scope.find(each), EnumDefinition))

    def _record(self, ref: TypeRef) -> str:
        """The NamedTuple of a record: its positional fields are item1, item2 and so on."""
        key = str(ref.required())
        if key not in self.records:
            parts = [f"item{number}" for number in range(1, len(ref.arguments) + 1)]
            kinds = [*ref.arguments, *(kind for _, kind in ref.named)]
            names = parts + [f"{name}_" if name in ("count", "index") else name for name in _attributes(ref)]
            wanted = "Record" + "".join(name[:1].upper() + name[1:] for name, _ in ref.named)
            name, number = wanted, 2
            while name in self.records.values() or self.scope.protocol.named(name):
                name, number = f"{wanted}{number}", number + 1
            self.records[key] = name
            types = Types(self.scope, records=self.records, declared=self.declared, modules=self.modules)
            lines = [f"    {one}: {types.type(kind)}\n" for one, kind in zip(names, kinds, strict=True)]
            self.declared[name] = f'class {name}(NamedTuple):\n    """{ref.required()}"""\n\n{"".join(lines)}'
        if not self.here:
            self.models.add(self.records[key])
        return self.records[key]


def _attributes(ref: TypeRef) -> list[str]:
    return [attribute_name(name) for name, _ in ref.named]


def _moment(iso: str) -> str:
    value = datetime.datetime.fromisoformat(iso)
    value = value.astimezone(datetime.UTC) if value.tzinfo else value
    parts = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
    while len(parts) > 3 and not parts[-1]:
        parts.pop()
    return f"datetime.datetime({', '.join(map(str, parts))}, tzinfo=datetime.UTC)"


def is_frozen(scope: Scope, one: ClassDefinition) -> bool:
    """Whether its objects can't be changed: as Python wants it, only if that holds for all it extends."""
    if one.kind == "exception":
        return False
    above = scope.find(one.parent) if one.parent else None
    return is_frozen(scope, above) if isinstance(above, ClassDefinition) else one.immutable
