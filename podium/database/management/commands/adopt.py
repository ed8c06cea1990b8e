"""`manage.py adopt`: take over a database that Serverpod created, in place."""

from __future__ import annotations

import sys
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from podium.database import adopt, leaving
from podium.database.management.comparing import ComparingCommand, name_of

AGAIN = """\
Nothing was changed. Make the model files match the database, create their migrations again, and adopt:
  rm -r {migrations}
  python3 manage.py generate
  python3 manage.py makemigrations {apps}
  python3 manage.py adopt
Or adopt anyway, and change the database with `repair` afterwards: python3 manage.py adopt --force"""
OFF = "Modules of Serverpod with tables here that are switched off:"
NARROW = """\
They hold numbers up to 2147483647, the limit that Serverpod's server had there too. `repair` changes them to bigint. It
rewrites each of these tables and locks it while it does.
"""
CONFLICT = "Two migrations follow the same one: {names}. Run: python3 manage.py makemigrations --merge"

HALF = """\
An earlier `migrate` stopped in the middle of {label}: some of its migrations are applied, and the next ones create
tables that exist already: {tables}. Reverse the applied ones, whose tables are empty, and then adopt:
    python3 manage.py migrate {label} zero
    python3 manage.py adopt"""


class Command(ComparingCommand):
    help = (
        "Take over a database that Serverpod created. Compares its tables with the models, lists what differs, counts "
        "the migrations of these models as applied, applies all others, and takes over its users. Serverpod's rows "
        "stay as they are. Run it again to take over new users."
    )
    statuses = """\
exit status:
  0  adopted, or there was nothing to adopt
  1  the database differs from the models, --check found something to adopt, or an error; nothing was changed
  3  Postgres refused a statement; nothing was changed
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare")
        parser.add_argument(
            "--way-back",
            action="store_true",
            help="print SQL that removes Podium's additions to an adopted database; change nothing",
        )
        parser.add_argument("--force", action="store_true", help="adopt despite differences")
        super().add_arguments(parser)

    def compare(
        self,
        connection: BaseDatabaseWrapper,
        *,
        check: bool = False,
        force: bool = False,
        way_back: bool = False,
        format: str = "text",
        **options: Any,
    ) -> None:
        if way_back:
            self.stdout.write(";\n".join(["BEGIN", *leaving.statements(connection), "COMMIT;"]))
            return
        refuse_conflicts(connection)
        try:
            adoption = adopt.plan(connection)
        except adopt.HalfMigrated as half:
            raise CommandError(HALF.format(label=half.label, tables=", ".join(half.tables))) from None
        as_text = format == "text"
        if as_text:
            self.show(adoption, name_of(connection))
        run = bool(adoption.apps) and not check and (force or not adoption.wrong)
        told: list[str] = []
        if run:
            told = adopt.adopt(connection, adoption)
            call_command("migrate", database=connection.alias, verbosity=int(as_text))
        elif not adoption.apps and not check:
            told = adopt.bring_over(connection)
        if not as_text:
            self.show_json(self.data(adoption, run) | {"brought_over": told})
        else:
            self.show_end(adoption, run, told, check)
        if adoption.apps and not run:
            sys.exit(1)

    def show_end(self, adoption: adopt.Adoption, run: bool, told: list[str], check: bool) -> None:
        self.show_list("Taken over:", told)
        if run:
            self.stdout.write(f"Adopted: {', '.join(adoption.apps)}. Left to repair: {len(adoption.wrong)}.")
            if adoption.wrong:
                self.stdout.write("To change the database: python3 manage.py repair")
        elif adoption.wrong and not check:
            self.stderr.write(again(adoption))

    def show(self, adoption: adopt.Adoption, name: str) -> None:
        if not adoption.apps:
            self.stdout.write(
                f"Nothing to adopt: {name} has no table of an app whose migrations were not applied."
            )
            self.show_list(OFF, adoption.off)
            return
        self.stdout.write(f"Tables of these apps are in {name}: {', '.join(adoption.apps)}")
        self.show_list("Tables of no app, which stay:", [f"table {table}" for table in adoption.others])
        self.show_list("In no model; stays:", adoption.unknown)
        self.show_list("Differs in form only:", adoption.alike)
        self.show_list("Missing, and added by Podium:", adoption.added)
        self.show_sql("SQL for these, which changes no rows:", [*adoption.sql, *adoption.keys])
        self.show_list(OFF, adoption.off)
        self.show_list("Missing settings:", adoption.missing)
        self.show_list("Enums (the default was byIndex before Serverpod 3):", adoption.enums)
        if adoption.narrow:
            self.show_list("Holds less than the models allow; stays:", adoption.narrow)
            self.stdout.write(NARROW + "\n".join(f"  {line}" for line in adoption.sizes))
        self.show_list("Differs from the models:", adoption.wrong)
        self.show_list("Change the model files to match:", adoption.advice)

    def data(self, adoption: adopt.Adoption, run: bool) -> dict[str, object]:
        groups = ("wrong", "narrow", "added", "alike", "unknown")
        found = {name: [one.as_json() for one in getattr(adoption, name)] for name in groups}
        sql = [*adoption.sql, *adoption.keys]
        return {
            "apps": adoption.apps,
            **found,
            "advice": adoption.advice,
            "enums": adoption.enums,
            "others": adoption.others,
            "off": adoption.off,
            "missing": adoption.missing,
            "sql": sql,
            "run": run,
        }


def refuse_conflicts(connection: BaseDatabaseWrapper) -> None:
    """Raise CommandError if the order of an app's migrations is ambiguous."""
    conflicts = MigrationLoader(connection).detect_conflicts()
    if conflicts:
        names = "; ".join(f"{label}: {', '.join(names)}" for label, names in conflicts.items())
        raise CommandError(CONFLICT.format(names=names))


def again(adoption: adopt.Adoption) -> str:
    """The commands to run after changing the model files."""
    folders = [
        f"{apps.get_app_config(label).name.replace('.', '/')}/migrations" for label in adoption.differing
    ]
    return AGAIN.format(migrations=" ".join(folders), apps=" ".join(adoption.differing))
