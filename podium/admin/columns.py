"""The options of a model's page, from its columns: the columns of the list, search, filters, what is read-only."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.text import capfirst

from podium.admin import owners
from podium.database import fields, naming
from podium.database.naming import Field

COLUMNS = 8
"""Maximum columns of a list."""
OPAQUE = (models.JSONField, models.BinaryField, fields.VectorField, fields.GeographyField)
"""Types that a list does not show."""
READ_ONLY = (models.BinaryField, fields.VectorField, fields.GeographyField)
"""Types that a form does not change."""


def stored(model: type[models.Model]) -> list[Field]:
    """The columns that the admin shows; those with a secret are left out."""
    return [each for each in model._meta.concrete_fields if not naming.is_secret(each)]


def for_list(model: type[models.Model]) -> list[str]:
    """The title first, then short columns in the order of the model file, then the owner and the times."""
    title, owner = naming.title(model), owners.key(model)
    usable = [each for each in stored(model) if _fits_list(each) and each.name != title]
    if owner is not None:
        usable = [each for each in usable if each.name != owner.name]
    times = [each.name for each in usable if isinstance(each, models.DateField)]
    other = [each.name for each in usable if each.name not in times]
    last = [*(["shown_owner"] if owner is not None else []), *times][: COLUMNS // 2]
    return [title or "__str__", *other[: COLUMNS - 1 - len(last)], *last]


def _fits_list(column: Field) -> bool:
    if column.primary_key or isinstance(column, OPAQUE):
        return False
    return not (naming.is_text(column) and naming.is_long(column))


def for_search(model: type[models.Model]) -> list[str]:
    """Texts, and the e-mail addresses of the users that a row refers to."""
    texts = [each.name for each in stored(model) if naming.is_text(each) or isinstance(each, fields.UriField)]
    email = owners.email_field()
    return [*texts, *(f"{name}__{email}" for name in owners.relations(model) if email)] or ["=pk"]


def search_help(model: type[models.Model]) -> str:
    """The text below the search."""
    texts = [str(each.verbose_name) for each in stored(model) if naming.is_text(each)]
    has_owner = bool(owners.relations(model) or owners.key(model)) and bool(owners.email_field())
    parts = [*texts, *(["owner's email"] if has_owner else []), "whole id"]
    return capfirst(" or ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])))


def for_filters(model: type[models.Model]) -> list[str]:
    """Enums, booleans and times."""
    kinds = (models.BooleanField, models.DateField, fields.EnumField)
    return [each.name for each in stored(model) if isinstance(each, kinds)]


def date_hierarchy(model: type[models.Model]) -> str | None:
    """The time column that an index begins with: without an index, each page would read the whole table."""
    indexed = {index.fields[0] for index in model._meta.indexes if index.fields}
    times = [each.name for each in stored(model) if isinstance(each, models.DateField)]
    return next((name for name in times if name in indexed), None)


def read_only(model: type[models.Model]) -> list[str]:
    """The key, numbers and times that the server sets, and columns without an input."""
    return [each.name for each in stored(model) if each.primary_key or is_read_only(each)]


def is_read_only(column: Field) -> bool:
    """Test whether a form shows a column without an input."""
    return isinstance(column, READ_ONLY) or is_given_by_server(column)


def is_given_by_server(column: Field) -> bool:
    """Test whether a column has the time or a number from the creation of its row."""
    if isinstance(column.db_default, fields.Serial):
        return True
    return isinstance(column, models.DateField) and (
        (column.has_default() and callable(column.default)) or isinstance(column.db_default, fields.Now)
    )


def is_addable(model: type[models.Model]) -> bool:
    """Test whether a form can create a row: every required column has an input."""
    return not any(
        isinstance(each, READ_ONLY) and not each.null and not each.has_default() and not each.has_db_default()
        for each in model._meta.concrete_fields
    )


def is_given_key(model: type[models.Model]) -> bool:
    """Test whether the key of a new row has to be entered."""
    key = model._meta.pk
    return not (key.has_default() or key.has_db_default() or isinstance(key, models.AutoField))


def relations(model: type[models.Model]) -> list[Any]:
    """The columns that refer to other tables."""
    return [each for each in stored(model) if isinstance(each, models.ForeignKey)]
