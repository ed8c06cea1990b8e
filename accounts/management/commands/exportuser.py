"""`manage.py exportuser`: export a user's data at their request by mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.audit import audit
from accounts.data import export
from accounts.management.users import find


class Command(BaseCommand):
    help = "Write all data of a user to a ZIP file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="the e-mail address or the id")
        parser.add_argument("file", type=Path, help="the ZIP file to write; it must not exist")

    def handle(self, *args: Any, account: str, file: Path, **options: Any) -> None:
        user = find(account)
        try:
            target = file.open("xb")
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}") from None
        audit.record("export_requested", user=user, by="manage.py exportuser")
        with target:
            file.chmod(0o600)
            for piece in export.stream(user):
                target.write(piece)
        self.stdout.write(f"{file} has all data of {user} ({user.pk}): {file.stat().st_size} bytes")
