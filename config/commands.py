"""What happens around every command: in development its database runs while it does. No command is defined here."""

from __future__ import annotations

import os
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from config import bootstrap, services

WITHOUT_DATABASE = frozenset(
    ["generate", "checkmodels", "help", "version", "--help", "--version", "collectstatic"]
)


def run(argv: Sequence[str]) -> None:
    """Run one command line of manage.py."""
    if _needs_services(argv):
        try:
            with services.running():
                execute_from_command_line(list(argv))
        except services.ServiceError as error:
            bootstrap.fail(str(error))
    else:
        execute_from_command_line(list(argv))


def _needs_services(argv: Sequence[str]) -> bool:
    """In development every command but a few; with a DATABASE_URL none, since then the services are yours."""
    if os.environ.get("DATABASE_URL") or len(argv) < 2:
        return False
    return argv[1] not in WITHOUT_DATABASE and "--help" not in argv and "-h" not in argv
