"""Podium for a project that moves over: a checkout with an app of its model files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from podium.schema.definitions import Fault
from podium.schema.generate import generate
from tests import preloaded

PODIUM = Path(__file__).resolve().parent.parent.parent
DRIVER = Path(__file__).parent / "driver.py"
LEFT_OUT = ("example", "tests", "docs", "clients", "benchmarks")
APPS = """\
from django.apps import AppConfig


class Config(AppConfig):
    name = "{app}"
"""
SETTINGS = """\
from podium.settings import *
from podium.settings import INSTALLED_APPS

INSTALLED_APPS += ["{app}"]
"""


def database_url(info: psycopg.ConnectionInfo) -> str:
    """The DATABASE_URL of a connection."""
    password = f":{quote(info.password, safe='')}" if info.password else ""
    return f"postgresql://{info.user}{password}@{quote(info.host, safe='')}:{info.port}/{info.dbname}"


@dataclass
class Checkout:
    """A folder with Podium and the app `app` in it, on the database at `address` (a DATABASE_URL)."""

    folder: Path
    app: str
    address: str

    def __post_init__(self) -> None:
        for path in PODIUM.iterdir():
            if (path / "__init__.py").exists() and path.name not in LEFT_OUT:
                shutil.copytree(path, self.folder / path.name)  # with __pycache__, which saves seconds
        for name in ("manage.py", "pyproject.toml"):
            shutil.copy2(PODIUM / name, self.folder / name)
        (self.folder / "config" / "settings.py").write_text(SETTINGS.format(app=self.app))
        self.write({"__init__.py": "", "models.py": "from .protocol import *\n"})
        self.write({"apps.py": APPS.format(app=self.app)})

    def write(self, files: Mapping[str, str]) -> None:
        """Write files of the app: path -> text."""
        for name, text in files.items():
            path = self.folder / self.app / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def call_modules(self, nicknames: Mapping[str, str]) -> None:
        """Give Podium's modules the names that the project's model files use."""
        lines = [f'{name} = {{ nickname = "{nickname}" }}\n' for name, nickname in nicknames.items()]
        path = self.folder / "pyproject.toml"
        path.write_text(path.read_text() + "\n[tool.podium.modules]\n" + "".join(lines))

    def generate(self) -> list[Fault]:
        """Generate the app's protocol.py from its model files. Returns the faults that prevent it."""
        return [fault for fault in generate(self.folder).faults if fault.severity == "error"]

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py without a terminal. more: additional environment variables."""
        return preloaded.run(
            ["manage.py", *arguments], folder=self.folder, environment={**self.environment, **more}
        )

    def steps(self, *steps: dict[str, Any], **more: str) -> list[Any]:
        """Run commands and requests in sequence: tests/adopt/driver.py. more: additional environment variables."""
        written = self.folder / "steps.json"
        written.write_text(json.dumps(steps))
        environment = {**self.environment, "PYTHONPATH": str(self.folder), **more}
        done = preloaded.run([DRIVER], folder=self.folder, environment=environment, stdin=str(written))
        assert done.returncode == 0, done.stderr
        answers: list[Any] = json.loads(done.stdout)
        return answers

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PODIUM_VENV": "off",
            "DATABASE_URL": self.address,
            "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/9"),
            "SECRET_KEY": "a key for these tests only, of no use anywhere else",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "true",
            "ALLOWED_HOSTS": "*",
        }
