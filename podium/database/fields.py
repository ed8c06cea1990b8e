"""Django fields with the columns of Serverpod's layout, one for each type of the model language.

A value without a column type is stored in its wire form, through podium.wire.codecs. A column that refers to another
table gets no constraint and no index here; constraints.ForeignKeyConstraint creates the constraint.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from psycopg.types.json import Json, Jsonb

from podium.database import prepare
from podium.schema import holdings
from podium.schema.holdings import Holdings
from podium.wire import codecs
from podium.wire.errors import WireError
from podium.wire.types import numbers, strings, times, vectors
from podium.wire.types.ref import DYNAMIC
from podium.wire.unreadable import Unreadable, UnreadableValue

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)
_T = TypeVar("_T")

if TYPE_CHECKING:
    # How generated models annotate their columns; an expression may be set, such as `note.number = F("number") + 1`.
    Column: TypeAlias = models.Field[_T | Combinable, _T]
    Key: TypeAlias = models.Field[_T | Combinable | None, _T | None]
else:
    Column = Key = models.Field

if not TYPE_CHECKING and not hasattr(models.Field, "__class_getitem__"):
    # The type checker needs `Field[set, get]`; in Django only ForeignKey can be subscripted.
    models.Field.__class_getitem__ = classmethod(lambda cls, _: cls)


class TextField(models.TextField[_ST, _GT]):
    """`String`: text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("default") == "":
            kwargs["blank"] = True  # a field that is empty by default may stay empty in a form
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**_null_where_empty(self), **kwargs)


class IntegerField(models.BigIntegerField[_ST, _GT]):
    """`int`: bigint."""


class FloatField(models.FloatField[_ST, _GT]):
    """`double`: double precision."""


class BooleanField(models.BooleanField[_ST, _GT]):
    """`bool`: boolean."""


class UUIDField(models.UUIDField[_ST, _GT]):
    """`UuidValue`: uuid."""


class DateTimeField(models.DateTimeField[_ST, _GT]):
    """`DateTime`: timestamp without time zone, in UTC; in Python aware, to the microsecond."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "timestamp without time zone"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        if isinstance(value, datetime.datetime) and value.tzinfo is not None:
            return value.astimezone(datetime.UTC).replace(tzinfo=None)
        return value

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None or value.tzinfo is not None:
            return value
        return _EPOCH + (value - _NAIVE_EPOCH)  # replace(tzinfo=UTC) takes six times as long


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_NAIVE_EPOCH = _EPOCH.replace(tzinfo=None)


class DurationField(models.DurationField[_ST, _GT]):
    """`Duration`: bigint, in milliseconds; finer parts are cut off."""

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return times.milliseconds(value) if isinstance(value, datetime.timedelta) else _as_stored(value)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        try:
            return datetime.timedelta(milliseconds=value) if isinstance(value, int) else value
        except OverflowError:
            return _unreadable(self, value, "is longer than a Python timedelta can be")

    def value_from_object(self, obj: models.Model) -> Any:
        return _as_stored(super().value_from_object(obj))


class BinaryField(models.BinaryField[_ST, _GT]):
    """`ByteData`: bytea."""

    _pyi_private_get_type: bytes

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> bytes | None:
        return None if value is None else bytes(value)


class UriField(TextField[_ST, _GT]):
    """`Uri`: text. An absolute or relative address."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return _checked(strings.URI.name, super().clean(value, model_instance))


class BigIntField(models.Field[_ST, _GT]):
    """`BigInt`: text, in decimal digits; in Python an int of any size. Its order in the database is that of text."""

    _pyi_private_set_type: int
    _pyi_private_get_type: int
    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        return "TextField"

    def to_python(self, value: Any) -> Any:
        return (
            value
            if value is None or isinstance(value, int)
            else _checked(numbers.BIG_INT.name, str(value).strip())
        )

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(_as_stored(value))
        return str(value) if isinstance(value, int) else value

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        try:
            return None if value is None else int(value)
        except ValueError:
            return _unreadable(self, value, "is not a BigInt")

    def value_from_object(self, obj: models.Model) -> Any:
        return _as_stored(super().value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**_null_where_empty(self), **kwargs)


MOST_MET = 100
"""Unreadable values that an enum's column remembers for the admin."""


class EnumField(models.Field[Any, Any]):
    """An enum: text with its name, or bigint with its index where `by_index`.

    Migrations do not import the enum, so that they work after it is removed; there, a value is as stored. They have
    its name, its values in order and its `default:`, so that later changes are noticed.
    """

    empty_strings_allowed = False
    non_db_attrs = (*models.Field.non_db_attrs, "enum", "values", "fallback")

    def __init__(
        self,
        enum_class: type[enum.Enum] | None = None,
        *args: Any,
        by_index: bool = False,
        enum: str = "",
        values: Sequence[str] = (),
        fallback: str = "",
        **kwargs: Any,
    ) -> None:
        self.enum_class = enum_class
        self.by_index = by_index
        self.given: dict[str, Any] = (
            {"enum": enum, "values": list(values), "fallback": fallback} if enum else {}
        )
        members = list(enum_class or [])
        stored: Sequence[Any] = range(len(members)) if by_index else [member.value for member in members]
        self._stored = dict(zip(members, stored, strict=True))
        self._by_stored = dict(zip(stored, members, strict=True))
        self._met: dict[str, Unreadable] = {}
        self._members: dict[Any, Any] = {}
        for member, value in self._stored.items():
            # Forms and filters of the admin send back str(member).
            self._members |= {value: member, str(value): member, str(member): member, member: member}
        if members:
            kwargs["choices"] = [(member, str(member.value)) for member in members]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        if self.by_index:
            kwargs["by_index"] = True
        for held, holding in self.holdings.items():
            kwargs |= {"enum": held, "values": holding["values"]}
            if "fallback" in holding:
                kwargs["fallback"] = holding["fallback"]
        if isinstance(kwargs.get("default"), enum.Enum):
            kwargs["default"] = self.get_prep_value(kwargs["default"])
        return name, path, args, kwargs

    @property
    def holdings(self) -> Holdings:
        """The enum by its name; empty in a migration from before migrations recorded it."""
        if self.enum_class is not None:
            name, holding = holdings.of_enum(self.enum_class, by_index=self.by_index)
            return {name: holding}
        if not self.given:
            return {}
        holding = holdings.enum_holding(self.given["values"], self.by_index, self.given["fallback"])
        return {self.given["enum"]: holding}

    def clone(self) -> EnumField:
        *_, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return type(self)(self.enum_class, *args, by_index=self.by_index, **self.given, **kwargs)

    def get_internal_type(self) -> str:
        return "BigIntegerField" if self.by_index else "TextField"

    def to_python(self, value: Any) -> Any:
        if value is None or self.enum_class is None:
            return value
        try:
            return self._members[value]
        except (KeyError, TypeError):
            names = ", ".join(str(member.value) for member in self._stored)
            text = f"“{value}” is not a valid {self.enum_class.__name__}; write one of: {names}."
            raise ValidationError(text, code="invalid") from None

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if isinstance(value, Unreadable):
            return value.stored  # a row that is saved keeps it
        if isinstance(value, str) and value in self._met:
            return self._met[value].stored
        if value is None or self.enum_class is None:
            return value
        return self._stored[self.to_python(value)]

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None or self.enum_class is None:
            return value
        member = self._by_stored.get(value)
        member = codecs.fallback(self.enum_class) if member is None else member
        if member is not None:
            return member
        found = _unreadable(self, value, f"is not a value of {self.enum_class.__name__}")
        if len(self._met) < MOST_MET:
            self._met[str(found)] = found
        return found

    @property
    def flatchoices(self) -> list[tuple[Any, str]]:
        """The choices, with the unreadable values found so far: the admin shows them in lists and filters."""
        return [*super().flatchoices, *((found, text) for text, found in self._met.items())]

    def value_from_object(self, obj: models.Model) -> Any:
        return _as_stored(super().value_from_object(obj))

    def value_to_string(self, obj: models.Model) -> Any:
        value = super().value_from_object(obj)
        return value.stored if isinstance(value, Unreadable) else self.get_prep_value(value)


class _JsonKey(KeyTransform):
    """A part of a JSON column, as plain JSON: `tags__0`. Columns of type json compare as jsonb."""

    @property
    def output_field(self) -> models.Field[Any, Any]:
        return _PlainJSONField()

    def preprocess_lhs(self, compiler: Any, connection: Any) -> Any:
        lhs, params, keys = super().preprocess_lhs(compiler, connection)
        return f"({lhs})::jsonb", params, keys


class _JsonKeyFactory:
    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, *args: Any, **kwargs: Any) -> _JsonKey:
        return _JsonKey(self.key, *args, **kwargs)


class _PlainJSONField(models.JSONField[Any, Any]):
    """Treat a part of a JSON column as JSON, which has parts again."""

    def get_transform(self, name: str) -> Any:
        return self.get_class_lookups().get(name) or _JsonKeyFactory(name)


class JSONField(models.JSONField[Any, Any]):
    """A list, map, set, record, class or dynamic value: json, or jsonb where `jsonb`, in the form of the wire.

    type    as a model file spells it: "List<String>"
    holds   in migrations alone: the enums and classes in it (podium.schema.holdings)
    None is NULL. Lookups work on both column types (`tags__contains`, `tags__0`); only jsonb can be indexed.
    """

    empty_values = [None, ""]  # an empty list is a value
    non_db_attrs = (*models.JSONField.non_db_attrs, "holds")

    def __init__(
        self,
        type: str = DYNAMIC,
        *args: Any,
        jsonb: bool = False,
        holds: Holdings | None = None,
        **kwargs: Any,
    ) -> None:
        self.type = type
        self.jsonb = jsonb
        self.holds = holds
        self.is_of_model = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.jsonb:
            kwargs["jsonb"] = True
        if held := self.holdings:
            kwargs["holds"] = held
        return name, path, [self.type, *args], kwargs

    @property
    def holdings(self) -> Holdings:
        """The enums and classes in its values; empty in a migration from before migrations recorded them."""
        return holdings.of_type(self.type) if self.is_of_model else self.holds or {}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.is_of_model = cls.__module__ != "__fake__"

    def clone(self) -> JSONField:
        *_, args, kwargs = super().deconstruct()
        made = type(self)(self.type, *args, jsonb=self.jsonb, holds=self.holds, **kwargs)
        made.is_of_model = self.is_of_model
        return made

    @property
    def codec(self) -> codecs.Codec:
        return codecs.stored(self.type)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "jsonb" if self.jsonb else "json"

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None and self.type == DYNAMIC and not self.null:
            return (Jsonb if self.jsonb else Json)(self.codec.encode(None), codecs.storable)
        return super().get_db_prep_save(value, connection)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None or isinstance(value, Json | Jsonb):
            return value
        if isinstance(value, Unreadable):
            return (Jsonb if self.jsonb else Json)(value.stored, codecs.dumps)
        return (Jsonb if self.jsonb else Json)(self.codec.encode(value), codecs.storable)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None:
            return None
        # Django leaves jsonb as text; psycopg has read json already.
        return self.from_json(codecs.loads(value) if isinstance(value, str) and self.jsonb else value)

    def from_json(self, plain: Any) -> Any:
        """The value that plain data represents, or Unreadable."""
        try:
            return self.codec.decode(plain)
        except WireError as error:
            return _unreadable(self, plain, f"is not a valid {self.type}: {error}")

    def get_lookup(self, lookup_name: str) -> Any:
        lookup = super().get_lookup(lookup_name)
        if lookup is None or lookup_name == "isnull":
            return lookup
        bases = (lookup,) if self.jsonb else (_AsJsonb, lookup)
        return type(lookup.__name__, bases, {"can_use_none_as_rhs": False})  # None is NULL, not JSON's null

    def get_transform(self, name: str) -> Any:
        return self.get_class_lookups().get(name) or _JsonKeyFactory(name)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        models.Field.validate(self, value, model_instance)
        try:
            codecs.storable(self.codec.encode(value))
        except (WireError, UnreadableValue) as error:
            raise ValidationError(str(error), code="invalid") from None

    def value_to_string(self, obj: models.Model) -> Any:
        value = self.value_from_object(obj)
        return None if value is None else _json_text(self.codec, value)

    def to_python(self, value: Any) -> Any:
        """Parse text, which fixtures contain (`loaddata`). Anything else is already a value."""
        is_text = isinstance(value, str)
        if is_text and (self.type != DYNAMIC or value.startswith('{"className":')):
            return _read_json(self.codec, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": JSONFormField, "codec": self.codec, **kwargs})


class _AsJsonb:
    """A lookup on a json column, done in jsonb, because json supports neither equality nor containment."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> tuple[str, Any]:
        sql, params = super().process_lhs(compiler, connection, lhs)  # type: ignore[misc]
        return f"({sql})::jsonb", params

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = super().get_db_prep_lookup(value, connection)  # type: ignore[misc]
        return sql, [Jsonb(param.obj, param.dumps) if isinstance(param, Json) else param for param in params]


ONE_LINE_CHARACTERS = 80
"""Maximum length of JSON on one line of a form; longer JSON is on several lines."""


class JSONFormField(forms.JSONField):
    """A text area with the value in its wire form, checked by its type."""

    empty_values = [None, ""]

    def __init__(self, *, codec: codecs.Codec, **kwargs: Any) -> None:
        self.codec = codec
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if self.disabled or not isinstance(value, str):
            return value
        return _read_json(self.codec, value) if value.strip() else None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial if self.disabled else data

    def prepare_value(self, value: Any) -> Any:
        """Format long JSON on several lines."""
        if value is None or isinstance(value, str):
            return value
        text = _json_text(self.codec, value)
        return text if len(text) <= ONE_LINE_CHARACTERS else msgspec.json.format(text, indent=2)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class VectorField(models.Field[Any, Any]):
    """`Vector(n)`: vector(n) of the extension pgvector. A list of floats."""

    column_type: ClassVar[str] = "vector"
    type_name: ClassVar[str] = vectors.VECTOR.name
    needs_sql: ClassVar[str] = "CREATE EXTENSION IF NOT EXISTS vector"
    empty_strings_allowed = False

    def __init__(self, dimension: int, *args: Any, **kwargs: Any) -> None:
        self.dimension = dimension
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.dimension, *args], kwargs

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return f"{self.column_type}({self.dimension})"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return vectors.numbers_text(value) if isinstance(value, list) else value

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else self.codec.decode(value)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return _decoded(self.codec, value)

    @property
    def codec(self) -> codecs.Codec:
        return codecs.codec(f"{self.type_name}({self.dimension})")

    def value_to_string(self, obj: models.Model) -> Any:
        return _one_line(self.codec, self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": VectorFormField, "codec": self.codec, **kwargs})


class VectorFormField(forms.CharField):
    """One line: `[1.0, 2.5]`, or its wire form."""

    def __init__(self, *, codec: codecs.Codec, **kwargs: Any) -> None:
        self.codec = codec
        super().__init__(**{"empty_value": None, **kwargs})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return None if text is None else _decoded(self.codec, text)

    def prepare_value(self, value: Any) -> Any:
        return _one_line(self.codec, value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class HalfVectorField(VectorField):
    """`HalfVector(n)`: halfvec(n) of the extension pgvector. A list of floats."""

    column_type = "halfvec"
    type_name = vectors.HALF_VECTOR.name


class SparseVectorField(VectorField):
    """`SparseVector(n)`: sparsevec(n) of the extension pgvector. A list of n floats, most of them 0."""

    column_type = "sparsevec"
    type_name = vectors.SPARSE_VECTOR.name

    def get_prep_value(self, value: Any) -> Any:
        value = models.Field.get_prep_value(self, value)
        return vectors.sparse_text(value) if isinstance(value, list) else value


class BitField(VectorField):
    """`Bit(n)`: bit(n). A list of bools."""

    column_type = "bit"
    type_name = vectors.BIT.name
    needs_sql = ""

    def get_prep_value(self, value: Any) -> Any:
        value = models.Field.get_prep_value(self, value)
        return vectors.bit_text(value) if isinstance(value, list) else value


class GeographyField(models.Field[Any, Any]):
    """`GeographyPoint` and others: geography of the extension PostGIS. A str in EWKT: "SRID=4326;POINT(13.4 52.5)".

    shape   "Point", "LineString", "Polygon" or "GeometryCollection"
    """

    needs_sql: ClassVar[str] = "CREATE EXTENSION IF NOT EXISTS postgis"

    def __init__(self, shape: str, *args: Any, **kwargs: Any) -> None:
        self.shape = shape
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.shape, *args], kwargs

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return f"geography({self.shape},4326)"

    def select_format(self, compiler: Any, sql: str, params: Any) -> Any:
        return f"ST_AsEWKT({sql})", params


class _KeyMixin:
    """The base of ForeignKey and OneToOneField: only the database acts on deletion, by its own constraint.

    attname    the attribute with the key, if it is not `<name>_id`
    """

    def __init__(self, to: Any, *, attname: str = "", **kwargs: Any) -> None:
        self.given_attname = attname
        kwargs |= {"on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False}
        super().__init__(to, **kwargs)  # type: ignore[call-arg]

    def get_attname(self) -> str:
        return self.given_attname or f"{self.name}_id"  # type: ignore[attr-defined]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        for fixed in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(fixed, None)
        if self.given_attname:
            kwargs["attname"] = self.given_attname
        return name, path, args, kwargs


class ForeignKey(_KeyMixin, models.ForeignKey[_ST, _GT]):
    """A column that refers to another table, and the object it refers to. Used with a ForeignKeyConstraint."""


class OneToOneField(_KeyMixin, models.OneToOneField[_ST, _GT]):
    """The same with one object on the other side, ensured by a UniqueConstraint of the model file."""

    @property
    def unique(self) -> bool:
        """True for queries; False in migrations, where the column must not get a second unique index."""
        return self.model.__module__ != "__fake__"


class Now(models.Func):
    """The time of the transaction in UTC in any time zone of the connection; as the default of a DateTimeField."""

    template = "(now() AT TIME ZONE 'utc')"
    allowed_default = True

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())


class Random(models.Func):
    """A random UUID (version 4), as the default of a UUIDField."""

    template = "gen_random_uuid()"
    allowed_default = True

    def __init__(self) -> None:
        super().__init__(output_field=UUIDField())


class RandomV7(Random):
    """A UUID in the order of time (version 7), as the default of a UUIDField."""

    template = "gen_random_uuid_v7()"
    needs_sql = prepare.UUID_V7


class Serial(models.Func):
    """The next number of a sequence, as the default of an IntegerField."""

    template = "nextval(%(expressions)s::regclass)"
    allowed_default = True

    def __init__(self, sequence: str) -> None:
        self.sequence = sequence
        self.needs_sql = f'CREATE SEQUENCE IF NOT EXISTS "{sequence}"'
        super().__init__(models.Value(sequence), output_field=IntegerField())


if TYPE_CHECKING:

    def Transient(default: object = None) -> Any: ...

else:

    class Transient(property):
        """A field with `!persist`: an attribute of the instance without a column. `Note(hint="...")` sets it too."""

        def __init__(self, default: Any = None) -> None:
            self.default = default
            super().__init__(self._get, self._set)

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

        def _get(self, instance: Any) -> Any:
            if self.name not in instance.__dict__ and callable(self.default):
                instance.__dict__[self.name] = self.default()
            return instance.__dict__.get(self.name, self.default)

        def _set(self, instance: Any, value: Any) -> None:
            instance.__dict__[self.name] = value


def _unreadable(field: models.Field[Any, Any], stored: Any, problem: str) -> Unreadable:
    model = getattr(field, "model", None)  # a field that only types an expression has none
    place = f"column {model._meta.db_table}.{field.column}" if model else "an expression"
    return Unreadable(stored, place, problem)


def _as_stored(value: Any) -> Any:
    """For forms and for saving a row: replace an unreadable value with the one in the database."""
    return value.stored if isinstance(value, Unreadable) else value


def _json_text(codec: codecs.Codec, value: Any) -> str:
    plain = value.stored if isinstance(value, Unreadable) else codec.encode(value)
    return codecs.dumps(plain).decode()


def _null_where_empty(field: models.Field[Any, Any]) -> dict[str, Any]:
    """For a form: an empty text is NULL if the column allows it."""
    return {"empty_value": None} if field.null else {}


def _checked(type: str, value: Any) -> Any:
    """The value read as that type. Raises ValidationError."""
    return None if value is None else _decoded(codecs.codec(type), value)


def _one_line(codec: codecs.Codec, value: Any) -> Any:
    """A vector as text: `[1.0,2.5]`, `{1:2.5}/3` or `101`."""
    shown = None if value is None else codec.encode(value)
    return codecs.dumps(shown).decode() if isinstance(shown, list) else shown


def _decoded(codec: codecs.Codec, data: Any) -> Any:
    try:
        return codec.decode(data)
    except WireError as error:
        raise ValidationError(str(error), code="invalid") from None


def _read_json(codec: codecs.Codec, text: str) -> Any:
    try:
        return codec.decode(codecs.loads(text))
    except WireError as error:
        raise ValidationError(str(error), code="invalid") from None
