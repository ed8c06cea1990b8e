"""Types and values as Dart source: spelling of types, conversion of values to and from JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from podium.codegen.client_view import Scope
from podium.schema.definitions import ClassDefinition, EnumDefinition, Field
from podium.wire.default import Default
from podium.wire.types import TypeRef, registry
from podium.wire.types.definition import WireType, filled
from podium.wire.types.numbers import INT
from podium.wire.types.ref import TEXT

ESCAPES = {"\\": "\\\\", "'": "\\'", "$": "\\$", "\n": "\\n", "\r": "\\r"}


def listed(head: str, parts: Sequence[str], tail: str, indent: int = 0) -> str:
    """`head`, the parts with commas, `tail`; podium.codegen.dart.breaks breaks it if it is too long."""
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
    """The spelling of a scope's types. Names of serverpod_client have the prefix `_sp.`, own classes `_p.`.

    The prefixes start with "_" since no field or parameter can have such a name and hide them.
    """

    scope: Scope

    # How a type is written ----------------------------------------------------------------------------------------

    def type(self, kind: TypeRef) -> str:
        """E.g. `Map<String, p.Note?>?`."""
        if kind.is_dynamic:
            return self.required(kind)
        return self.required(kind) + ("?" if kind.nullable else "")

    def required(self, kind: TypeRef) -> str:
        if kind.is_record:
            return self._record(kind)
        if (known := registry.find(kind)) is not None:
            return defined_type(known)
        arguments = f"<{', '.join(map(self.type, kind.arguments))}>" if kind.arguments else ""
        return f"{self._prefix(kind)}{kind.name}{arguments}"

    def _prefix(self, kind: TypeRef) -> str:
        if kind.is_container or kind.is_dynamic or kind.is_void or kind.is_stream:
            return ""
        if kind.module in self.scope.names:
            return f"{module_prefix(kind.module)}."
        library = self.extra(kind)
        return f"{extra_prefix(library)}." if library else "_p."

    def extra(self, kind: TypeRef) -> str:
        """The library of a hand-written class, as declared; "" for any other."""
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
        """The expression that turns `value` into JSON. protocol: for the wire."""
        dot = "?." if kind.nullable else "."
        if (known := registry.find(kind)) is not None:
            return f"{value}{dot}{known.dart.write}" if known.dart.write else value
        if kind.is_dynamic:
            return f"_p.Protocol().dynamicToJson({value})"
        if kind.is_record:
            return f"_p.Protocol().mapRecordToJson({value})"
        if kind.is_container:
            if holds_record(kind):
                return f"_p.Protocol().mapContainerToJson({value})"
            return f"{value}{dot}toJson({', '.join(self._inside(kind, protocol))})"
        if protocol and self.extra(kind):
            return value  # converted by the encoder, which knows the class's method
        if protocol and self._is_class(kind):
            return f"{value}{dot}toJsonForProtocol()"
        return f"{value}{dot}toJson()"

    def _inside(self, kind: TypeRef, protocol: bool) -> list[str]:
        names = ["keyToJson", "valueToJson"] if kind.is_map else ["valueToJson"]
        letters = ["k", "v"] if kind.is_map else ["v"]
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
        known = registry.find(kind)
        if known is not None and kind.nullable and known.dart.read_null:
            return known.dart.read_null.format(value)
        if kind.is_dynamic:
            return f"_p.Protocol().dynamicFromJson({value})"
        read = self._read(kind, value)
        return f"{value} == null ? null : {read}" if kind.nullable else read

    def _read(self, kind: TypeRef, value: str) -> str:
        if (known := registry.find(kind)) is not None:
            return known.dart.read.format(value, type=defined_type(known))
        found = self.scope.find(kind)
        if isinstance(found, EnumDefinition):
            stored = INT.name if found.serialized == "byIndex" else TEXT
            return f"{self.required(kind)}.fromJson({value} as {stored})"
        return f"_p.Protocol().deserialize<{self.required(kind)}>({value})"

    # Copies and defaults --------------------------------------------------------------------------------------------

    def copy(self, kind: TypeRef, value: str, depth: int = 0) -> str:
        """The expression of a copy that shares no mutable parts."""
        dot = "?." if kind.nullable else "."
        if self._is_class(kind):
            return f"{value}{dot}copyWith()"
        item = f"e{depth}"
        if kind.is_list or kind.is_set:
            inside = self.copy(kind.arguments[0], item, depth + 1)
            return f"{value}{dot}map(({item}) => {inside}).to{kind.name}()"
        if kind.is_map:
            key = self.copy(kind.arguments[0], f"k{depth}", depth + 1)
            inside = self.copy(kind.arguments[1], f"v{depth}", depth + 1)
            return f"{value}{dot}map((k{depth}, v{depth}) => MapEntry({key}, {inside}))"
        return value

    def default(self, field: Field, default: Default) -> str:
        """The expression of a default value."""
        made = {
            "now": "DateTime.now()",
            "random": "const _sp.Uuid().v4obj()",
            "random_v7": "const _sp.Uuid().v7obj()",
        }
        if default.kind in made:
            return made[default.kind]
        value = default.value
        if isinstance(self.scope.find(field.type), EnumDefinition):
            return f"{self.required(field.type)}.{value}"
        literal = quoted(value) if isinstance(value, str) else repr(value).lower()
        known = registry.find(field.type)
        return filled(known.dart.value, literal, value, defined_type(known)) if known else literal


def defined_type(known: WireType) -> str:
    """The spelling of a type with a definition; one that an app added has the prefix of its library."""
    return f"{extra_prefix(known.dart.library)}.{known.dart.type}" if known.dart.library else known.dart.type


def added_types(types: Iterable[TypeRef]) -> list[WireType]:
    """The types of apps in these types that have a Dart class in a library of its own."""
    found: dict[str, WireType] = {}
    for kind in types:
        known = registry.find(kind)
        if known is not None and known.dart.library:
            found[known.name] = known
        found |= {each.name: each for each in added_types(kind.inside())}
    return [found[name] for name in sorted(found)]


def is_converted(kind: TypeRef) -> bool:
    """Return whether a type contains values that are not JSON and lack the toJson() that the client library calls."""
    known = registry.find(kind)
    return (known is not None and known.dart.write not in ("", "toJson()")) or any(
        map(is_converted, kind.inside())
    )


def module_prefix(nickname: str) -> str:
    """The import prefix of a module's own client package."""
    return f"_m_{nickname}"


def module_package(nickname: str, module: Scope) -> str:
    """The package with a module's classes; a shared package itself, which has no client."""
    return module.protocol.name if is_shared_package(nickname, module) else f"{module.protocol.name}_client"


def is_shared_package(nickname: str, module: Scope) -> bool:
    """Return whether a module is a package of classes that server and clients share."""
    return module.protocol.shared and nickname == module.protocol.name


def extra_library(declared: str) -> str:
    """The library of a hand-written class; for a package it is the library of the same name."""
    return declared if declared.startswith(("package:", "dart:")) else f"package:{declared}/{declared}.dart"


def extra_package(declared: str) -> str:
    """The package of such a library."""
    return declared.removeprefix("package:").partition("/")[0]


def extra_prefix(declared: str) -> str:
    """The import prefix of such a library."""
    package, _, path = extra_library(declared).removeprefix("package:").removesuffix(".dart").partition("/")
    return f"_x_{package}" if path == package else "_x_" + re.sub(r"\W", "__", f"{package}/{path}".lower())


def has_dynamic(kind: TypeRef) -> bool:
    """Return whether a type contains `dynamic`."""
    return kind.is_dynamic or any(map(has_dynamic, kind.inside()))


def has_geography(kind: TypeRef) -> bool:
    """Return whether a type contains a place on the globe."""
    known = registry.find(kind)
    return (known is not None and known.column.place) or any(map(has_geography, kind.inside()))


def holds_record(kind: TypeRef) -> bool:
    """Return whether a type contains a record inside a container."""
    return any(each.is_record or holds_record(each) for each in kind.arguments)


def needs_mapping(kind: TypeRef) -> bool:
    """Test whether a container holds values that Dart's JSON encoder does not write as the wire requires.

    That is a record, or a map whose keys are not text: the encoder writes an empty one as {}.
    """
    if kind.is_map and not kind.is_object:
        return True
    return any(each.is_record or needs_mapping(each) for each in kind.arguments)


def containers(kind: TypeRef) -> Iterator[TypeRef]:
    """The containers and records in a type, itself included, the inner ones after the outer."""
    if kind.is_container or kind.is_record:
        yield kind
    for inner in kind.inside():
        yield from containers(inner)
