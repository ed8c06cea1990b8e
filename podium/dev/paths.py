"""The paths of development: the folder .podium/, and the sockets of the private Postgres and Valkey. No Django.

A Unix socket's path may have about 100 characters, so sockets are in a folder with a short path.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

from podium.core.project import ROOT as PROJECT

DATABASE_USER = "podium"
DATABASE_NAME = "podium"
ADMIN_EMAIL = "admin@example.com"
"""The admin account that `dev` creates."""


def folder() -> Path:
    """.podium/ in the project: all data of development; deleting it starts from scratch."""
    return PROJECT / ".podium"


@cache
def name() -> str:
    """A short name of this .podium/, created with it: a new .podium/ never uses an old one's data or sockets."""
    kept = folder() / "name"
    if not kept.exists():
        folder().mkdir(exist_ok=True)
        draft = folder() / f"name.{os.getpid()}"
        draft.write_text(f"podium-{secrets.token_hex(4)}")
        with contextlib.suppress(FileExistsError):  # another command was first: use its name
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text()


def sockets() -> Path:
    """The folder of the sockets. podium.dev.services creates it, closed to other users."""
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
