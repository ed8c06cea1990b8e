"""The owner of a row: a relation to the user model, or a column with a user's key, such as `owner_id`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from podium.database.naming import Field

KEYS = ("owner_id", "user_id", "author_id", "creator_id", "created_by_id", "auth_user_id", "sender_id")
"""Columns that hold a user's key without a relation, if their type is that of the key."""


def relations(model: type[models.Model]) -> list[str]:
    """The relations of a model to the user model."""
    user = get_user_model()
    return [
        each.name
        for each in model._meta.concrete_fields
        if isinstance(each, models.ForeignKey) and each.related_model is user
    ]


def key(model: type[models.Model]) -> Field | None:
    """The column that holds the owner's key without a relation."""
    kind = get_user_model()._meta.pk.get_internal_type()
    found = {each.name: each for each in model._meta.concrete_fields if not each.is_relation}
    named = (found[name] for name in KEYS if name in found)
    return next((each for each in named if each.get_internal_type() == kind), None)


def email_field() -> str:
    """The field of the user model with the e-mail address; "" if it has none."""
    name = str(getattr(get_user_model(), "EMAIL_FIELD", ""))
    try:
        get_user_model()._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return name


def users_like(term: str) -> models.QuerySet[Any]:
    """The keys of the users with this text in their e-mail address."""
    if not email_field():
        return get_user_model()._default_manager.none().values("pk")
    return get_user_model()._default_manager.filter(**{f"{email_field()}__icontains": term}).values("pk")


def shown(keys: Iterable[Any]) -> dict[Any, str]:
    """The users with these keys, as the admin names them. One query."""
    wanted = {each for each in keys if each is not None}
    if not wanted:
        return {}
    return {user.pk: str(user) for user in get_user_model()._default_manager.filter(pk__in=wanted)}
