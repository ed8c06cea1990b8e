"""`manage.py test`: all tests, by pytest. In development against the private Postgres and Valkey."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand

from podium.core import project


class Command(BaseCommand):
    help = (
        "Run the tests with pytest; arguments go to pytest: manage.py test tests/schema -k parse. "
        "Only the quick ones: manage.py test -m 'not slow'."
    )
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        # All options are pytest's own. It needs a separate process, because this one has already loaded the apps.
        sys.exit(subprocess.call([sys.executable, "-m", "pytest", *argv[2:]], cwd=project.ROOT))

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_from_argv(["manage.py", "test"])
