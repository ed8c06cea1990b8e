"""The parameters and headers of generated resources in OpenAPI. What they mean: parameters.py, versions.py."""

from __future__ import annotations

from podium.rest.resources.components import Components
from podium.rest.resources.parameters import EXPLICIT, OF_LIST
from podium.rest.resources.registry import Resource
from podium.rows import operators
from podium.rows.asked import LIMIT, MOST_ROWS
from podium.rows.operators import EQUAL, IN, IS_NULL, Operator
from podium.wire.classes import WireField
from podium.wire.json_schema import Schema

TAGS = r'^(\*|(W/)?"[!#-~]*"(, *(W/)?"[!#-~]*")*)$'
KEY = "^[!-~]{1,255}$"


class Parameters:
    """The parameters of the operations of a resource."""

    def __init__(self, resource: Resource, components: Components) -> None:
        self._resource, self._components = resource, components

    def of(self, name: str) -> list[Schema]:
        """The parameters of an operation."""
        key = self._resource.key
        found: list[Schema] = []
        if name in ("get", "replace", "update", "delete"):
            found.append({"name": "id", "in": "path", "required": True, "schema": self._value(key)})
        if name == "list":
            found += self._list()
        if name == "get":
            found += self._view()
        if name == "delete_many":
            keys = _query(key.key, _list_of(self._value(key)), "The keys of the rows.")
            found.append(keys | {"required": True, "style": "form", "explode": False})
        if name in ("get", "replace", "update", "delete"):
            found.append(_named_header("If-Match", "Only if the row has this ETag.", TAGS))
        if name == "get":
            found.append(_named_header("If-None-Match", "304 if the row has this ETag.", TAGS))
        elif name != "list":
            text = "A request that is sent again gets the first answer."
            found.append(_named_header("Idempotency-Key", text, KEY))
        return found

    def _value(self, field: WireField) -> Schema:
        return self._components.required_value(field)

    def _list(self) -> list[Schema]:
        keys = [each.key for each in self._resource.rules.filter]
        orders = [sign + key for key in keys for sign in ("", "-")]
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": LIMIT}
        return [
            *(
                self._filter(field, operator)
                for field in self._resource.rules.filter
                for operator in operators.of_field(field.type).values()
            ),
            _names("order", orders, "Fields to sort by; a leading - sorts in descending order."),
            _query("limit", limit, "The number of rows."),
            _query("after", {"type": "string", "minLength": 1}, "The `next` of the page before."),
            *self._view(),
            _query("count", {"type": "boolean", "default": False}, "Count all rows as well."),
        ]

    def _filter(self, field: WireField, operator: Operator) -> Schema:
        name = EXPLICIT if operator is EQUAL and field.key in OF_LIST else operator.name
        spelled = f"{field.key}[{name}]" if name else field.key
        text = f"{field.key} is {operator.words}."
        if operator is IS_NULL:
            return _query(spelled, {"type": "boolean"}, text)
        if operator is IN:
            return _query(spelled, _list_of(self._value(field)), text) | {"style": "form", "explode": False}
        return _query(spelled, self._value(field), text)

    def _view(self) -> list[Schema]:
        rules = self._resource.rules
        found = [_names("fields", [each.key for each in rules.read], "The fields to return.")]
        if rules.expand:
            found.append(_names("expand", [each.key for each in rules.expand], "The related rows to return."))
        return found


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema, "maxItems": operators.MOST_VALUES}


def _names(name: str, values: list[str], description: str) -> Schema:
    items = {"type": "string", "enum": values}
    schema = {"type": "array", "items": items, "uniqueItems": True, "minItems": 1}
    return _query(name, schema, description) | {"style": "form", "explode": False}


def _named_header(name: str, description: str, pattern: str) -> Schema:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "schema": schema, "description": description}
