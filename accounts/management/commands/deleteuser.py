"""`manage.py deleteuser`: delete an account at its user's request by mail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.data import erasure
from accounts.management.users import find


class Command(BaseCommand):
    help = "Delete a user with all their data, now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="the e-mail address or the id")
        parser.add_argument("--dry-run", action="store_true", help="show the user, delete nothing")

    def handle(self, *args: Any, account: str, dry_run: bool, **options: Any) -> None:
        user = find(account)
        name, key = str(user), user.pk
        if not dry_run:
            erasure.delete(user)
        self.stdout.write(f"{name} ({key}) {'would be' if dry_run else 'is'} deleted")
