"""Users named on the command line."""

from __future__ import annotations

from django.core.management.base import CommandError

from accounts.models import User
from accounts.staff import lookup


def find(account: str) -> User:
    """Find a user by e-mail address or id. Raises CommandError."""
    found = lookup.user(account)
    if found is None:
        raise CommandError(f"No user has the e-mail address or id {account!r}.")
    return found
