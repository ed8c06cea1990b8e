"""The questions about access rules as forms, sent by GET. Bad input is an error at its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.admin.access import permissions
from accounts.models import EMAIL_MAX_LENGTH, User
from accounts.staff import lookup
from podium.access.checks import fault_of
from podium.access.conditions import ACTIONS, Action
from podium.access.rules import rules_of

LONGEST = 400
"""Characters of a row's name and key."""


class Question(forms.Form):
    """The base of the forms."""

    def __init__(self, request: HttpRequest, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="access_%s")
        self.request = request

    def clean(self) -> dict[str, Any]:
        """Report a rule that can't be used."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        model: Any = given.get("model") or type(given.get("row"))
        rules = rules_of(model)
        if rules is not None:
            for action in {given.get("action", "read"), "read"}:
                if fault := fault_of(rules, action):
                    raise ValidationError(f"{rules.__name__}.{action} can't be used: {fault}")
        return given


class OfUser(Question):
    user = forms.CharField(
        max_length=EMAIL_MAX_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text=f"An e-mail address or id, or {lookup.NOBODY} for somebody who is not signed in.",
    )

    def clean_user(self) -> User | None:
        text = str(self.cleaned_data["user"])
        try:
            if text == lookup.NOBODY:
                return None
            user = lookup.known_user(text, permissions.rows(self.request, User))
            if user is not None:
                permissions.check(self.request, user)
            return user
        except lookup.Unknown as error:
            raise ValidationError(str(error)) from error


class OfRow(Question):
    row = forms.CharField(
        max_length=LONGEST,
        widget=UnfoldAdminTextInputWidget,
        help_text="The model and the key, such as note:1.",
    )
    action = forms.ChoiceField(
        choices=[(each, each) for each in ACTIONS],
        initial="read",
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def clean_row(self) -> Model:
        try:
            row = lookup.row(
                str(self.cleaned_data["row"]), lambda model: permissions.rows(self.request, model)
            )
            permissions.check(self.request, row)
        except lookup.Unknown as error:
            raise ValidationError(str(error)) from error
        return row

    def clean_action(self) -> Action:
        return self.cleaned_data["action"] or "read"


class OfUserAndRow(OfRow, OfUser):
    field_order = ("user", "row", "action")


class RowsAsUser(OfUser):
    model = forms.CharField(
        max_length=LONGEST, widget=UnfoldAdminTextInputWidget, help_text="A model with rules, such as note."
    )
    after = forms.CharField(max_length=LONGEST, required=False, widget=forms.HiddenInput)

    def clean_model(self) -> type[Model]:
        try:
            model = lookup.model(str(self.cleaned_data["model"]))
            permissions.rows(self.request, model)
        except lookup.Unknown as error:
            raise ValidationError(str(error)) from error
        if rules_of(model) is None:
            raise ValidationError(f"{model._meta.label} has no rules: clients see none of its rows.")
        return model

    def clean_after(self) -> Any:
        """Read the key of the last row of the previous page."""
        text, model = self.cleaned_data["after"], self.cleaned_data.get("model")
        if not text or model is None:
            return None
        try:
            return lookup.key(model, text)
        except lookup.Unknown as error:
            raise ValidationError(str(error)) from error
