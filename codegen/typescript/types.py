"""Types, codecs, defaults and names in TypeScript."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from codegen.layout import camel, lower_first
from codegen.visible import Scope
from schema.definitions import ClassDefinition, Default, EnumDefinition, Field
from schema.types import GEOGRAPHIES, RECORD, TypeRef

# Names that a generated file needs for itself, or that the package exports: a model of that name gets "Model" behind.
TAKEN = frozenset(
    """
    Array AsyncIterable Auth AuthOptions BadRequestError BaseClient BigInt Boolean CallOptions Client
    ClientError ClientOptions ConnectionLostError Date Duration Endpoint Error ForbiddenError HttpError
    Json Map MethodStream Model ModelException NetworkError NotFoundError Number Object Partial Promise
    Record ServerError Set SignIn Source Storage StreamClosedError StreamOptions StreamOverflowError StreamRefusedError
    String Symbol TimeoutError Tokens TooLargeError TooManyRequestsError Uint8Array UnauthorizedError Uri
    UuidValue WebSocketLike WebSocketType WireError
    """.split()  # noqa: SIM905
)
RESERVED = frozenset(
    """
    arguments await break case catch class const continue debugger default delete do else enum eval
    export extends false finally for function if implements import in instanceof interface let new null
    package private protected public return static super switch this throw true try typeof var void
    while with yield
    """.split()  # noqa: SIM905
)
MEMBERS = frozenset(["constructor", "toJSON", "copyWith"])
ERROR_MEMBERS = frozenset(["name", "message", "stack", "cause"])

SCALARS = {
    "int": ("number", "int"),
    "double": ("number", "double"),
    "bool": ("boolean", "bool"),
    "String": ("string", "string"),
    "DateTime": ("Date", "dateTime"),
    "Duration": ("Duration", "duration"),
    "UuidValue": ("UuidValue", "uuid"),
    "Uri": ("Uri", "uri"),
    "BigInt": ("bigint", "bigInt"),
    "ByteData": ("Uint8Array", "byteData"),
    "Bit": ("boolean[]", "bit"),
    "void": ("void", "nothing"),
}
ALIASES = frozenset(["Duration", "UuidValue", "Uri", "Json"])  # exported by runtime/wire.ts


def model_name(name: str) -> str:
    """The TypeScript name of a class or an enum."""
    return f"{name}Model" if name in TAKEN else name


def enum_codec(name: str) -> str:
    return f"{lower_first(model_name(name))}Codec"


def local_name(name: str, *taken: str) -> str:
    """A parameter's name inside its method."""
    return f"{name}_" if name in RESERVED or name in taken else name


def property_name(owner: ClassDefinition, of: Field) -> str:
    """A field's name; one that would break the class, or Error, gets "_" behind."""
    clashes = of.name in MEMBERS
    if owner.kind == "exception" and of.name in ERROR_MEMBERS:
        clashes = str(of.type) != "String" or of.name in ("stack", "cause")
    return f"{of.name}_" if clashes else of.name


def literal(value: object) -> str:
    """A string, number, boolean or null."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(slots=True)
class Types:
    """Types and codecs as one file spells them, and what that file has to import for it.

    here     False in files beside the models (endpoints), which import what they name
    aliases, models, modules  what was used: of runtime/wire.ts, of the scope's models, module name -> its namespace
    dynamic  whether `dynamic` was used
    """

    scope: Scope
    here: bool = True
    aliases: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    modules: dict[str, str] = field(default_factory=dict)
    dynamic: bool = False

    def type(self, ref: TypeRef) -> str:
        """The TypeScript type."""
        text = self._required(ref)
        return f"{text} | null" if ref.nullable else text

    def _required(self, ref: TypeRef) -> str:
        arguments = [self.type(argument) for argument in ref.arguments]
        match ref.name:
            case "List":
                return f"({arguments[0]})[]" if " " in arguments[0] else f"{arguments[0]}[]"
            case "Set":
                return f"Set<{arguments[0]}>"
            case "Map" if str(ref.arguments[0]) == "String":
                return f"Record<string, {arguments[1]}>"
            case "Map":
                return f"Map<{arguments[0]}, {arguments[1]}>"
            case "Vector" | "HalfVector" | "SparseVector":
                return "number[]"
            case "dynamic":
                return "unknown"
            case name if name == RECORD:
                if ref.named:
                    arguments.append(
                        f"{{ {'; '.join(f'{name}: {self.type(kind)}' for name, kind in ref.named)} }}"
                    )
                return f"[{', '.join(arguments)}]" if ref.arguments else arguments[0]
            case name if name in GEOGRAPHIES:
                return "string"
            case name if name in SCALARS:
                return self._alias(SCALARS[name][0])
        if self.scope.find(ref) is None:
            return self._alias("Json")
        return self.name(ref, model_name(ref.name))

    def codec(self, ref: TypeRef) -> str:
        """The expression of its codec."""
        text = self._required_codec(ref)
        return f"wire.nullable({text})" if ref.nullable and ref.name != "dynamic" else text

    def _required_codec(self, ref: TypeRef) -> str:
        arguments = [self.codec(argument) for argument in ref.arguments]
        match ref.name:
            case "List" | "Set":
                return f"wire.{ref.name.lower()}({arguments[0]})"
            case "Map" if str(ref.arguments[0]) == "String":
                return f"wire.stringMap({arguments[1]})"
            case "Map":
                return f"wire.map({', '.join(arguments)})"
            case "Vector" | "HalfVector" | "SparseVector":
                return f"wire.vector({literal(ref.name)})"
            case "dynamic":
                self.dynamic = True
                return "dynamic"
            case name if name == RECORD:
                return self._record_codec(ref, arguments)
            case name if name in GEOGRAPHIES:
                return f"wire.geography({literal(name)})"
            case name if name in SCALARS:
                return f"wire.{SCALARS[name][1]}"
        found = self.scope.find(ref)
        if found is None:
            return f"wire.json({literal(ref.name)})"
        if isinstance(found, EnumDefinition):
            return self.name(ref, enum_codec(ref.name))
        return f"{self.name(ref, model_name(ref.name))}.codec"

    def _record_codec(self, ref: TypeRef, arguments: list[str]) -> str:
        named = f"{{ {', '.join(f'{name}: {self.codec(kind)}' for name, kind in ref.named)} }}"
        if not ref.named:
            return f"wire.tuple({', '.join(arguments)})"
        return f"wire.record([{', '.join(arguments)}], {named})" if arguments else f"wire.named({named})"

    def default(self, ref: TypeRef, default: Default) -> str:
        """The expression of a default value."""
        value = default.value
        if default.kind != "literal":
            return {"now": "new Date()", "random": "uuid4()", "random_v7": "uuid7()"}[default.kind]
        if ref.name == "DateTime":
            return f"new Date({literal(value)})"
        if ref.name == "BigInt":
            return f"{value}n"
        if isinstance(self.scope.find(ref), EnumDefinition):
            return f"{self.name(ref, model_name(ref.name))}.{value}"
        return literal(value)

    def name(self, ref: TypeRef, name: str) -> str:
        """A name of the models' file, with the namespace of the module that it is in."""
        if ref.module:
            module = self.scope.names[ref.module].protocol.name
            return f"{self.modules.setdefault(module, namespace(module))}.{name}"
        if not self.here:
            self.models.add(name)
        return name

    def _alias(self, name: str) -> str:
        if name in ALIASES:
            self.aliases.add(name)
        return name


def namespace(module: str) -> str:
    """What a module's models are imported as."""
    return f"{camel(module)}Module"
