"""`manage.py deleteuser`: what a person can do in the app, for who asks by mail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import erasure
from accounts.management.people import find


class Command(BaseCommand):
    help = "Delete a person with all that is theirs, now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="the e-mail address, or the id")
        parser.add_argument("--dry-run", action="store_true", help="say who it is, delete nothing")

    def handle(self, *args: Any, who: str, dry_run: bool, **options: Any) -> None:
        user = find(who)
        name, key = str(user), user.pk
        if not dry_run:
            erasure.delete(user)
        self.stdout.write(f"{name} ({key}) {'would be' if dry_run else 'is'} deleted")
