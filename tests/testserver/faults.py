"""Errors of methods that are not declared exceptions."""

from __future__ import annotations

from podium.core.errors import PodiumError


class NotBuilt(PodiumError):
    """The server has nothing that could answer this."""

    status = 501
    code = "testserver.not_built"


class NoSuchRow(PodiumError):
    """There is no such row."""

    status = 404
    code = "testserver.no_such_row"


class TooMany(PodiumError):
    """One call can't ask for that many."""

    status = 400
    code = "testserver.too_many"
