"""Where development keeps its things: the folder .podium/, the private Postgres's and Valkey's sockets. No Django.

A Unix socket's path may have about 100 characters, so sockets are in a short folder named after this checkout.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATABASE_USER = "podium"
DATABASE_NAME = "podium"


def folder() -> Path:
    """.podium/ in the project: everything that development keeps; deleting it starts anew."""
    return PROJECT / ".podium"


@cache
def name() -> str:
    """A short name of this .podium/, made with it: a new .podium/ never meets an old one's data or sockets."""
    kept = folder() / "name"
    if not kept.exists():
        folder().mkdir(exist_ok=True)
        draft = folder() / f"name.{os.getpid()}"
        draft.write_text(f"podium-{secrets.token_hex(4)}")
        with contextlib.suppress(FileExistsError):  # another command was first: its name holds
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text()


def sockets() -> Path:
    """The folder of the sockets. Made, and closed to others, by config.services."""
    return Path(tempfile.gettempdir()) / f"{name()}-{os.getuid()}"


def database_url() -> str:
    return f"postgresql://{DATABASE_USER}@{str(sockets()).replace('/', '%2F')}/{DATABASE_NAME}"


def redis_url() -> str:
    return f"unix://{sockets()}/valkey.sock"


def celery_url(redis: str) -> str:
    """The broker's address in Celery's notation: Unix sockets use another scheme and database parameter there."""
    if not redis.startswith("unix://"):
        return redis
    path, _, query = redis.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}" + (f"?{query.replace('db=', 'virtual_host=')}" if query else "")
