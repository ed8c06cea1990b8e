"""Rows and forms of generated resources as components of OpenAPI.

Components: Note, NoteCreate, NoteReplace, NotePatch, NoteChange (of several rows) and NotePage. A model with a resource
of the app's own, whose serializer is the component Note, is NoteRow where others expand it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from drf_spectacular.plumbing import ResolvedComponent

from podium.access.alternatives import related_model
from podium.access.fields import field_rules
from podium.rest.resources.registry import resources
from podium.rest.resources.values import enum_of
from podium.wire.classes import WireClass, WireEnum, WireField, by_python
from podium.wire.json_schema import Schema, Schemas, described
from podium.wire.parse import parse_type


class Components:
    """The components of models, added to drf-spectacular's as they are used."""

    def __init__(self, registry: Any) -> None:
        self._registry = registry
        self._types = Schemas()

    def value(self, field: WireField) -> Schema:
        """The schema of a field's value."""
        found = enum_of(field)
        kind = parse_type(field.type)
        if found is None:
            return self._types.ruled(kind, field.rules)
        schema = self.named(found.name, found.python, _enum(found))
        return {"anyOf": [schema, {"type": "null"}]} if kind.nullable else schema

    def required_value(self, field: WireField) -> Schema:
        """The schema of a value that is not null."""
        found = enum_of(field)
        return self._types.of(parse_type(field.type).required()) if found is None else _enum(found)

    def row(self, model: type[Model]) -> Schema:
        """A row: no field is required, since a list may be asked for some of them."""
        rules, entry = field_rules(model), by_python[model]
        assert isinstance(entry, WireClass)
        has_resource = any(each.model is model for each in resources().values())
        properties = {each.key: self.value(each) for each in rules.read}
        schema: Schema = {"type": "object", "properties": properties} | described(entry)
        component = self.named(entry.name if has_resource else f"{entry.name}Row", model, schema)
        if has_resource:
            for each in rules.expand:  # after the component exists, because relations lead back to it
                related = self.row_once(related_model(model, each.attribute))
                is_many = each.relation == "many"
                properties[each.key] = (
                    {"type": "array", "items": related} if is_many else {"anyOf": [related, {"type": "null"}]}
                )
        return component

    def row_once(self, model: type[Model]) -> Schema:
        """The reference to a row, which is described if it has not been."""
        entry = by_python[model]
        for name in (entry.name, f"{entry.name}Row"):
            key = (name, ResolvedComponent.SCHEMA)
            if key in self._registry._components and self._registry[key].object is model:
                return dict(self._registry[key].ref)
        return self.row(model)

    def form(
        self, model: type[Model], suffix: str, fields: Iterable[WireField], required: Iterable[str]
    ) -> Schema:
        """An object that clients send."""
        schema: Schema = {
            "type": "object",
            "properties": {each.key: self.value(each) for each in fields},
            "additionalProperties": False,
        }
        if names := list(required):
            schema["required"] = names
        return self.named(f"{by_python[model].name}{suffix}", f"{model.__name__}{suffix}", schema)

    def page(self, model: type[Model], schema: Schema) -> Schema:
        """A page of rows."""
        return self.named(f"{by_python[model].name}Page", f"{model.__name__}Page", schema)

    def named(self, name: str, object: Any, schema: Schema) -> Schema:
        """Add a component, and return the reference to it."""
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object)  # type: ignore[no-untyped-call]
        self._registry.register_on_missing(component)
        return dict(component.ref)

    def register_types(self) -> None:
        """Add the classes of JSON columns, which calls have under the same names."""
        for name, schema in self._types.schemas.items():
            self.named(name, name, schema)


def _enum(found: WireEnum) -> Schema:
    return {"type": "string", "enum": [member.value for member in found.python]}
