"""Podium's own modules, serverpod_auth_core and serverpod_auth_idp, as client packages.

python3 -m tests.conformance.own MODULE: the module's Dart client, as JSON of path -> text, from its own model files and
endpoints. In a process of its own, since the endpoints need the project's Django.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from podium.schema import apps, modules, pyproject

ROOT = Path(__file__).resolve().parent.parent.parent
USER_TABLE = "serverpod_auth_core_user"
"""Django's user, which has further columns."""


def has(name: str) -> bool:
    """Return whether a project of the corpus is a module of Podium itself."""
    declared, _ = pyproject.read(ROOT)
    return name in {module.name for module in modules.read(ROOT, declared, apps.of_project(ROOT))[0]}


@cache
def client(name: str) -> dict[str, str]:
    """The files of its Dart client, relative path -> text."""
    done = _run("-m", "tests.conformance.own", name)
    return dict(json.loads(done))


def migrate(address: str, database: str) -> None:
    """Run the project's migrations on an empty database on the server of that address."""
    url = urlunsplit(urlsplit(address)._replace(path=f"/{database}"))
    words = ["-m", "django", "migrate", "--noinput", "--verbosity", "0"]
    _run(*words, "--settings", "tests.conformance.settings", CONFORMANCE_DATABASE=url)


def _run(*words: str, **environment: str) -> str:
    """The output of a Python process, run as in development: DATABASE_URL would require production settings."""
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**own, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def _emit(name: str) -> dict[str, str]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from podium.codegen import dart
    from podium.endpoints import registry
    from podium.schema import project

    loaded, _ = project.load(ROOT)
    endpoints = [one for one in registry.definitions() if one.module == name]
    return dart.emit(loaded.modules[name], endpoints, package=f"{name}_client", version="1.0.0")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_emit(sys.argv[1])))
