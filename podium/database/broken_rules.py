"""The rule of a field that a row would break, by the CHECK that Postgres names in its error."""

from __future__ import annotations

from typing import Any

import psycopg
from django.apps import apps
from django.db import models

from podium.core.errors import PodiumError
from podium.database.constraints import RuleConstraint
from podium.wire.classes import WireClass, by_python


class InvalidValue(PodiumError):
    """A value breaks a rule of its field."""

    status = 400
    code = "database.invalid_value"

    @property
    def message(self) -> str:
        return f"{self.details['field']}: expected {self.details['expected']}"


def of(error: psycopg.Error) -> InvalidValue | None:
    """The error for clients; None if the CHECK is not a rule of a model file."""
    found = constraint_of(error)
    if found is None:
        return None
    constraint, field = found
    entry = by_python.get(field.model)
    keys = {each.attribute: each.key for each in entry.fields} if isinstance(entry, WireClass) else {}
    return InvalidValue(
        field=keys.get(field.attname, field.name),
        rule=constraint.rule.name,
        expected=constraint.rule.expected(constraint.sample(field)),
    )


def constraint_of(error: psycopg.Error) -> tuple[RuleConstraint, models.Field[Any, Any]] | None:
    """The rule that Postgres names in its error, and the field."""
    table, name = error.diag.table_name, error.diag.constraint_name
    for model in apps.get_models():
        if model._meta.db_table == table:
            for constraint in model._meta.constraints:
                if isinstance(constraint, RuleConstraint) and constraint.name == name:
                    [field_name] = constraint.fields
                    return constraint, model._meta.get_field(field_name)  # type: ignore[return-value]
    return None
