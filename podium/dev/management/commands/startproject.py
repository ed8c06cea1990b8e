"""`manage.py startproject`, for `help` and `call_command`: podium/dev/commands.py runs it before Django loads."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from podium.dev import startproject


class Command(BaseCommand):
    help = startproject.HELP
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        startproject.add_arguments(parser)

    def handle(self, *, name: str, folder: Path | None, podium: str, **options: Any) -> None:
        if status := startproject.run(name, folder, podium):
            sys.exit(status)
