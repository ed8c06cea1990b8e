"""`manage.py dev`, for `manage.py help`. manage.py runs it before Django starts."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from podium.dev import development


class Command(BaseCommand):
    help = development.HELP
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        development.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        development.main(sys.argv[2:])
