"""Serializers of generated models: with the names of the wire, without fields that clients may not see."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.module_loading import import_string
from rest_framework import serializers

from podium.database import fields
from podium.wire.classes import WireClass, by_python
from podium.wire.codecs import codec
from podium.wire.errors import WireError
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef, registry
from podium.wire.validation import Rule


class WireField(serializers.Field[Any, Any, Any, Any]):
    """A value in its wire form, by its declared type."""

    def __init__(self, type: str, **kwargs: Any) -> None:
        self.type = type
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> Any:
        return codec(self.type).encode(value)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return codec(self.type).decode(data)
        except WireError as error:
            raise serializers.ValidationError(str(error)) from None


class WireSerializer(serializers.ModelSerializer[Any]):
    """A ModelSerializer for a generated model. Fields are those that clients may see, under the names they know.

    class NoteSerializer(WireSerializer):
        class Meta:
            model = Note
            read_only = ["reminded"]   # by the name in Python
    """

    def __init_subclass__(cls, **options: Any) -> None:
        """Use the documentation of the class in the model file for OpenAPI."""
        super().__init_subclass__(**options)
        cls.__doc__ = cls.__dict__.get("__doc__") or cls.Meta.model.__doc__

    def get_fields(self) -> dict[str, Any]:
        model: type[models.Model] = self.Meta.model
        read_only = {"id", *getattr(self.Meta, "read_only", [])}
        entry = by_python[model]
        assert isinstance(entry, WireClass)
        found: dict[str, Any] = {}
        for field in entry.fields:
            if field.scope == "all" and not field.relation:
                column = _column(model, field.attribute)
                made = self._field(column, field.attribute, field.type, field.key, read_only)
                if field.rules and not made.read_only:
                    made.validators.extend(RuleValidator(each, field.type) for each in field.rules)
                found[field.key] = made
        return found

    def _field(self, column: Any, attribute: str, type: str, key: str, read_only: set[str]) -> Any:
        options: dict[str, Any] = {}
        if key != attribute:
            options["source"] = attribute
        if attribute in read_only:
            return self._of_column(column, type, {**options, "read_only": True})
        options["required"] = not (column.null or column.has_default())
        options["allow_null"] = column.null
        return self._of_column(column, type, options)

    def _of_column(self, column: Any, type: str, options: dict[str, Any]) -> Any:
        if isinstance(column, fields.EnumField) and column.enum_class:
            choices = [member.value for member in column.enum_class]
            return EnumChoice(column.enum_class, choices, **options)
        kind = parse_type(type)
        if isinstance(column, models.ForeignKey):
            return _made(kind)(**options)
        if made := _made(kind):
            return made(**options)
        if kind.is_list and kind.arguments[0].is_text:
            return serializers.ListField(child=Text(), **options)
        return WireField(type, **options)


class RuleValidator:
    """A rule of the model file. podium/rest/description.py describes it."""

    def __init__(self, rule: Rule, type: str) -> None:
        self.rule = rule
        self.type = parse_type(type)

    def __call__(self, value: Any) -> None:
        if not self.rule.accepts(value):
            raise serializers.ValidationError(self.rule.message(value), code=self.rule.name)


class Integer(serializers.IntegerField):
    """A whole number that fits a column of 64 bits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=-(2**63), max_value=2**63 - 1, **kwargs)


class Text(serializers.CharField):
    """A text as it is: it may be empty, and keeps the spaces around it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **kwargs)


def _made(kind: TypeRef) -> Any:
    """The class of a type's field in REST, where it has another form there than on the wire; else None."""
    known = registry.find(kind)
    return import_string(known.column.rest) if known is not None and known.column.rest else None


class EnumChoice(serializers.ChoiceField):
    """An enum by the name of its value."""

    def __init__(self, enum_class: Any, choices: Any, **kwargs: Any) -> None:
        self.enum_class = enum_class
        super().__init__(choices=choices, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value.value

    def to_internal_value(self, data: Any) -> Any:
        return self.enum_class(super().to_internal_value(data))


def _column(model: type[models.Model], attribute: str) -> Any:
    return next(each for each in model._meta.concrete_fields if each.attname == attribute)
