"""Types, codecs, defaults and names in TypeScript."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from podium.codegen.client_view import Scope
from podium.codegen.layout import camel, lower_first
from podium.schema.definitions import ClassDefinition, EnumDefinition, Field
from podium.wire.default import Default
from podium.wire.types import TypeRef, registry
from podium.wire.types.definition import TypeScript, filled
from podium.wire.types.ref import TEXT

# Names that a generated file uses itself, or that the package exports: a model of that name gets the suffix "Model".
TAKEN = frozenset(
    """
    Array AsyncIterable Auth AuthOptions BadRequestError BaseClient BigInt Boolean CallOptions Client
    ClientError ClientOptions ConnectionLostError Date Duration Endpoint Error FieldFault FieldValidation
    ForbiddenError HttpError Json Map MethodStream Model ModelException NetworkError NotFoundError Number Object
    Partial Promise Record ServerError Set SignIn Source Storage StreamClosedError StreamOptions StreamOverflowError
    StreamRefusedError String Symbol TimeoutError Tokens TooLargeError TooManyRequestsError Uint8Array UnauthorizedError
    Uri UuidValue WebSocketLike WebSocketType WireError
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


def model_name(name: str) -> str:
    """The TypeScript name of a class or an enum."""
    return f"{name}Model" if name in TAKEN else name


def enum_codec(name: str) -> str:
    return f"{lower_first(model_name(name))}Codec"


def local_name(name: str, *taken: str) -> str:
    """A parameter's name inside its method."""
    return f"{name}_" if name in RESERVED or name in taken else name


def property_name(owner: ClassDefinition, of: Field) -> str:
    """A field's name; one that would break the class, or Error, gets the suffix "_"."""
    clashes = of.name in MEMBERS
    if owner.kind == "exception" and of.name in ERROR_MEMBERS:
        clashes = str(of.type) != TEXT or of.name in ("stack", "cause")
    return f"{of.name}_" if clashes else of.name


def literal(value: object) -> str:
    """A string, number, boolean or null."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(slots=True)
class Types:
    """Types and codecs as spelled in one file, and the imports they need there.

    here     False in other files than the models' (endpoints), which import the models
    aliases, models, modules  names in use: of runtime/wire.ts, of the scope's models, module name -> its namespace
    imports  lines for types that apps add
    dynamic  True if `dynamic` is used
    """

    scope: Scope
    here: bool = True
    aliases: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    modules: dict[str, str] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    dynamic: bool = False

    def type(self, ref: TypeRef) -> str:
        """The TypeScript type."""
        text = self._required(ref)
        return f"{text} | null" if ref.nullable else text

    def _required(self, ref: TypeRef) -> str:
        arguments = [self.type(argument) for argument in ref.arguments]
        if (known := self._known(ref)) is not None:
            return self._alias(known.type) if known.exported else known.type
        if ref.is_list:
            return f"({arguments[0]})[]" if " " in arguments[0] else f"{arguments[0]}[]"
        if ref.is_set:
            return f"Set<{arguments[0]}>"
        if ref.is_object:
            return f"Record<string, {arguments[1]}>"
        if ref.is_map:
            return f"Map<{arguments[0]}, {arguments[1]}>"
        if ref.is_dynamic:
            return "unknown"
        if ref.is_void:
            return "void"
        if ref.is_record:
            return self._record(ref, arguments)
        if self.scope.find(ref) is None:
            return self._alias("Json")
        return self.name(ref, model_name(ref.name))

    def _record(self, ref: TypeRef, arguments: list[str]) -> str:
        if ref.named:
            named = "; ".join(f"{name}: {self.type(kind)}" for name, kind in ref.named)
            arguments = [*arguments, f"{{ {named} }}"]
        return f"[{', '.join(arguments)}]" if ref.arguments else arguments[0]

    def codec(self, ref: TypeRef) -> str:
        """The expression of its codec."""
        text = self._required_codec(ref)
        return f"wire.nullable({text})" if ref.nullable and not ref.is_dynamic else text

    def _required_codec(self, ref: TypeRef) -> str:
        arguments = [self.codec(argument) for argument in ref.arguments]
        if (known := self._known(ref)) is not None:
            return known.codec
        if ref.is_list:
            return f"wire.list({arguments[0]})"
        if ref.is_set:
            return f"wire.set({arguments[0]})"
        if ref.is_object:
            return f"wire.stringMap({arguments[1]})"
        if ref.is_map:
            return f"wire.map({', '.join(arguments)})"
        if ref.is_dynamic:
            self.dynamic = True
            return "dynamic"
        if ref.is_void:
            return "wire.nothing"
        if ref.is_record:
            return self._record_codec(ref, arguments)
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
        if (known := self._known(ref)) is not None:
            return filled(known.value, literal(value), value)
        if isinstance(self.scope.find(ref), EnumDefinition):
            return f"{self.name(ref, model_name(ref.name))}.{value}"
        return literal(value)

    def _known(self, ref: TypeRef) -> TypeScript | None:
        """The definition's part for this client, with its imports noted; None for a type without a definition."""
        known = registry.find(ref)
        if known is None:
            return None
        self.imports |= set(known.typescript.imports)
        return known.typescript

    def name(self, ref: TypeRef, name: str) -> str:
        """A name from the models, with the namespace of its module."""
        if ref.module:
            module = self.scope.names[ref.module].protocol.name
            return f"{self.modules.setdefault(module, namespace(module))}.{name}"
        if not self.here:
            self.models.add(name)
        return name

    def _alias(self, name: str) -> str:
        self.aliases.add(name)
        return name


def namespace(module: str) -> str:
    """The import alias of a module's models."""
    return f"{camel(module)}Module"
