"""A small project with one app `shop` and a separate database, for tests of commands that change both."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from podium.schema.generate import generate
from tests import preloaded

PODIUM = Path(__file__).resolve().parent.parent.parent
SETTINGS = """\
from pathlib import Path

BASE_DIR = Path({folder!r})
INSTALLED_APPS = ["podium.database", {apps}]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", {address}}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""


@dataclass
class Shop:
    folder: Path
    database: psycopg.Connection[Any]

    def __post_init__(self) -> None:
        app = self.folder / "shop"
        app.mkdir()
        (app / "__init__.py").touch()
        (app / "models.py").write_text("from .protocol import *\n")
        (app / "apps.py").write_text(
            "from django.apps import AppConfig\n\n\nclass ShopConfig(AppConfig):\n    name = 'shop'\n"
        )
        self.install("shop")

    def install(self, *apps: str, user: str = "") -> None:
        info = self.database.info
        given = {
            "NAME": info.dbname,
            "USER": user or info.user,
            "HOST": info.host,
            "PORT": info.port,
            "PASSWORD": info.password,
        }
        address = ", ".join(f"{name!r}: {str(value)!r}" for name, value in given.items())
        text = SETTINGS.format(folder=str(self.folder), apps=", ".join(map(repr, apps)), address=address)
        (self.folder / "shop_settings.py").write_text(text)

    def define(self, **models: str) -> None:
        """Write exactly these model files: note="title: String" is class Note with table note."""
        for path in (self.folder / "shop").glob("*.spy.yaml"):
            path.unlink()
        for name, text in models.items():
            is_whole = text.startswith(("class:", "enum:"))
            lines = text if is_whole else f"class: {name.title()}\ntable: {name}\nfields:\n{text}"
            (self.folder / "shop" / f"{name}.spy.yaml").write_text(lines)
        assert generate(self.folder).faults == []

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": f"{self.folder}{os.pathsep}{PODIUM}"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command without a terminal."""
        return subprocess.Popen(
            [sys.executable, *command(arguments)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, *arguments: str, stdin: str = os.devnull) -> subprocess.CompletedProcess[str]:
        """Run a command to its end. stdin: the path of a file or a terminal."""
        return preloaded.run(
            command(arguments), folder=self.folder, environment=self.environment, stdin=stdin
        )

    def answer(self, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command at a terminal, with this input."""
        mine, its = pty.openpty()
        try:
            os.write(mine, text.encode())
            return self.run(*arguments, stdin=os.ttyname(its))
        finally:
            os.close(mine)
            os.close(its)

    def succeed(self, *arguments: str) -> str:
        """The output of a command that must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def migrate(self, **models: str) -> None:
        """Define these models and migrate the database to them, even if data is lost."""
        self.define(**models)
        self.succeed("makemigrations", "shop", "--force", "--noinput")
        self.succeed("migrate")

    def migrations(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "shop" / "migrations").glob("0*.py"))

    def execute(self, query: str) -> list[Any]:
        """Run SQL and commit; the rows, if any."""
        with self.database.transaction():
            cursor = self.database.execute(sql.SQL(query))
            return cursor.fetchall() if cursor.description else []


def command(arguments: Sequence[str]) -> list[str]:
    return ["-m", "django", *arguments, "--settings=shop_settings"]
