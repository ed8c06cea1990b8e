"""`manage.py exportuser`: what a person can fetch in the app, for who asks by mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import audit, export
from accounts.management.people import find


class Command(BaseCommand):
    help = "Write all that is stored of a person into a ZIP file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="the e-mail address, or the id")
        parser.add_argument("file", type=Path, help="the ZIP file to write; there must be none yet")

    def handle(self, *args: Any, who: str, file: Path, **options: Any) -> None:
        user = find(who)
        try:
            target = file.open("xb")
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}") from None
        audit.record("export_requested", user=user, by="manage.py exportuser")
        with target:
            file.chmod(0o600)
            for piece in export.stream(user):
                target.write(piece)
        self.stdout.write(f"{file} has all of {user} ({user.pk}): {file.stat().st_size} bytes")
