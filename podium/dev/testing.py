"""The environment of a test run: a separate database, cache, broker, and folder for files and mail. No Django.

config/settings.py calls `enter` before it reads the environment. So tests, even `cache.clear()`, cannot affect the
development set-up or a production server whose addresses are in the environment.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from podium.dev import paths

REDIS_DATABASE = 15
"""The tests' database: the last of the 16 in Redis and Valkey. The workers of pytest-xdist use those before it."""
PREFIX = "test_"
"""Prefix of the database's name, the same that Django uses for test databases."""
UNSET = ("FILES_URL", "EMAIL_URL", "CAPTCHA_BACKENDS", "HUMAN_CHECK", "SMS_BACKEND")
"""Settings that reach other machines: storage, mail, text messages, CAPTCHAs (HUMAN_CHECK is the old name)."""

_entered = False


def enter() -> bool:
    """Return whether this process belongs to a test run. The run's first process changes the environment.

    A test run is pytest, the command `test`, or any process with PODIUM_TESTING=1. Its child processes inherit the
    environment. Each worker of pytest-xdist starts a separate test run, so that the workers share nothing.
    """
    given, worker = os.environ.get("PODIUM_TESTING", ""), os.environ.get("PYTEST_XDIST_WORKER", "")
    if given.startswith("/") and given.endswith(worker):
        return True
    if not given and "PYTEST_VERSION" not in os.environ and sys.argv[1:2] != ["test"]:
        return False
    global _entered
    _entered = True
    made = tempfile.mkdtemp(prefix="podium-test-", suffix=f"-{worker}" if worker else "")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ["PODIUM_TESTING"] = made
    os.environ["MEDIA_ROOT"] = f"{made}/media"
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    number = REDIS_DATABASE - (int(worker.removeprefix("gw")) + 1 if worker else 0)
    os.environ["REDIS_URL"] = redis_url(os.environ.get("REDIS_URL") or paths.redis_url(), number)
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{database_name(parts.path[1:])}"))
    return True


def is_runner() -> bool:
    """Return whether the tests run in this process, rather than in a process that started it."""
    return bool(folder()) and (_entered or "pytest" in sys.modules)


def folder() -> Path | None:
    """The folder for a test run's files and mail; None outside a test run. Deleted when the run ends."""
    made = os.environ.get("PODIUM_TESTING", "")
    return Path(made) if made.startswith("/") else None


def run_name() -> str:
    """Return a name that is unique to this run and, with pytest-xdist, to this worker."""
    return Path(os.environ["PODIUM_TESTING"]).name


def database_name(name: str) -> str:
    return name if name.startswith(PREFIX) else PREFIX + name


def redis_url(url: str, database: int = REDIS_DATABASE) -> str:
    """The address of the tests' database on the same server."""
    if url.startswith("unix://"):  # urlunsplit can't rebuild these
        path, _, query = url.partition("?")
        return f"{path}?{urlencode({**parse_qs(query), 'db': database}, doseq=True)}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
