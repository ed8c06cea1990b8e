"""Extensions of the description of the REST API: bearer tokens, rules of fields, and generated resources.

drf_spectacular imports this when it makes the description.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

from podium.rest.resources.description import ResourceSchema
from podium.rest.resources.viewsets import ResourceViewSet
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


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Registered by its definition."""

    target_class = "accounts.sessions.bearer.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


ResourceViewSet.schema = ResourceSchema()


def described(endpoints: list[Any]) -> list[Any]:
    """Return the endpoints unchanged. A hook of drf_spectacular, which imports this module for it."""
    return endpoints
