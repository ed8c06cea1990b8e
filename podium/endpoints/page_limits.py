"""Body limits that an app sets for its own pages, by path. podium/server/limits.py has the limits of all others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of one request.

    size     bytes
    upload   the id of the upload, or "refused"; its view reports errors itself; "": not an upload
    seconds  for the whole body; None: no limit
    """

    size: int
    upload: str = ""
    seconds: float | None = None


UPLOADS: dict[str, Callable[[str, str], Awaitable[Limit]]] = {}
"""Prefixes of paths that receive bytes by PUT and POST: the limit, by the rest of the path and the announced length
or ""."""

FORMS: list[Callable[[], int]] = []
"""Bytes that forms of the admin with files may have."""


def forms(least: int) -> int:
    """Bytes that a form of the admin may have."""
    return max([least, *(each() for each in FORMS)])
