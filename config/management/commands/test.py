"""`manage.py test`: all tests, by pytest. In development against the private Postgres and Valkey."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand

from config import places


class Command(BaseCommand):
    help = (
        "Run the tests with pytest; arguments go to pytest: manage.py test tests/schema -k parse. "
        "The quick ones alone: manage.py test -m 'not slow'."
    )
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        # All options are pytest's own. A process of its own, since this one has loaded the apps already.
        sys.exit(subprocess.call([sys.executable, "-m", "pytest", *argv[2:]], cwd=places.PROJECT))

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_from_argv(["manage.py", "test"])
