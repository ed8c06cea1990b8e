"""Values as lists and read-only pages show them: one line for a text, the size of bytes, JSON with indents."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import msgspec
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from podium.admin import owners
from podium.database import fields, naming

Shown = Callable[[Any], Any]
VECTOR_CHARACTERS = 200
"""Characters of a vector that its row's page shows."""


def columns(model: type[models.Model], names: Any, kept: Collection[Any]) -> list[Any]:
    """The columns of a list, with functions that keep texts and times on one line, except for those in `kept`.

    The first one is never empty, because it is the link.
    """
    return [
        name if name in kept else _in_list(model, name, is_link=place == 0)
        for place, name in enumerate(names)
    ]


@cache
def _in_list(model: type[models.Model], name: Any, *, is_link: bool) -> Any:
    try:
        column = model._meta.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        return name
    if isinstance(column, models.TextField):
        return _described(column, lambda row: _cut(row, column) or (str(row) if is_link else None))
    if isinstance(column, models.DateTimeField):
        return _described(column, lambda row: _moment(getattr(row, column.attname)))
    return name


def _moment(value: Any) -> Any:
    """A time on one line; a list has many of them."""
    if not isinstance(value, datetime.datetime):
        return value
    text = date_format(localtime(value), "M j, Y, H:i")
    return format_html('<span class="whitespace-nowrap">{}</span>', text)


def _cut(row: Any, column: Any) -> str:
    value = getattr(row, column.attname)
    return naming.one_line(value) if isinstance(value, str) else ""


@cache
def value(model: type[models.Model], name: Any) -> Any:
    """A function for a column that Django would not show well; the name itself for any other."""
    try:
        column = model._meta.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        column = None
    if isinstance(column, models.BinaryField):
        return _described(column, lambda row: _size(getattr(row, column.attname)))
    if isinstance(column, fields.JSONField | fields.VectorField):
        return _described(column, lambda row: _text(row, column))
    if column is not None and column == owners.key(model):
        return _described(column, lambda row: _owner(getattr(row, column.attname)))
    return name


def _described(column: Any, show: Shown) -> Shown:
    described: Shown = admin.display(description=column.verbose_name, ordering=column.name)(show)
    return described


def _size(stored: bytes | None) -> str | None:
    return None if stored is None else filesizeformat(len(stored))


def _text(row: Any, column: Any) -> Any:
    text = column.value_to_string(row)
    if text is None:
        return None
    if isinstance(column, fields.VectorField):
        return text if len(text) <= VECTOR_CHARACTERS else f"{text[:VECTOR_CHARACTERS]}…"
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', msgspec.json.format(text, indent=2))


def _owner(key: Any) -> Any:
    return None if key is None else user(admin.site, key, owners.shown([key]).get(key))


def user(site: admin.AdminSite, key: Any, name: str | None) -> Any:
    """A user as a link to the user's page."""
    if name is None:
        return f"{key} (no such user)"
    model = get_user_model()
    if not site.is_registered(model):
        return name
    page = f"{site.name}:{model._meta.app_label}_{model._meta.model_name}_change"
    return format_html('<a class="text-link" href="{}">{}</a>', reverse(page, args=[key]), name)
