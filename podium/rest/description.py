"""The rules of fields in the description of the REST API, as keywords of JSON Schema. Imported for its effect."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

from podium.rest.serializers import RuleValidator
from podium.wire import validation


class Rules(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Adds the keywords to the schema that the field's class has anyway."""

    target_class = "rest_framework.fields.Field"
    match_subclasses = True

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return bool(super()._matches(target)) and any(_rules(target))

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        of_class = auto_schema._map_serializer_field(  # type: ignore[no-untyped-call]  # as its documentation says
            self.target, direction, bypass_extensions=True
        )
        schema: dict[str, Any] = dict(of_class)
        for validator in _rules(self.target):
            schema |= validator.rule.schema(validation.sample(validator.type.name))
        return schema


def _rules(field: Any) -> list[RuleValidator]:
    return [each for each in getattr(field, "validators", ()) if isinstance(each, RuleValidator)]
