"""`manage.py adopt`: a database that Serverpod made becomes Podium's, where it is."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db.backends.base.base import BaseDatabaseWrapper

from database import adopt
from database.management.comparing import ComparingCommand, name_of

REFUSAL = """\
Nothing was changed. Either let the model files say what the database has, and make their migrations anew;
or adopt all the same (--force), and then change the database: python3 manage.py repair"""


class Command(ComparingCommand):
    help = (
        "Take over a database that Serverpod made. Compares its tables with the models, lists what differs, counts "
        "the migrations of these models as applied, and applies all others. No row is touched."
    )
    statuses = """\
exit status:
  0  adopted, or there was nothing to adopt
  1  the database differs from the models, or --check found something to adopt; nothing was changed
  3  Postgres refused a statement; nothing was changed
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare")
        parser.add_argument("--force", action="store_true", help="adopt in spite of differences")
        super().add_arguments(parser)

    def compare(
        self,
        connection: BaseDatabaseWrapper,
        *,
        check: bool = False,
        force: bool = False,
        format: str = "text",
        **options: Any,
    ) -> None:
        adoption = adopt.plan(connection)
        as_text = format == "text"
        if as_text:
            self.show(adoption, name_of(connection))
        run = bool(adoption.apps) and not check and (force or not adoption.wrong)
        if run:
            adopt.adopt(connection, adoption)
            call_command("migrate", database=connection.alias, verbosity=int(as_text))
        if not as_text:
            self.show_json(self.data(adoption, run))
        elif run:
            self.stdout.write(f"Adopted: {', '.join(adoption.apps)}. Left to repair: {len(adoption.wrong)}.")
        elif adoption.wrong and not check:
            self.stderr.write(REFUSAL)
        if adoption.apps and not run:
            sys.exit(1)

    def show(self, adoption: adopt.Adoption, name: str) -> None:
        if not adoption.apps:
            self.stdout.write(
                f"Nothing to adopt: {name} has no table of an app whose migrations were not applied."
            )
            return
        self.stdout.write(f"Tables of these apps are in {name}: {', '.join(adoption.apps)}")
        self.show_list("Belongs to no app and stays:", [f"table {table}" for table in adoption.others])
        self.show_list("In no model, and stays:", adoption.unknown)
        self.show_list("Differs in form only:", adoption.alike)
        self.show_sql("This brings it in form, and touches no row:", adoption.sql)
        self.show_list("Differs from the models:", adoption.wrong)

    def data(self, adoption: adopt.Adoption, run: bool) -> dict[str, object]:
        groups = {"wrong": adoption.wrong, "alike": adoption.alike, "unknown": adoption.unknown}
        found = {name: [one.as_json() for one in group] for name, group in groups.items()}
        return {"apps": adoption.apps, **found, "others": adoption.others, "sql": adoption.sql, "run": run}
