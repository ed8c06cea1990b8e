"""Foreign keys and rules for values as the model file declares them: the database itself enforces them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint, BinaryField, Field, FloatField, Model
from django.db.models.expressions import Combinable
from django.db.models.fields.related import RelatedField

from podium.database.fields import JSONField
from podium.wire.unreadable import Unreadable
from podium.wire.validation import FormRule, Length, Range, Rule

Action = Literal["no_action", "restrict", "set_default", "cascade", "set_null"]


class ForeignKeyConstraint(BaseConstraint):
    """FOREIGN KEY of a table, with the action for its rows when the parent's key is deleted or changes.

    fields       one podium.database.fields.ForeignKey of the model
    to           the parent, as the ForeignKey names it
    deferrable   checked at once, unless a transaction says SET CONSTRAINTS ... DEFERRED
    deferred     checked at the end of the transaction

    Django neither cascades nor checks: `parent.delete()` is one DELETE. A row that forbids it raises IntegrityError.
    """

    def __init__(
        self,
        *,
        fields: Sequence[str],
        to: str,
        name: str,
        on_delete: Action = "no_action",
        on_update: Action = "no_action",
        deferrable: bool = False,
        deferred: bool = False,
        **kwargs: Any,
    ) -> None:
        self.fields = tuple(fields)
        self.to = to
        self.on_delete = on_delete
        self.on_update = on_update
        self.deferrable = deferrable
        self.deferred = deferred
        super().__init__(name=name, **kwargs)

    def constraint_sql(self, model: type[Model], schema_editor: Any) -> None:  # type: ignore[override]
        """Add nothing to CREATE TABLE: the parent may be created later in the same migration."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: type[Model], schema_editor: Any) -> str:  # type: ignore[override]
        [key] = [model._meta.get_field(name) for name in self.fields]
        assert isinstance(key, RelatedField)
        parent = key.remote_field.model
        quote = schema_editor.quote_name
        sql = (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)}"
            f" FOREIGN KEY ({quote(key.column)})"
            f" REFERENCES {quote(parent._meta.db_table)} ({quote(key.target_field.column)})"
            f" ON DELETE {_sql(self.on_delete)} ON UPDATE {_sql(self.on_update)}"
        )
        if self.deferred:
            return sql + " DEFERRABLE INITIALLY DEFERRED"
        return sql + (" DEFERRABLE INITIALLY IMMEDIATE" if self.deferrable else "")

    def remove_sql(self, model: type[Model], schema_editor: Any) -> str:  # type: ignore[override]
        quote = schema_editor.quote_name
        sql = f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"
        if self.deferrable or self.deferred:  # pending checks of rows would prevent changes to the table
            return f"SET CONSTRAINTS {quote(self.name)} IMMEDIATE; {sql}"
        return sql

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Any = None,
        using: str = "default",
    ) -> None:
        """Do nothing: the ForeignKey itself checks that the parent exists when a form is validated."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ForeignKeyConstraint):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    def __hash__(self) -> int:
        return hash((self.name, self.fields))

    def __repr__(self) -> str:
        return f"<ForeignKeyConstraint {self.name} {'.'.join(self.fields)} -> {self.to} on delete {self.on_delete}>"

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "to": self.to}
        for option in ("on_delete", "on_update"):
            if getattr(self, option) != "no_action":
                kwargs[option] = getattr(self, option)
        for option in ("deferrable", "deferred"):
            if getattr(self, option):
                kwargs[option] = True
        return path, args, kwargs


class RuleConstraint(BaseConstraint):
    """CHECK of a table: the values of a column obey a rule of its field. Null passes.

    fields   the field's name
    rule     podium.wire.validation.Length, Range, Pattern, Email or Url

    `full_clean()` and forms check the rule in Python, without a query, and report it at the field.
    """

    def __init__(self, *, fields: Sequence[str], rule: Rule, name: str, **kwargs: Any) -> None:
        self.fields = tuple(fields)
        self.rule = rule
        super().__init__(name=name, **kwargs)

    def condition(self, field: Field[Any, Any], column: str) -> str:
        """The condition in SQL that values other than null must meet. column: its quoted name."""
        rule = self.rule
        if isinstance(rule, Length):
            return _between(f"{_LENGTHS[_kind(field)]}({column})", rule.min, rule.max)
        if isinstance(rule, Range):
            if not isinstance(field, FloatField):
                return _between(column, rule.min, rule.max)
            # Postgres sorts NaN above all numbers.
            return _between(column, _double(rule.min), _double(math.inf if rule.max is None else rule.max))
        assert isinstance(rule, FormRule)
        return f"{column} ~ {_literal(rule.portable)}"

    def sample(self, field: Field[Any, Any]) -> Any:
        """A value of the column's type, for messages about values that are not known."""
        return _SAMPLES[_kind(field)]

    def constraint_sql(self, model: type[Model], schema_editor: Any) -> str:  # type: ignore[override]
        [field] = [model._meta.get_field(name) for name in self.fields]
        assert isinstance(field, Field)
        quote = schema_editor.quote_name
        return f"CONSTRAINT {quote(self.name)} CHECK ({self.condition(field, quote(field.column))})"

    def create_sql(self, model: type[Model], schema_editor: Any) -> str:  # type: ignore[override]
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: type[Model], schema_editor: Any) -> str:  # type: ignore[override]
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Any = None,
        using: str = "default",
    ) -> None:
        """Raise ValidationError at the field if its value breaks the rule."""
        [name] = self.fields
        value = instance.__dict__.get(name)  # not of a deferred field, which would be a query
        if value is None or (exclude and name in exclude) or isinstance(value, Combinable | Unreadable):
            return
        if not self.rule.accepts(value):
            raise ValidationError({name: ValidationError(self.rule.message(value), code=self.rule.name)})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RuleConstraint):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    def __hash__(self) -> int:
        return hash((self.name, self.fields))

    def __repr__(self) -> str:
        return f"<RuleConstraint {self.name} {'.'.join(self.fields)} {self.rule}>"

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"fields": self.fields, "rule": self.rule}


_LENGTHS = {
    "text": "char_length",
    "bytes": "octet_length",
    "json": "json_array_length",
    "jsonb": "jsonb_array_length",
}
"""The function that counts the characters, bytes or items of a column."""


_SAMPLES: dict[str, Any] = {"text": "", "bytes": b"", "json": [], "jsonb": []}


def _kind(field: Field[Any, Any]) -> str:
    if isinstance(field, BinaryField):
        return "bytes"
    if isinstance(field, JSONField):
        return "jsonb" if field.jsonb else "json"
    return "text"


def _double(number: float | None) -> str | None:
    return None if number is None else f"'{number}'::double precision"


def _between(value: str, least: object, most: object) -> str:
    if least is not None and most is not None:
        return f"{value} BETWEEN {least} AND {most}"
    return f"{value} <= {most}" if least is None else f"{value} >= {least}"


def _literal(text: str) -> str:
    """A text in SQL, independent of the setting standard_conforming_strings."""
    text = text.replace("'", "''")
    return "E'" + text.replace("\\", "\\\\") + "'" if "\\" in text else f"'{text}'"


def _sql(action: str) -> str:
    return action.replace("_", " ").upper()
