"""Serializers of generated models: the names of the wire, without what clients may not see."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers

from database import fields
from schema.codecs import codec
from schema.errors import WireError
from schema.wire import WireClass, by_python


class WireField(serializers.Field[Any, Any, Any, Any]):
    """A value in the form that it has on the wire, by its declared type."""

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
        """What OpenAPI says of it is what the model file says of the class."""
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
                found[field.key] = self._field(column, field.attribute, field.type, field.key, read_only)
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
        if isinstance(column, models.ForeignKey):
            return SIMPLE[type.rstrip("?")](**options)
        if made := SIMPLE.get(type.rstrip("?")):
            return made(**options)
        if type.rstrip("?") == "String":
            return serializers.CharField(allow_blank=True, trim_whitespace=False, **options)
        if type.rstrip("?") == "List<String>":
            return serializers.ListField(
                child=serializers.CharField(allow_blank=True, trim_whitespace=False), **options
            )
        return WireField(type, **options)


class Integer(serializers.IntegerField):
    """A whole number that a column of 64 bits can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=-(2**63), max_value=2**63 - 1, **kwargs)


SIMPLE: dict[str, type[serializers.Field[Any, Any, Any, Any]]] = {
    "int": Integer,
    "double": serializers.FloatField,
    "bool": serializers.BooleanField,
    "DateTime": serializers.DateTimeField,
    "UuidValue": serializers.UUIDField,
}


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
