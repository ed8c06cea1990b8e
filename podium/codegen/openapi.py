"""Calls as OpenAPI: to try one on the API's page, or to call from a language without a client.

Streams are not included. Values in JSON: docs/reference/wire.md. Classes and enums are those registered with
the codecs, so the description fits this server, independent of the place of its model files.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from podium.codegen import client_view
from podium.endpoints import registry
from podium.endpoints.definitions import EndpointDefinition, MethodDefinition, ParameterDefinition
from podium.wire.json_schema import DYNAMIC, Schema, Schemas


def add_calls(result: Schema, **kwargs: Any) -> Schema:
    """Add this server's calls to its REST resources. A postprocessing hook of drf-spectacular."""
    calls = describe(registry.definitions())
    result["paths"] |= calls["paths"]
    result["components"].setdefault("schemas", {}).update(calls["schemas"])
    return result


def describe(endpoints: Iterable[EndpointDefinition]) -> dict[str, Schema]:
    """The paths of all calls and the schemas they refer to, `call.Note` for the class Note."""
    types = Schemas()
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


def _operation(types: Schemas, endpoint: EndpointDefinition, method: MethodDefinition) -> Schema:
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


def _argument(types: Schemas, parameter: ParameterDefinition) -> Schema:
    schema = types.of(parameter.type)
    if not parameter.deprecated:
        return schema
    return {**schema, "deprecated": True, "description": parameter.deprecated}


def _arguments(types: Schemas, method: MethodDefinition) -> Schema:
    return {
        "type": "object",
        "properties": {each.wire_name: _argument(types, each) for each in method.parameters},
        "required": [
            each.wire_name for each in method.parameters if each.required and not each.type.nullable
        ],
    }


def _result(types: Schemas, method: MethodDefinition) -> Schema:
    return {"type": "null"} if method.returns.name == "void" else types.of(method.returns)
