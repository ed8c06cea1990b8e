"""Calls as OpenAPI: to try one on the API's page, or to call from a language without a client.

Streams are not included. Values in JSON: docs/reference/wire.md. Classes and enums are those registered with
the codecs, so the description fits this server, independent of the place of its model files.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from podium.codegen import client_view
from podium.endpoints import registry
from podium.endpoints.definitions import EndpointDefinition, MethodDefinition, ParameterDefinition
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


def add_calls(result: Schema, **kwargs: Any) -> Schema:
    """Add this server's calls to its REST resources. A postprocessing hook of drf-spectacular."""
    calls = describe(registry.definitions())
    result["paths"] |= calls["paths"]
    result["components"].setdefault("schemas", {}).update(calls["schemas"])
    return result


def describe(endpoints: Iterable[EndpointDefinition]) -> dict[str, Schema]:
    """The paths of all calls and the schemas they refer to, `call.Note` for the class Note."""
    types = _Types()
    paths = {
        f"/{client_view.wire_name(endpoint)}/{method.wire_name}": {
            "post": _operation(types, endpoint, method)
        }
        for endpoint in endpoints
        if not endpoint.abstract
        for method in endpoint.methods
        if not method.streams
    }
    return {"paths": paths, "schemas": dict(sorted(types.schemas.items()))}


def _operation(types: _Types, endpoint: EndpointDefinition, method: MethodDefinition) -> Schema:
    name = client_view.wire_name(endpoint)
    operation: Schema = {
        "operationId": f"{name}_{method.wire_name}",
        "tags": [name],
        "description": method.doc,
        "security": [{}] if method.unauthenticated else [{"bearer": []}, {}],
        "requestBody": {"required": True, "content": _json(_arguments(types, method))},
        "responses": {
            "200": {"description": "The result.", "content": _json(_result(types, method))},
            "400": {
                "description": "A declared exception as JSON, or text that names what is wrong.",
                "content": _json(DYNAMIC) | {"text/plain": {"schema": {"type": "string"}}},
            },
            "401": {"description": "Not signed in."},
            "403": {"description": "A scope is missing."},
            "413": {
                "description": "The body is too large.",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
        },
    }
    if method.deprecated:
        operation |= {"deprecated": True, "description": f"{method.doc}\n\n{method.deprecated}".strip()}
    return operation


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _argument(types: _Types, parameter: ParameterDefinition) -> Schema:
    schema = types.of(parameter.type)
    if not parameter.deprecated:
        return schema
    return {**schema, "deprecated": True, "description": parameter.deprecated}


def _arguments(types: _Types, method: MethodDefinition) -> Schema:
    return {
        "type": "object",
        "properties": {each.wire_name: _argument(types, each) for each in method.parameters},
        "required": [
            each.wire_name for each in method.parameters if each.required and not each.type.nullable
        ],
    }


def _result(types: _Types, method: MethodDefinition) -> Schema:
    return {"type": "null"} if method.returns.name == "void" else types.of(method.returns)


class _Types:
    """Types as JSON schemas. Classes and enums in use are collected in `schemas`."""

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

    def _ruled(self, kind: TypeRef, rules: Sequence[Rule]) -> Schema:
        """A field's schema with the keywords of its rules, beside those of its type."""
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
            properties[field.key] = self._ruled(kind, field.rules) if field.rules else self.of(kind)
            if not kind.nullable and not field.has_default:
                required.append(field.key)
        return _described(entry) | _object(properties, required)


def _described(entry: WireClass) -> Schema:
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
