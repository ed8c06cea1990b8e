"""Types as JSON schemas, for OpenAPI: the form of their values on the wire. docs/reference/wire.md"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from podium.wire import classes as wire
from podium.wire import validation
from podium.wire.classes import WireClass, WireEnum, WireExtra
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef
from podium.wire.types import registry as wire_types
from podium.wire.validation import Rule

Schema = dict[str, Any]

DYNAMIC: Schema = {
    "type": "object",
    "required": ["className"],
    "properties": {"className": {"type": "string"}, "data": {}},
}


class Schemas:
    """Types as JSON schemas. Classes and enums in use are collected in `schemas`: `call.Note` for the class Note."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def of(self, kind: TypeRef) -> Schema:
        schema = self._required(kind)
        return {"anyOf": [schema, {"type": "null"}]} if kind.nullable and not kind.is_dynamic else schema

    def _required(self, kind: TypeRef) -> Schema:
        if (known := wire_types.find(kind)) is not None:
            return dict(known.openapi)
        if kind.is_list or kind.is_set:
            return {"type": "array", "items": self.of(kind.arguments[0])}
        if kind.is_map:
            return self._map(kind)
        if kind.is_record:
            return self._record(kind)
        entry = wire.registered.get(wire.wire_name(kind))
        if entry is None or entry.server_only:
            return DYNAMIC
        if isinstance(entry, WireExtra):
            return {"description": f"A {entry.name}, in the form that its class gives itself."}
        return self._named(entry)

    def _map(self, kind: TypeRef) -> Schema:
        key, value = kind.arguments
        if kind.is_object:
            return {"type": "object", "additionalProperties": self.of(value)}
        return {"type": "array", "items": _object({"k": self.of(key), "v": self.of(value)}, [])}

    def _record(self, kind: TypeRef) -> Schema:
        properties: Schema = {}
        if kind.arguments:
            count = len(kind.arguments)
            items = list(map(self.of, kind.arguments))
            properties["p"] = {"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}
        if kind.named:
            named = {name: self.of(each) for name, each in kind.named}
            properties["n"] = _object(named, [name for name, each in kind.named if not each.nullable])
        return _object(properties, list(properties))

    def _named(self, entry: WireClass | WireEnum) -> Schema:
        name = f"call.{entry.name}"
        if name not in self.schemas:
            self.schemas[name] = {}  # it may refer to itself
            self.schemas[name] = _enum(entry) if isinstance(entry, WireEnum) else self._class(entry)
        return {"$ref": f"#/components/schemas/{name}"}

    def ruled(self, kind: TypeRef, rules: Sequence[Rule]) -> Schema:
        """Return a field's schema with the keywords of its rules, beside those of its type."""
        schema = self.of(kind.required())
        for rule in rules:
            schema |= rule.schema(validation.sample(kind.name))
        return {"anyOf": [schema, {"type": "null"}]} if kind.nullable else schema

    def _class(self, entry: WireClass) -> Schema:
        properties: Schema = {"__className__": {"type": "string"}}
        required = []
        for field in entry.fields:
            if field.scope != "all":
                continue
            kind = parse_type(field.type)
            properties[field.key] = self.ruled(kind, field.rules) if field.rules else self.of(kind)
            if not kind.nullable and not field.has_default:
                required.append(field.key)
        return described(entry) | _object(properties, required)


def described(entry: WireClass) -> Schema:
    """The comment of its model file. Without one, Python and Django generate a docstring: "Note(id, text)"."""
    doc = inspect.getdoc(entry.python) or ""
    return {} if not doc or doc.startswith(f"{entry.python.__name__}(") else {"description": doc}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}


def _enum(entry: WireEnum) -> Schema:
    names = [member.value for member in entry.python]
    if entry.serialized == "byIndex":
        return {"type": "integer", "enum": list(range(len(names))), "description": ", ".join(names)}
    return {"type": "string", "enum": names}
