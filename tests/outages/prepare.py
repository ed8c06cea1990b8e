"""Prepare a stack's database in a separate process: migrate, create a user, print the user's access token."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command

django.setup()

from accounts.models import User  # noqa: E402
from accounts.sessions import sessions  # noqa: E402
from tests.notes.models import Notebook  # noqa: E402

PASSWORD = "a-long-passphrase-of-the-stack"


def main() -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.create_superuser("operator@example.com", PASSWORD)
    Notebook.objects.create(name="of the stack", owner_id=user.pk)
    sys.stdout.write(sessions.issue(user).token)


if __name__ == "__main__":
    main()
