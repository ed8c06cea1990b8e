"""Whom a command is about."""

from __future__ import annotations

import uuid

from django.core.management.base import CommandError

from accounts.models import User, normalize_email


def find(who: str) -> User:
    """The person with an e-mail address or an id. Raises CommandError."""
    try:
        found = User.objects.filter(pk=uuid.UUID(who)).first()
    except ValueError:
        found = User.objects.filter(email=normalize_email(who)).first()
    if found is None:
        raise CommandError(f"There is nobody with the e-mail address or id {who!r}.")
    return found
