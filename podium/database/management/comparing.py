"""The base of commands that compare a database with its models: arguments, errors and output."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from podium.database import repair
from podium.database.drift.desired import MayNotCompare

REFUSED = 3
"""Exit status if Postgres refused a statement."""
NEVER_MIGRATED = (
    "No migration was ever applied to {name}. Apply them: python3 manage.py migrate. "
    "If Serverpod made this database, take it over: python3 manage.py adopt"
)
MAY_NOT_COMPARE = (
    "To compare, {user} makes a schema in {name} and takes it back, and may not. "
    'Allow it as the owner: GRANT CREATE ON DATABASE "{database}" TO "{user}"'
)


class _HelpFormatter(DjangoHelpFormatter):
    """Django's formatter, but line breaks in texts are kept."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


class ComparingCommand(BaseCommand):
    """A command with --format and --database; `compare` does its work."""

    statuses: str
    """The meaning of the exit statuses, for --help."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        more = {"epilog": self.statuses, "formatter_class": _HelpFormatter}
        return super().create_parser(prog_name, subcommand, **more, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="of the report (%(default)s)"
        )
        parser.add_argument(
            "--database",
            default="default",
            choices=tuple(connections),
            help="alias in DATABASES (%(default)s)",
        )

    def handle(self, *, database: str, **options: Any) -> None:
        connection = connections[database]
        given = connection.settings_dict
        try:
            self.compare(connection, **options)
        except repair.Refused as refused:
            text = f"Postgres refused this, so nothing was changed:\n{refused}"
            raise CommandError(text, returncode=REFUSED) from None
        except repair.NeverMigrated:
            raise CommandError(NEVER_MIGRATED.format(name=name_of(connection))) from None
        except MayNotCompare as error:
            text = MAY_NOT_COMPARE.format(
                name=name_of(connection), database=given["NAME"], user=given["USER"]
            )
            raise CommandError(text) from error

    def compare(self, connection: BaseDatabaseWrapper, **options: Any) -> None:
        raise NotImplementedError

    def show_list(self, title: str, items: Iterable[object]) -> None:
        """Print a title and its items; nothing if there are none."""
        lines = [f"  {item}" for item in items]
        if lines:
            self.stdout.write("\n".join([title, *lines]))

    def show_sql(self, title: str, statements: Iterable[str]) -> None:
        """Print a title and the statements, ready to be copied."""
        texts = [textwrap.indent(f"{sql.strip()};", "    ") for sql in statements]
        if texts:
            self.stdout.write("\n".join([title, *texts]))

    def show_json(self, data: Mapping[str, object]) -> None:
        self.stdout.write(json.dumps(data, indent=2))


def name_of(connection: BaseDatabaseWrapper) -> str:
    """The name of the database for messages: "k1 at 127.0.0.1"."""
    given = connection.settings_dict
    return f"{given['NAME']} at {given['HOST'] or 'localhost'}"
