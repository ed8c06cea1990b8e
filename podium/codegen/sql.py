"""The Postgres DDL of the migrations for a project's models, as one text. Needs no database.

Django generates it in a separate process (podium.codegen.ddl) with only these models.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from podium.codegen import django_app
from podium.schema.definitions import Protocol

PACKAGES = Path(__file__).resolve().parent.parent.parent
"""The folder of the package podium."""


class SqlError(Exception):
    """Django refuses the models; the text is its message."""


def emit(protocol: Protocol) -> str:
    """CREATE TABLE, keys and indexes of all tables of a project and its modules, except `managedMigration: false`.

    Every definition's `app` is its package's name. Starts a process, about a second. Raises SqlError.
    """
    with tempfile.TemporaryDirectory(prefix="podium-sql-") as folder:
        for name, text in (django_app.starters(protocol) | django_app.emit(protocol, typed=False)).items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(
            [sys.executable, "-m", "podium.codegen.ddl", folder, *django_app.packages(protocol)],
            cwd=PACKAGES,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode:
        raise SqlError(done.stderr.strip())
    return done.stdout
