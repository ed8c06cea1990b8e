"""Users named on the command line."""

from __future__ import annotations

import uuid

from django.core.management.base import CommandError

from accounts.models import User, normalize_email


def find(account: str) -> User:
    """Find a user by e-mail address or id. Raises CommandError."""
    try:
        found = User.objects.filter(pk=uuid.UUID(account)).first()
    except ValueError:
        found = User.objects.filter(email=normalize_email(account)).first()
    if found is None:
        raise CommandError(f"No user has the e-mail address or id {account!r}.")
    return found
