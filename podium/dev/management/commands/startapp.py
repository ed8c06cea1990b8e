"""`manage.py startapp`, for `help` and `call_command`: podium/dev/commands.py runs it before Django loads."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from podium.core import project
from podium.dev import startapp


class Command(BaseCommand):
    help = startapp.HELP
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        startapp.add_arguments(parser)

    def handle(self, *, name: str, **options: Any) -> None:
        if status := startapp.run(name, project.ROOT):
            sys.exit(status)
