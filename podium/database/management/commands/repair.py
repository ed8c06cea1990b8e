"""`manage.py repair`: bring a changed database back to its migrations."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.db.backends.base.base import BaseDatabaseWrapper

from podium.database import repair
from podium.database.management.comparing import ComparingCommand, name_of


class Command(ComparingCommand):
    help = (
        "Bring a database that was changed by hand back to the state of its migrations. Shows the SQL first and asks. "
        "Runs all of it or nothing. Without --force, keeps items that are in no model and changes that could lose data."
    )
    statuses = """\
exit status:
  0  the database matches its migrations (it did already, or does now)
  1  differences are left: not confirmed, --check, or fixing them could lose data
  3  Postgres refused a statement; nothing was changed
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="run the SQL without asking")
        parser.add_argument(
            "--check", action="store_true", help="only compare; exit with 1 if something differs"
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="also make changes that could lose data, and drop columns, indexes and tables that are in no model",
        )
        super().add_arguments(parser)

    def compare(
        self,
        connection: BaseDatabaseWrapper,
        *,
        yes: bool = False,
        check: bool = False,
        force: bool = False,
        format: str = "text",
        **options: Any,
    ) -> None:
        plan = repair.plan(connection, force=force)
        as_text = format == "text"
        if as_text:
            self.show(plan, name_of(connection))
        run = bool(plan.sql) and not check and (yes or (as_text and self.agreed(name_of(connection))))
        if run:
            repair.run(connection, plan.sql)
        if not as_text:
            self.show_json(self.data(plan, run))
        elif run:
            self.stdout.write(f"Fixed: {len(plan.fixed)}. Left: {len(plan.kept)}.")
        if plan.kept or (plan.sql and not run):
            sys.exit(1)

    def show(self, plan: repair.Plan, name: str) -> None:
        self.show_list("In no model, so they stay (--force drops them):", plan.unknown)
        self.show_list("Fixing these could lose data, so they stay (--force fixes them):", plan.kept)
        self.show_list(f"Differences between {name} and its migrations:", plan.fixed)
        self.show_sql("This fixes them:", plan.sql)
        if not plan.fixed and not plan.kept:
            self.stdout.write(f"{name} matches its migrations.")
        self.show_list("Not applied yet (python3 manage.py migrate):", plan.pending)

    def agreed(self, name: str) -> bool:
        """Ask at the terminal. False without one."""
        if not sys.stdin.isatty():
            self.stderr.write("Nothing was changed. To run this SQL: python3 manage.py repair --yes")
            return False
        return input(f"Run this SQL on {name}? [y/N] ").strip().lower() in ("y", "yes")

    def data(self, plan: repair.Plan, run: bool) -> dict[str, object]:
        groups = {"mended" if run else "to_mend": plan.fixed, "kept": plan.kept, "unknown": plan.unknown}
        found = {name: [one.as_json() for one in group] for name, group in groups.items()}
        return {**found, "sql": plan.sql, "pending": plan.pending, "run": run}
