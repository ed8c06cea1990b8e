"""Read the mapping of an enum into its definition: values, properties and their defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, cast

from podium.schema import defaults, rules
from podium.schema.definitions import EnumDefinition, EnumValue, Position
from podium.schema.options import FieldText, read_field
from podium.schema.reading import (
    Faults,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    boolean,
    entries,
    is_null,
    text,
)
from podium.wire.errors import SchemaError
from podium.wire.names import snake_case
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef, registry
from podium.wire.types.ref import TEXT


@dataclass(slots=True)
class EnumReader:
    """Reader for the mapping of an enum."""

    source: Source
    definition: EnumDefinition
    faults: Faults
    property_defaults: dict[str, str | int | float | bool | None] = field(default_factory=dict)

    def read(self, values: dict[str, Node]) -> EnumDefinition:
        definition = self.definition
        if "serverOnly" in values:
            definition.server_only = boolean(self.source, values["serverOnly"], self.faults, '"serverOnly"')
        if "serialized" in values:
            self.serialized(values["serialized"])
        if "properties" in values:
            self.properties(values["properties"])
        if "values" in values:
            self.values(values["values"])
        else:
            self.faults.add(
                definition.position, f'the enum "{definition.name}" needs its values: values: and a list'
            )
        if "default" in values:
            self.default(values["default"])
        return definition

    def serialized(self, node: Node) -> None:
        word = text(self.source, node, self.faults, '"serialized"')
        allowed = rules.VALUES["serialized"]
        if word in allowed:
            self.definition.serialized = cast(Literal["byName", "byIndex"], word)
        elif word:
            hint = rules.near(word, allowed)
            self.faults.add(
                self.source.at(node), f'"serialized" is {" or ".join(allowed)}, not "{word}"{hint}'
            )

    def default(self, node: Node) -> None:
        word = text(self.source, node, self.faults, '"default"')
        names = [value.name for value in self.definition.values]
        if word in names:
            self.definition.default = word
        elif word and names:
            self.faults.add(
                self.source.at(node),
                f'"{word}" is not a value of {self.definition.name}{rules.near(word, names)}',
            )

    def properties(self, node: Node) -> None:
        if not isinstance(node, MappingNode):
            self.faults.add(self.source.at(node), '"properties" has lines of the form "code: int"')
            return
        for name, key, value in entries(self.source, node, self.faults, "a property's name"):
            if not rules.IDENTIFIER.fullmatch(name) or name.startswith("_") or name in _RESERVED_PROPERTIES:
                self.faults.add(
                    self.source.at(key),
                    f'"{name}" is not a valid name for a property of an enum; choose another',
                )
                continue
            written = read_field(self.source, value, self.faults)
            if written is not None:
                self.property(name, key, value, written)

    def property(self, name: str, key: Node, value: Node, written: FieldText) -> None:
        try:
            kind = parse_type(written.type_text)
        except SchemaError as error:
            self.faults.add(self.source.at(value, error.offset), error.message)
            return
        plain = [each.name for each in registry.definitions() if each.plain]
        if kind.name not in plain:
            at = self.source.at(written.type_node or value)
            self.faults.add(at, f'a property is {", ".join(plain)}, with or without "?", not {kind}')
            return
        self.definition.properties.append((name, kind))
        for option in written.options.values():
            if option.name not in rules.PROPERTY_OPTIONS:
                self.faults.add(
                    option.position,
                    f'"{option.name}" is not a valid option of a property; the only one is default',
                )
                continue
            try:
                self.property_defaults[name] = defaults.parse_default(kind, option.value or "").value
            except SchemaError as error:
                self.faults.add(option.at, f"this is not a valid default for {kind}; {error.message}")
                self.property_defaults[name] = None

    def values(self, node: Node) -> None:
        if not isinstance(node, SequenceNode) or not node.value:
            self.faults.add(self.source.at(node), '"values" is a list: a line "- name" for each value')
            return
        seen: set[str] = set()
        members: dict[str, str] = {}
        for item in node.value:
            one = self.value(item)
            if one is None:
                continue
            if one.name in seen:
                self.faults.add(one.position, f'the value "{one.name}" appears twice; remove one')
                continue
            member = snake_case(one.name).upper()
            if member in members:
                both = f'"{members[member]}" and "{one.name}"'
                self.faults.add(
                    one.position, f"{both} are both {member} in Python; choose another name for one"
                )
                continue
            members[member] = one.name
            seen.add(one.name)
            self.definition.values.append(one)

    def value(self, node: Node) -> EnumValue | None:
        key: Node = node
        properties: Node | None = None
        if isinstance(node, MappingNode) and len(node.value) == 1:
            key, properties = node.value[0]
        if not isinstance(key, ScalarNode):
            self.faults.add(
                self.source.at(node), 'a value is a name: "- name", or "- name:" and its properties below'
            )
            return None
        name = key.value
        if not rules.IDENTIFIER.fullmatch(name):
            self.faults.add(
                self.source.at(key), f'"{name}" is not a valid name for a value; use letters, digits and "_"'
            )
            return None
        if name in rules.RESERVED_NAMES or name in ("values", "index"):
            self.faults.add(self.source.at(key), f'"{name}" is a word of Dart; choose another name')
            return None
        position = self.source.at(key)
        return EnumValue(
            name, position, self.source.doc(node), self.property_values(name, position, properties)
        )

    def property_values(
        self, name: str, position: Position, node: Node | None
    ) -> tuple[tuple[str, str | int | float | bool | None], ...]:
        kinds = dict(self.definition.properties)
        found: dict[str, str | int | float | bool | None] = {}
        if node is not None and not is_null(node):
            if not isinstance(node, MappingNode):
                self.faults.add(
                    self.source.at(node), f'the properties of "{name}" are lines of the form "code: 200"'
                )
                return ()
            for key, key_node, value in entries(self.source, node, self.faults, "a property's name"):
                if key not in kinds:
                    hint = rules.near(key, kinds)
                    self.faults.add(
                        self.source.at(key_node), f'{self.definition.name} has no property "{key}"{hint}'
                    )
                else:
                    found[key] = self.property_value(kinds[key], value)
        missing = [
            key
            for key, kind in kinds.items()
            if not (key in found or key in self.property_defaults or kind.nullable)
        ]
        if missing:
            self.faults.add(position, f'the value "{name}" lacks {", ".join(missing)}')
        return tuple((key, found.get(key, self.property_defaults.get(key))) for key in kinds)

    def property_value(self, kind: TypeRef, node: Node) -> str | int | float | bool | None:
        if is_null(node):
            if not kind.nullable:
                self.faults.add(self.source.at(node), f"a value of {kind} is needed")
            return None
        if not isinstance(node, ScalarNode):
            self.faults.add(self.source.at(node), f"a value of {kind} is needed")
            return None
        if kind.name == TEXT:
            return str(node.value)
        try:
            if node.style:
                raise SchemaError("write it without quotes")
            return defaults.parse_default(kind, node.value).value
        except SchemaError as error:
            self.faults.add(
                self.source.at(node), f'"{node.value}" is not a valid {kind.required()}; {error.message}'
            )
            return None


_RESERVED_PROPERTIES: Final = rules.RESERVED_NAMES | {"name", "index", "values"}
