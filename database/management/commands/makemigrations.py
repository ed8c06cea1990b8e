"""Django's `makemigrations`, which stops before it writes what could lose data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import makemigrations
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader

from database.destructive import describe, losses
from database.renames import Autodetector

STOPPED = 3
"""Exit status, also Django's own where it would have to ask for a value."""
ADVICE = """\
Renamed a field? Keep its column: `column=<old name>` in the model file. A new field can have a default.
If this is what you want, write it all the same: python3 manage.py makemigrations --force"""
UNANSWERED = (
    "There is a question, and no terminal to answer it. Run this in a terminal, or with --noinput: then nothing "
    "counts as renamed but what kept its table or column."
)

Changes = dict[str, Any]


class Command(makemigrations.Command):
    help = (
        "Write migrations for changed models. What could lose data (a table or column dropped, a type that holds less, "
        "a required column without default) is named, and nothing is written without --force; the exit status is 3."
    )
    autodetector = Autodetector

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--force", action="store_true", help="write also what could lose data")

    def handle(self, *app_labels: str, force: bool, **options: Any) -> None:
        self.force = force
        try:
            super().handle(*app_labels, **options)
        except EOFError:
            raise CommandError(UNANSWERED) from None

    def write_migration_files(
        self, changes: Changes, update_previous_migration_paths: dict[str, str] | None = None
    ) -> None:
        # With --update these are whole migrations, whose new part was looked at before.
        found = "" if update_previous_migration_paths else self.checked(changes)
        super().write_migration_files(changes, update_previous_migration_paths)
        self.name_losses(found)

    def write_to_last_migration_files(self, changes: Changes) -> None:
        found = self.checked(changes)
        super().write_to_last_migration_files(changes)
        self.name_losses(found)

    def checked(self, changes: Changes) -> str:
        """What could be lost, "" for nothing. Raises CommandError where that must not be written."""
        before = MigrationLoader(None, ignore_no_migrations=True).project_state()
        found = describe(losses(before, changes, connections[DEFAULT_DB_ALIAS]))
        if found and not self.force and not self.dry_run:
            text = f"No migration was written, since these changes could lose data:\n{found}\n{ADVICE}"
            raise CommandError(text, returncode=STOPPED)
        return found

    def name_losses(self, found: str) -> None:
        if found:
            self.stderr.write(f"These changes could lose data:\n{found}")
