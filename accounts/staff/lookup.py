"""Users, models and rows that staff name in words, in the admin and on the command line."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from accounts.models import User, normalize_email
from accounts.staff import scopes
from podium.access.callers import Caller

NOBODY = "nobody"
"""Somebody who is not signed in, instead of a user."""


class Unknown(Exception):
    """There is no such user, model or row. The message is for the one who named it."""


def user(text: str, among: QuerySet[User] | None = None) -> User | None:
    """Find a user by e-mail address or id. among: the users to search, by default all."""
    term = normalize_email(text)
    users = User.objects.all() if among is None else among
    try:
        return users.filter(pk=uuid.UUID(term)).first()
    except ValueError:
        return None if "\0" in term else users.filter(email=term).first()


def known_user(text: str, among: QuerySet[User] | None = None) -> User | None:
    """Find a user by e-mail address or id; None for "nobody". Raises Unknown."""
    if text == NOBODY:
        return None
    found = user(text, among)
    if found is None:
        raise Unknown(f"No user has the e-mail address or id {text!r}.")
    return found


def caller(user: User | None) -> Caller | None:
    """Return a user as access rules see them, with the present scopes."""
    return None if user is None else Caller(str(user.pk), scopes.of(user))


def model(name: str) -> type[Model]:
    """Find a model by its class, such as "note" or "notes.note". Raises Unknown."""
    found = [
        model
        for model in apps.get_models()
        if name.lower() in (model._meta.model_name, model._meta.label_lower)
    ]
    if not found:
        raise Unknown(f"There is no model {name!r}. Write its class, such as note, or notes.note.")
    if len(found) > 1:
        labels = ", ".join(model._meta.label for model in found)
        raise Unknown(f"{name!r} is the name of several models: write one of {labels}.")
    return found[0]


def key(model: type[Model], text: str) -> Any:
    """Read the key of a row. Raises Unknown."""
    try:
        if "\0" in text:  # Postgres has no such texts
            raise ValueError
        value = model._meta.pk.to_python(text)
        model._meta.pk.run_validators(value)
    except (ValueError, OverflowError, ValidationError) as error:
        raise Unknown(f"{text!r} is not a valid key of {model._meta.label}.") from error
    return value


def stored(model: type[Model]) -> QuerySet[Model]:
    """All rows of a model."""
    return model._base_manager.all()


def row(text: str, rows: Callable[[type[Model]], QuerySet[Model]] = stored) -> Model:
    """Find a row by model and key, such as "note:1". Raises Unknown.

    rows  those of a model among which it is searched
    """
    name, colon, written = text.partition(":")
    if not colon:
        raise Unknown(f"{text!r} is not a valid row: write the model and the key, such as note:1.")
    its_model = model(name)
    value = key(its_model, written)
    found = rows(its_model).filter(pk=value).first()
    if found is None:
        raise Unknown(f"There is no {its_model._meta.label} with the key {written}.")
    return found


def reference(row: Model) -> str:
    """Return the text that names a row: "notes.note:1"."""
    return f"{row._meta.label_lower}:{row.pk}"
