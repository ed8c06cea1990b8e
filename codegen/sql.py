"""The Postgres DDL that the migrations of a project's models amount to, as one text. No database is asked.

Django makes it, in a process of its own (codegen.ddl) that has these models and no other.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from codegen import django_app
from schema.definitions import Protocol

PROJECT = Path(__file__).resolve().parent.parent


class SqlError(Exception):
    """Django refuses the models; the text is what it says."""


def emit(protocol: Protocol) -> str:
    """CREATE TABLE, keys and indexes of all tables of a project and its modules, but `managedMigration: false`.

    Every definition's `app` is its package's name. Takes a process, about a second. Raises SqlError.
    """
    with tempfile.TemporaryDirectory(prefix="podium-sql-") as folder:
        for name, text in (django_app.starters(protocol) | django_app.emit(protocol, typed=False)).items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(
            [sys.executable, "-m", "codegen.ddl", folder, *django_app.packages(protocol)],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode:
        raise SqlError(done.stderr.strip())
    return done.stdout
