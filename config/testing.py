"""The environment of a test run: a database, cache, broker, files and mails of its own. No Django.

config/settings.py calls `enter` before it reads the environment. So nothing that a test does reaches the development
set-up, nor a production whose addresses are in the environment: not by mistake, and not with `cache.clear()`.
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

from config import places

REDIS_DATABASE = 15
"""The tests' own, the last of the 16 that Redis and Valkey have. Those of pytest-xdist's workers come before it."""
PREFIX = "test_"
"""Of the database's name, as Django names those that it makes for tests."""
UNSET = ("FILES_URL", "EMAIL_URL", "HUMAN_CHECK", "SMS_BACKEND")
"""What reaches other machines: storages, mails, text messages, CAPTCHAs."""

_entered = False


def enter() -> bool:
    """Whether this process belongs to a test run. The first one of a run changes the environment for all of them.

    It is one where pytest runs, where the command is `test`, or with PODIUM_TESTING=1; its children inherit the rest.
    Each worker of pytest-xdist begins anew, so that no two share anything.
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
    os.environ["REDIS_URL"] = redis_url(os.environ.get("REDIS_URL") or places.redis_url(), number)
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{database_name(parts.path[1:])}"))
    return True


def is_runner() -> bool:
    """Whether the tests run in this process; if not, a test started it."""
    return bool(folder()) and (_entered or "pytest" in sys.modules)


def folder() -> Path | None:
    """Where a test run keeps files and mails; None outside of one. Deleted when it ends."""
    made = os.environ.get("PODIUM_TESTING", "")
    return Path(made) if made.startswith("/") else None


def run_name() -> str:
    """A name that no other run has, nor another worker of this one."""
    return Path(os.environ["PODIUM_TESTING"]).name


def database_name(name: str) -> str:
    return name if name.startswith(PREFIX) else PREFIX + name


def redis_url(url: str, database: int = REDIS_DATABASE) -> str:
    """The same server, another database of it."""
    if url.startswith("unix://"):  # which urlunsplit does not put together again
        path, _, query = url.partition("?")
        return f"{path}?{urlencode({**parse_qs(query), 'db': database}, doseq=True)}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
