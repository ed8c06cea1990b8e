"""Types and values as Dart source: how a type is written, how a value goes to JSON and comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codegen.visible import Scope
from schema.definitions import ClassDefinition, Default, EnumDefinition, Field
from schema.types import GEOGRAPHIES, RECORD, VECTORS, TypeRef

PLAIN = frozenset(["int", "double", "bool", "String"])
"""What JSON has itself."""
PREFIXED = frozenset(["UuidValue", *VECTORS, *GEOGRAPHIES])
"""Classes of serverpod_client; the others of Dart itself need no prefix, ByteData that of dart:typed_data."""
CONTAINERS = ("List", "Set", "Map")


ESCAPES = {"\\": "\\\\", "'": "\\'", "$": "\\$", "\n": "\\n", "\r": "\\r"}


def listed(head: str, parts: Sequence[str], tail: str, indent: int = 0) -> str:
    """`head`, the parts with commas, `tail`; codegen.dart.breaks breaks it where it is too long."""
    return f"{' ' * indent}{head}{', '.join(parts)}{tail}"


def doc(text: str, indent: int = 0) -> list[str]:
    """A /// comment, a line each; none for no text."""
    space = " " * indent
    return [f"{space}/// {line}".rstrip() for line in text.strip().splitlines()]


def quoted(text: str) -> str:
    """A string literal."""
    for character, escaped in ESCAPES.items():
        text = text.replace(character, escaped)
    return f"'{text}'"


@dataclass(frozen=True)
class Dart:
    """How types of one scope are written. Everything of serverpod_client is `_sp.`, all own classes are `_p.`.

    The prefixes start with "_" since no field or parameter, which would hide them, can be called so.
    """

    scope: Scope

    # How a type is written ----------------------------------------------------------------------------------------

    def type(self, kind: TypeRef) -> str:
        """E.g. `Map<String, p.Note?>?`."""
        if kind.name == "dynamic":
            return "dynamic"
        return self.required(kind) + ("?" if kind.nullable else "")

    def required(self, kind: TypeRef) -> str:
        if kind.name == RECORD:
            return self._record(kind)
        arguments = f"<{', '.join(map(self.type, kind.arguments))}>" if kind.arguments else ""
        return f"{self._prefix(kind)}{kind.name}{arguments}"

    def _prefix(self, kind: TypeRef) -> str:
        if kind.name == "ByteData":
            return "_td."
        if kind.name in PREFIXED:
            return "_sp."
        if kind.name in PLAIN or kind.name in CONTAINERS or kind.name in BUILT_IN:
            return ""
        if kind.module in self.scope.names:
            return f"{module_prefix(kind.module)}."
        package = self.extra_package(kind)
        return f"{extra_prefix(package)}." if package else "_p."

    def extra_package(self, kind: TypeRef) -> str:
        """The package of a class that is written by hand; "" for any other."""
        if kind.module in self.scope.names or self.scope.find(kind) is not None:
            return ""
        return self.scope.protocol.extra.get(kind.name, "")

    def _record(self, kind: TypeRef) -> str:
        parts = [self.type(each) for each in kind.arguments]
        if kind.named:
            parts.append("{" + ", ".join(f"{self.type(each)} {name}" for name, each in kind.named) + "}")
            return f"({', '.join(parts)})"
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"

    # To JSON ------------------------------------------------------------------------------------------------------

    def to_json(self, kind: TypeRef, value: str, *, protocol: bool = False) -> str:
        """The expression that makes JSON of `value`. protocol: what goes over the wire."""
        dot = "?." if kind.nullable else "."
        if kind.name in PLAIN:
            return value
        if kind.name == "dynamic":
            return f"_p.Protocol().dynamicToJson({value})"
        if kind.name == RECORD:
            return f"_p.Protocol().mapRecordToJson({value})"
        if kind.name in CONTAINERS:
            if holds_record(kind):
                return f"_p.Protocol().mapContainerToJson({value})"
            return f"{value}{dot}toJson({', '.join(self._inside(kind, protocol))})"
        if protocol and self.extra_package(kind):
            return value  # by the encoder: only that knows which of the two ways the class has
        if protocol and self._is_class(kind):
            return f"{value}{dot}toJsonForProtocol()"
        return f"{value}{dot}toJson()"

    def _inside(self, kind: TypeRef, protocol: bool) -> list[str]:
        names = ["keyToJson", "valueToJson"] if kind.name == "Map" else ["valueToJson"]
        letters = ["k", "v"] if kind.name == "Map" else ["v"]
        found = []
        for name, letter, inner in zip(names, letters, kind.arguments, strict=True):
            text = self.to_json(inner, letter, protocol=protocol)
            if text != letter:
                found.append(f"{name}: ({letter}) => {text}")
        return found

    def _is_class(self, kind: TypeRef) -> bool:
        return isinstance(self.scope.find(kind), ClassDefinition)

    # From JSON ----------------------------------------------------------------------------------------------------

    def from_json(self, kind: TypeRef, value: str) -> str:
        """The expression that reads `value`, a part of decoded JSON."""
        question = "?" if kind.nullable else ""
        if kind.name in ("int", "String"):
            return f"{value} as {kind.name}{question}"
        if kind.name == "double":
            return f"({value} as num{question}){question}.toDouble()"
        if kind.name == "dynamic":
            return f"_p.Protocol().dynamicFromJson({value})"
        read = self._read(kind, value)
        return f"{value} == null ? null : {read}" if kind.nullable else read

    def _read(self, kind: TypeRef, value: str) -> str:
        if kind.name == "bool" or kind.name in EXTENSIONS:
            extension = "Bool" if kind.name == "bool" else kind.name
            return f"_sp.{extension}JsonExtension.fromJson({value})"
        found = self.scope.find(kind)
        if isinstance(found, EnumDefinition):
            stored = "int" if found.serialized == "byIndex" else "String"
            return f"{self.required(kind)}.fromJson({value} as {stored})"
        return f"_p.Protocol().deserialize<{self.required(kind)}>({value})"

    # Copies and defaults --------------------------------------------------------------------------------------------

    def copy(self, kind: TypeRef, value: str, depth: int = 0) -> str:
        """The expression of a copy that shares nothing that can change."""
        dot = "?." if kind.nullable else "."
        if self._is_class(kind):
            return f"{value}{dot}copyWith()"
        item = f"e{depth}"
        if kind.name in ("List", "Set"):
            inside = self.copy(kind.arguments[0], item, depth + 1)
            return f"{value}{dot}map(({item}) => {inside}).to{kind.name}()"
        if kind.name == "Map":
            key = self.copy(kind.arguments[0], f"k{depth}", depth + 1)
            inside = self.copy(kind.arguments[1], f"v{depth}", depth + 1)
            return f"{value}{dot}map((k{depth}, v{depth}) => MapEntry({key}, {inside}))"
        return value

    def default(self, field: Field, default: Default) -> str:
        """A default value as an expression."""
        made = {
            "now": "DateTime.now()",
            "random": "const _sp.Uuid().v4obj()",
            "random_v7": "const _sp.Uuid().v7obj()",
        }
        if default.kind in made:
            return made[default.kind]
        value, name = default.value, field.type.name
        if isinstance(self.scope.find(field.type), EnumDefinition):
            return f"{self.required(field.type)}.{value}"
        builders = {
            "DateTime": f"DateTime.parse({quoted(str(value))})",
            "Duration": f"Duration(milliseconds: {value})",
            "UuidValue": f"_sp.UuidValue.fromString({quoted(str(value))})",
            "Uri": f"Uri.parse({quoted(str(value))})",
            "BigInt": f"BigInt.parse({quoted(str(value))})",
            "String": quoted(str(value)),
            "double": repr(float(value)) if isinstance(value, int | float) else "",
        }
        return builders.get(name) or str(value).lower()


BUILT_IN = frozenset(["DateTime", "Duration", "Uri", "BigInt", "void", "Stream"])
EXTENSIONS = frozenset(
    ["DateTime", "Duration", "UuidValue", "Uri", "BigInt", "ByteData", *VECTORS, *GEOGRAPHIES]
)


def module_prefix(nickname: str) -> str:
    """The import prefix of a module's own client package."""
    return f"_m_{nickname}"


def module_package(nickname: str, module: Scope) -> str:
    """The package with a module's classes; a shared package is one itself and has no client of its own."""
    return module.protocol.name if is_shared_package(nickname, module) else f"{module.protocol.name}_client"


def is_shared_package(nickname: str, module: Scope) -> bool:
    """Whether it has classes only, under its own name, that server and clients both use."""
    return module.protocol.shared and nickname == module.protocol.name


def extra_prefix(package: str) -> str:
    """The import prefix of a package with classes that are written by hand."""
    return f"_x_{package}"


def has_dynamic(kind: TypeRef) -> bool:
    """Whether a value of any class may stand in it."""
    inside = (*kind.arguments, *(each for _, each in kind.named))
    return kind.name == "dynamic" or any(map(has_dynamic, inside))


def has_geography(kind: TypeRef) -> bool:
    """Whether a place on the globe stands in it."""
    inside = (*kind.arguments, *(each for _, each in kind.named))
    return kind.name in GEOGRAPHIES or any(map(has_geography, inside))


def holds_record(kind: TypeRef) -> bool:
    """Whether there is a record inside a container."""
    return any(each.name == RECORD or holds_record(each) for each in kind.arguments)


def containers(kind: TypeRef) -> Iterator[TypeRef]:
    """The containers and records in a type, itself included, the inner ones after the outer."""
    if kind.name in CONTAINERS or kind.name == RECORD:
        yield kind
    for inner in (*kind.arguments, *(each for _, each in kind.named)):
        yield from containers(inner)
