"""Types, codecs, defaults and names in Python."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field

from podium.codegen.client_view import Scope
from podium.codegen.layout import WIDTH, camel
from podium.schema.definitions import ClassDefinition, EnumDefinition, Field
from podium.wire.default import Default
from podium.wire.names import snake_case
from podium.wire.types import TypeRef, registry
from podium.wire.types.definition import PythonClient, filled

# Names that a generated file uses itself, or that the package exports: a model of that name gets the suffix "Model".
TAKEN = frozenset(
    """
    Any AsyncClient Auth BadRequestError BaseException BaseModel Client ClientError ConnectionLost Exception Field
    FieldFault FieldValidation ForbiddenError HasTokens HttpError Literal MethodStream Model ModelException NamedTuple
    NetworkError NoAnswerError None NotFoundError ServerError Source Storage StreamClosed StreamOverflow StreamRefused
    SyncStream Timeout Tokens TooLargeError TooManyRequestsError TypeAlias UNSET UnauthorizedError Unset UploadRefused
    WireError
    """.split()  # noqa: SIM905
)
# Names that a class body uses or inherits: a field of that name gets the suffix "_".
CLASS_BODY = frozenset(
    """
    args add_note bool bytes datetime dict field float from_json int list set str to_json tuple utc_now uuid uuid7
    with_traceback
    """.split()  # noqa: SIM905
)


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
    """The name of an enum's value."""
    return snake_case(name).upper()


def module_alias(module: str) -> str:
    """The import alias of a module's models."""
    return f"{snake_case(camel(module))}_module"


def text(value: str) -> str:
    """A string literal in double quotes."""
    quoted = repr("'" + value)  # the quote makes repr choose double quotes, if the value has none
    return f'"{quoted[2:-1]}"' if quoted[0] == '"' else repr(value)


def import_names(module: str, names: list[str]) -> str:
    """An import with its line end, in one line or several."""
    line = f"from {module} import {', '.join(names)}\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def docstring(doc: str, indent: str, fallback: str = "") -> str:
    """A docstring with its line end; "" for no text."""
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
    """Types and codecs as spelled in one file, and the imports they need there.

    here     False in other files than the models' (endpoints), which import the models
    records  NamedTuples of records with named fields, by the record's type; shared by the files of a scope
    """

    scope: Scope
    here: bool = True
    records: dict[str, str] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)  # the NamedTuples' names -> their text
    models: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)  # lines for types that apps add
    shadowed: frozenset[str] = frozenset()  # builtins that the class in question has methods named like

    def type(self, ref: TypeRef) -> str:
        """The Python type."""
        name = self._required(ref)
        for shadowed in self.shadowed:
            name = re.sub(rf"(?<![\w.]){shadowed}\b", f"builtins.{shadowed}", name)
        return f"{name} | None" if ref.nullable and name != "Any" else name

    def _required(self, ref: TypeRef) -> str:
        arguments = [self.type(argument) for argument in ref.arguments]
        if (known := self._known(ref)) is not None:
            return known.type
        if ref.is_list:
            return f"list[{arguments[0]}]"
        if ref.is_set:
            return f"{'set' if self._has_hash(ref.arguments[0]) else 'list'}[{arguments[0]}]"
        if ref.is_map:
            inside = ", ".join(arguments)
            return f"dict[{inside}]" if self._has_hash(ref.arguments[0]) else f"list[tuple[{inside}]]"
        if ref.is_dynamic:
            return "Any"
        if ref.is_void:
            return "None"
        if ref.is_record:
            return self._record(ref) if ref.named else f"tuple[{', '.join(arguments)}]"
        return self.name(ref, model_name(ref.name)) if self.scope.find(ref) else "Any"

    def codec(self, ref: TypeRef) -> str:
        """The expression of its codec."""
        name = self._required_codec(ref)
        return f"wire.nullable({name})" if ref.nullable and not ref.is_dynamic else name

    def _required_codec(self, ref: TypeRef) -> str:
        arguments = [self.codec(argument) for argument in ref.arguments]
        if (known := self._known(ref)) is not None:
            return known.codec
        if ref.is_list:
            return f"wire.list_of({arguments[0]})"
        if ref.is_set:
            return f"wire.{'set_of' if self._has_hash(ref.arguments[0]) else 'set_as_list'}({arguments[0]})"
        if ref.is_object:
            return f"wire.string_map({arguments[1]})"
        if ref.is_map:
            kind = "map_of" if self._has_hash(ref.arguments[0]) else "map_as_pairs"
            return f"wire.{kind}({', '.join(arguments)})"
        if ref.is_dynamic:
            return "DYNAMIC"
        if ref.is_void:
            return "wire.NOTHING"
        if ref.is_record:
            return self._record_codec(ref, arguments)
        if self.scope.find(ref) is None:
            return f"wire.plain({text(ref.name)})"
        return f"of({self.name(ref, model_name(ref.name))})"

    def _record_codec(self, ref: TypeRef, arguments: list[str]) -> str:
        if not ref.named:
            return f"wire.tuple_of({', '.join(arguments)})"
        named = ", ".join(f"{text(key)}: {self.codec(kind)}" for key, kind in ref.named)
        return f"wire.record({self._record(ref)}, [{', '.join(arguments)}], {{{named}}})"

    def default(self, ref: TypeRef, default: Default) -> str:
        """The expression of a default value, for a dataclass field."""
        value = default.value
        if default.kind != "literal":
            factory = {"now": "utc_now", "random": "uuid.uuid4", "random_v7": "uuid7"}[default.kind]
            return f"field(default_factory={factory})"
        literal = text(value) if isinstance(value, str) else repr(value)
        if (known := self._known(ref)) is not None:
            return filled(known.value, literal, value)
        if isinstance(self.scope.find(ref), EnumDefinition):
            return f"{self.name(ref, model_name(ref.name))}.{member(str(value))}"
        return literal

    def _known(self, ref: TypeRef) -> PythonClient | None:
        """The definition's part for this client, with its imports noted; None for a type without a definition."""
        known = registry.find(ref)
        if known is None:
            return None
        self.imports |= set(known.python_client.imports)
        return known.python_client

    def name(self, ref: TypeRef, name: str) -> str:
        """A name from the models, with its module."""
        if ref.module:
            module = self.scope.names[ref.module].protocol.name
            self.modules.add(module)
            return f"{module_alias(module)}.{name}"
        if not self.here:
            self.models.add(name)
        return name

    def _has_hash(self, ref: TypeRef) -> bool:
        return registry.has_hash(ref, lambda each: isinstance(self.scope.find(each), EnumDefinition))

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


def is_frozen(scope: Scope, one: ClassDefinition) -> bool:
    """Return whether a dataclass is frozen; Python requires the same of all its bases."""
    if one.kind == "exception":
        return False
    above = scope.find(one.parent) if one.parent else None
    return is_frozen(scope, above) if isinstance(above, ClassDefinition) else one.immutable
