"""Generated resources in OpenAPI, through drf-spectacular: their operations, with forms and responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.openapi import AutoSchema

from podium.access import words
from podium.rest.resources import bodies
from podium.rest.resources.components import Components
from podium.rest.resources.described_parameters import Parameters
from podium.rest.resources.registry import Resource
from podium.rows.asked import MOST_ROWS
from podium.wire.classes import WireField
from podium.wire.json_schema import Schema

NAMES = {
    ("GET", False): "list",
    ("POST", False): "create",
    ("PATCH", False): "update_many",
    ("DELETE", False): "delete_many",
    ("GET", True): "get",
    ("PUT", True): "replace",
    ("PATCH", True): "update",
    ("DELETE", True): "delete",
}
"""The names of the operations: by the method, and whether it is about one row."""
WORDS = {
    "list": "A page of the rows that the caller may read.",
    "create": "Store a row, or a list of rows: all or none.",
    "update_many": "Change rows, all or none. Each object has the key of its row.",
    "delete_many": "Delete rows, all or none.",
    "get": "A row.",
    "replace": "Change all fields of a row that clients write; those that are left out get their default.",
    "update": "Change the fields of a row that are given.",
    "delete": "Delete a row.",
}
ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "details": {"type": "object"},
            },
        }
    },
}
REFUSALS = {
    "400": "A parameter, a header or the body is not valid.",
    "401": "Not signed in.",
    "403": "The access rules do not allow this row.",
    "404": "There is no such row for the caller.",
    "409": "Another row has a value, or another request holds a row.",
    "412": "The row does not match If-Match.",
    "414": "The address is too long.",
    "415": "The body is not JSON.",
    "422": "The Idempotency-Key was sent with another request.",
}
TEXT: Schema = {"text/plain": {"schema": {"type": "string"}}}
"""Of a refusal by the server's own limits, before a resource is looked for."""
REFUSED = {
    "list": ("400", "401", "414"),
    "get": ("400", "401", "404", "412"),
    "create": ("400", "401", "403", "409", "415", "422"),
    "update_many": ("400", "401", "403", "404", "409", "415", "422"),
    "delete_many": ("400", "401", "404", "409", "414", "422"),
    "replace": ("400", "401", "403", "404", "409", "412", "415", "422"),
    "update": ("400", "401", "403", "404", "409", "412", "415", "422"),
    "delete": ("400", "401", "404", "409", "412", "422"),
}


class ResourceSchema(AutoSchema):
    """Describes the operations of a generated resource."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema:
        """Return the description of one method."""
        self.registry, self.path, self.path_regex = registry, path, path_regex
        self.path_prefix, self.method = path_prefix, method.upper()
        view: Any = self.view
        resource: Resource = view.resource
        is_one = bool(view.detail)
        action = resource.methods(one=is_one)[self.method]
        name = NAMES[self.method, is_one]
        components = Components(registry)
        operation: Schema = {
            "operationId": f"{resource.path.replace('-', '_')}_{name}",
            "description": WORDS[name],
            "tags": [resource.path],
            "parameters": Parameters(resource, components).of(name),
            "security": self.get_auth(),
            "responses": _responses(resource, components, name),
            "x-access": words.of_rule(resource.model, action),
        }
        if name in _FORMS:
            operation["requestBody"] = {
                "required": True,
                "content": _json(_FORMS[name](resource, components)),
            }
        components.register_types()
        return operation


# Forms ----------------------------------------------------------------------------------------------------------------


def _needed(fields: Iterable[WireField]) -> list[str]:
    return [each.key for each in fields if bodies.is_needed(each)]


def _to_create(resource: Resource, components: Components) -> Schema:
    fields = resource.rules.create
    one = components.form(resource.model, "Create", fields, _needed(fields))
    return {"anyOf": [one, {"type": "array", "items": one, "maxItems": MOST_ROWS}]}


def _to_replace(resource: Resource, components: Components) -> Schema:
    fields = resource.rules.update
    return components.form(resource.model, "Replace", fields, _needed(fields))


def _to_patch(resource: Resource, components: Components) -> Schema:
    return components.form(resource.model, "Patch", resource.rules.update, ())


def _to_change(resource: Resource, components: Components) -> Schema:
    key = resource.key
    one = components.form(resource.model, "Change", (key, *resource.rules.update), [key.key])
    return {"type": "array", "items": one, "maxItems": MOST_ROWS}


_FORMS = {"create": _to_create, "replace": _to_replace, "update": _to_patch, "update_many": _to_change}


# Responses ------------------------------------------------------------------------------------------------------------


def _responses(resource: Resource, components: Components, name: str) -> Schema:
    row = components.row_once(resource.model)
    error = components.named("RestError", "RestError", ERROR)
    refusals = {
        status: {"description": REFUSALS[status], "content": TEXT if status == "414" else _json(error)}
        for status in REFUSED[name]
    }
    return _success(resource, components, name, row) | refusals


def _success(resource: Resource, components: Components, name: str, row: Schema) -> Schema:
    tag = {"ETag": _header("The version of the row, for If-Match and If-None-Match.")}
    match name:
        case "list":
            page = components.page(resource.model, _page(row))
            link = {"Link": _header("The address of the next page.")}
            return {"200": {"description": "A page.", "content": _json(page), "headers": link}}
        case "create":
            either = {"anyOf": [row, {"type": "array", "items": row}]}
            headers = tag | {"Location": _header("The address of the row.")}
            return {"201": {"description": "As stored.", "content": _json(either), "headers": headers}}
        case "update_many":
            rows = {"type": "array", "items": row}
            return {"200": {"description": "As stored.", "content": _json(rows)}}
        case "delete" | "delete_many":
            return {"204": {"description": "Deleted."}}
    found: Schema = {"200": {"description": "The row.", "content": _json(row), "headers": tag}}
    return found | (
        {"304": {"description": "The row has the version of If-None-Match."}} if name == "get" else {}
    )


def _page(row: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["results", "next"],
        "properties": {
            "results": {"type": "array", "items": row},
            "next": {
                "type": ["string", "null"],
                "description": "The value of `after` for the next page; null on the last.",
            },
            "count": {"type": "integer", "description": "The number of all rows, with count=true."},
        },
    }


def _header(description: str) -> Schema:
    return {"description": description, "schema": {"type": "string"}}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
