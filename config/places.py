"""Where development keeps its things: the folder .podium/, the private Postgres's and Valkey's sockets. No Django.

A Unix socket's path may have about 100 characters, so sockets are in a short folder named after this checkout's path.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATABASE_USER = "podium"


def folder() -> Path:
    """.podium/ in the project: everything that development keeps and that may be deleted to start anew."""
    return PROJECT / ".podium"


def name() -> str:
    """A short name of this checkout, the same at each start."""
    return "podium-" + hashlib.sha256(str(PROJECT).encode()).hexdigest()[:10]


def sockets() -> Path:
    """The folder of the sockets. Made, and closed to others, by config.services."""
    return Path(tempfile.gettempdir()) / f"{name()}-{os.getuid()}"


def database_url() -> str:
    return f"postgresql://{DATABASE_USER}@{str(sockets()).replace('/', '%2F')}/podium"


def redis_url() -> str:
    return f"unix://{sockets()}/valkey.sock"


def celery_url(redis: str) -> str:
    """The address of the broker as Celery spells it: a Unix socket has another scheme there."""
    return redis.replace("unix://", "redis+socket://", 1)
