"""The form of a row: saving it writes only changed values, so that displaying a value does not alter it."""

from __future__ import annotations

import datetime
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist
from django.utils.functional import cached_property
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldAdminTextInputWidget

from podium.admin import owners, shown
from podium.database import fields
from podium.wire.unreadable import Unreadable


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model form that ignores values submitted as the page showed them.

    A page drops the microseconds of times and the spaces around a text, and it changes line ends. It can't submit a
    value that its type cannot read.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._offer_stored(name, field)
            self._give_lines(name, field)
            self._name_owner(name, field)
            if self._is_given_by_database(name):
                field.required = False

    @cached_property
    def changed_data(self) -> list[str]:
        return [
            name
            for name, bound in self._bound_items()  # type: ignore[attr-defined]
            if not _is_as_shown(bound) and bound._has_changed()
        ]

    def _clean_fields(self) -> None:
        everything = self.fields
        self.fields = {name: field for name, field in everything.items() if not self._is_kept(name)}
        try:
            super()._clean_fields()  # type: ignore[misc]
        finally:
            self.fields = everything
        for name in everything:
            if self._is_kept(name):
                with suppress(ObjectDoesNotExist):  # the key of a deleted row
                    self.cleaned_data[name] = getattr(self.instance, name)
        for name in [name for name in self.cleaned_data if self._is_left_to_database(name)]:
            del self.cleaned_data[name]

    def _update_errors(self, errors: Any) -> None:
        """Do not report faults of a stored value that was kept: the user did not enter it."""
        if hasattr(errors, "error_dict"):
            for name in [name for name in errors.error_dict if name in self.fields and self._is_kept(name)]:
                del errors.error_dict[name]
            if not errors.error_dict:
                return
        super()._update_errors(errors)  # type: ignore[misc]

    def _get_validation_exclusions(self) -> set[str]:
        """Include stored values that can't be checked, because their type cannot read them."""
        found: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        row = self.instance.__dict__
        return found | {
            name for name in self.fields if self._is_kept(name) and isinstance(row.get(name), Unreadable)
        }

    def _is_kept(self, name: str) -> bool:
        """Test whether a field of a stored row is unchanged."""
        return (
            not self.instance._state.adding
            and name not in self.changed_data
            and self._column(name) is not None
        )

    def _column(self, name: str) -> Any:
        return next((each for each in self._meta.model._meta.concrete_fields if each.name == name), None)

    def _is_given_by_database(self, name: str) -> bool:
        """Test whether a new row may leave a field to the default of its column."""
        column = self._column(name)
        return (
            column is not None
            and self.instance._state.adding
            and column.has_db_default()
            and not column.has_default()
        )

    def _is_left_to_database(self, name: str) -> bool:
        return self._is_given_by_database(name) and self.cleaned_data[name] in (None, "")

    def _offer_stored(self, name: str, field: Any) -> None:
        """Let a select show a stored value that is not one of its options."""
        column = self._column(name)
        if not isinstance(column, fields.EnumField) or not hasattr(field, "choices"):
            return
        value = self.instance.__dict__.get(column.attname)
        if isinstance(value, Unreadable):
            field.choices = [*field.choices, (value.stored, str(value))]

    def _name_owner(self, name: str, field: Any) -> None:
        """Name the user below an input with the user's key."""
        column = self._column(name)
        value = self.instance.__dict__.get(name)
        if column is not None and value is not None and column == owners.key(type(self.instance)):
            field.help_text = shown.user(admin.site, value, owners.shown([value]).get(value))

    def _give_lines(self, name: str, field: Any) -> None:
        """Show a value with several lines in a text area, because an input drops line ends."""
        value = self.instance.__dict__.get(name)
        has_lines = isinstance(value, str) and ("\n" in value or "\r" in value)
        if has_lines and type(field.widget) is UnfoldAdminTextInputWidget:
            field.widget = UnfoldAdminExpandableTextareaWidget()


def _is_as_shown(bound: Any) -> bool:
    """Test whether a field with one input was submitted with the text that the page showed."""
    data, initial = bound.data, bound.initial
    if not isinstance(data, str) or initial is None or isinstance(initial, datetime.datetime):
        return False
    shown = bound.field.prepare_value(initial)
    return _lines(data) == _lines(shown if isinstance(shown, str) else str(shown))


def _lines(text: str) -> str:
    """Convert line ends to those that browsers send."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class TextFormField(forms.CharField):
    """A text of several lines. Browsers send CRLF; stored texts have LF, as apps write it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return _lines(text) if isinstance(text, str) else text
