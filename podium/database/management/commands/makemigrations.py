"""Django's `makemigrations`, which stops at changes that could lose data or alter what stored values mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import makemigrations
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from podium.database import autodetector as converting
from podium.database import mapping, temporary_names
from podium.database.destructive import losses
from podium.database.losses import describe, of_taken, summary
from podium.database.mapping import Mapping
from podium.database.renames import Autodetector
from podium.database.row_queries import Rows

STOPPED = 3
"""Exit status; Django has the same where it would have to ask for a value."""
ADVICE = """\
Renamed a field? Keep its column: `column=<old name>` in the model file. A new field can have a default.
To write the migration anyway: python3 manage.py makemigrations --force"""
UNANSWERED = (
    "Django has a question, and there is no terminal to answer it. Run this in a terminal, or with --noinput: then "
    "only classes and fields that kept their table or column count as renamed."
)

Changes = dict[str, Any]


class Command(makemigrations.Command):
    help = (
        "Write migrations for changed models. Without --force, writes nothing if changes could lose data (a dropped "
        "table or column, a type that holds less, a required column without default) or alter what stored values mean "
        "(an enum's values, order or serialization, another type in the same column): lists them and exits with 3."
    )
    autodetector = Autodetector

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--force",
            action="store_true",
            help="also write changes that could lose data or alter what stored values mean",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="OLD=NEW",
            help="rename in stored values: Color.red=crimson (an enum's value; =null for none), "
            "Page.title=heading (a field of a class in JSON), Circle=Disc (the class); may be repeated",
        )

    def handle(self, *app_labels: str, force: bool, map: list[str], **options: Any) -> None:
        self.force = force
        self.said = Mapping(mapping.read(map))
        try:
            super().handle(*app_labels, **options)
        except EOFError:
            raise CommandError(UNANSWERED) from None
        self.said.check_all_used()  # if nothing has changed

    def write_migration_files(
        self, changes: Changes, update_previous_migration_paths: dict[str, str] | None = None
    ) -> None:
        if update_previous_migration_paths:  # complete migrations, whose new part was checked before
            for app, migrations in changes.items():
                temporary_names.free(_before(app, update_previous_migration_paths[app]), {app: migrations})
            found = ""
        else:
            found = self.checked(changes)
        super().write_migration_files(changes, update_previous_migration_paths)
        self.name_losses(found)

    def write_to_last_migration_files(self, changes: Changes) -> None:
        found = self.checked(changes)
        super().write_to_last_migration_files(changes)
        self.name_losses(found)

    def checked(self, changes: Changes) -> str:
        """Complete the migrations. Return a text about possible losses, "" for none.

        Raises CommandError if they must not be written.
        """
        before = MigrationLoader(None, ignore_no_migrations=True).project_state()
        converting.convert_values(before, changes, self.said)
        taken = temporary_names.free(before, changes)
        rows = Rows(connections[DEFAULT_DB_ALIAS])
        lost = [*losses(before, changes, rows), *filter(None, map(of_taken, taken))]
        found = describe(lost)
        if found and rows.problem:
            found += f"\n  (The number of rows is not known: {rows.problem})"
        if found and not self.force and not self.dry_run:
            raise CommandError(
                f"No migration was written, since these changes {summary(lost)}:\n{found}\n{ADVICE}",
                returncode=STOPPED,
            )
        return found and f"These changes {summary(lost)}:\n{found}"

    def name_losses(self, found: str) -> None:
        if found:
            self.stderr.write(found)


def _before(app: str, path: str) -> ProjectState:
    """The state that an app's last migration starts from."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return loader.project_state((app, Path(path).stem), at_end=False)
