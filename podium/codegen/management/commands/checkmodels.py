"""`manage.py checkmodels`: only here for `manage.py help`. manage.py runs it before Django starts."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from podium.schema import command


class Command(BaseCommand):
    help = "Check model files (*.spy.yaml): exit 1 if one has an error."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(command.main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        self.run_from_argv(["manage.py", "checkmodels"])
