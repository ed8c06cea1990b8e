"""A database for benchmarks/calls.py, beside the one in DATABASE_URL, with notes and a signed-in user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

PROJECT = Path(__file__).resolve().parent.parent
NOTES = 200


@dataclass(frozen=True)
class Prepared:
    """The database's address, a note's key, and a user's token."""

    environment: dict[str, str]
    note: int
    token: str


def prepare() -> Prepared:
    """Create the database if it is missing, migrate it, and fill it anew."""
    environment = {
        **os.environ,
        "DATABASE_URL": database("podium_benchmarks"),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "false",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "SILENCED_SYSTEM_CHECKS": ",".join(f"podium.E{number:03}" for number in range(1, 12)),
    }
    run = {"cwd": PROJECT, "env": environment, "check": True}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], stdout=sys.stderr, **run)  # type: ignore[call-overload]
    filled = subprocess.run([sys.executable, "-m", "benchmarks.prepare"], stdout=subprocess.PIPE, **run)  # type: ignore[call-overload]
    return Prepared(environment, **json.loads(filled.stdout))


def database(name: str) -> str:
    """The address of a database beside that in DATABASE_URL, created if it is missing."""
    if not (url := os.environ.get("DATABASE_URL")):
        raise SystemExit("Set DATABASE_URL to a Postgres where the benchmarks may create databases.")
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def fill() -> dict[str, int | str]:
    """Fill the database. Needs Django set up."""
    from django.contrib.auth import get_user_model

    from accounts.sessions import sessions
    from tests.notes.models import Note

    Note.objects.all().delete()
    Note.objects.bulk_create(
        Note(title=f"Note {number}", body="What there is to say. " * 4, tags=["a", "b"])
        for number in range(NOTES)
    )
    user, _ = get_user_model().objects.get_or_create(email="benchmark@localhost")
    first = Note.objects.order_by("id").first()
    assert first is not None
    return {"note": first.pk, "token": sessions.issue(user).token}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(fill()))
