"""`manage.py delete_unfinished_uploads`: what the task of that name does each hour, by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from files import uploads


class Command(BaseCommand):
    help = "Delete uploads that were never finished."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hours", type=float, default=1, help="ran out longer ago than this (default %(default)s)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many, delete none")

    def handle(self, *args: Any, hours: float, dry_run: bool, **options: Any) -> None:
        count = uploads.delete_unfinished(older_than=timedelta(hours=hours), dry_run=dry_run)
        self.stdout.write(f"{count} uploads {'would go' if dry_run else 'deleted'}")
