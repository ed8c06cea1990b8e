"""A process that prints the DDL of all models of some apps: python -m podium.codegen.ddl FOLDER APP...

FOLDER has the apps' packages. No other app is installed, and no database is connected.
"""

from __future__ import annotations

import io
import sys

import django
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from podium.database import prepare

OLDEST_POSTGRES = 150000
"""The oldest version of Postgres for the DDL, as the server numbers versions."""


class _Writer(DatabaseSchemaEditor):
    """A schema editor that collects SQL and inserts values without a server."""

    def execute(self, sql: object, params: object = ()) -> None:
        BaseDatabaseSchemaEditor.execute(self, sql, params)  # type: ignore[arg-type]


def ddl() -> str:
    """The DDL of all models of the installed apps."""
    connection = connections["default"]
    connection.__dict__["pg_version"] = OLDEST_POSTGRES  # otherwise Django asks the server
    # As in migrations: without the parts of a field that only queries need.
    historic = ProjectState.from_apps(apps).apps.get_models()
    with _Writer(connection, collect_sql=True, atomic=False) as editor:
        for model in sorted(historic, key=lambda one: one._meta.db_table):
            if model._meta.can_migrate(connection):
                editor.create_model(model)
    parts = [sql.strip().rstrip(";") + ";" for sql in (*prepare.statements(), *editor.collected_sql)]
    return "\n".join(parts) + "\n"


def _configure(folder: str, packages: list[str]) -> None:
    sys.path.insert(0, folder)
    settings.configure(
        INSTALLED_APPS=packages,
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def main(folder: str, packages: list[str]) -> int:
    """Print the DDL and return 0, or print Django's errors in the models on stderr and return 1."""
    _configure(folder, packages)
    errors = [message for message in checks.run_checks() if message.level >= checks.ERROR]
    if errors:
        sys.stderr.writelines(f"{message}\n" for message in errors)
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(ddl())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
