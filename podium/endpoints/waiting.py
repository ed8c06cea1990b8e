"""Unfinished bodies and messages: limits their number, per address and in total.

Reads no Django settings at import, because uvicorn imports it before the application.
"""

from __future__ import annotations

from collections.abc import Callable

from podium.endpoints.conf import conf

GiveUp = Callable[[], None]


class Waiting:
    """Unfinished bodies or messages, oldest first. Exceeding a limit ends the oldest."""

    def __init__(self, of_one: Callable[[], float], in_all: Callable[[], float]) -> None:
        self._of_one, self._in_all = of_one, in_all
        self._owners: dict[GiveUp, str] = {}

    def enter(self, give_up: GiveUp, owner: str) -> None:
        """Add one. give_up: stops waiting for it; called on the event loop, at most once."""
        if give_up in self._owners:
            return
        mine = [each for each, other in self._owners.items() if other == owner]
        if len(mine) >= self._of_one():
            self._end(mine[0])
        elif len(self._owners) >= self._in_all():
            self._end(next(iter(self._owners)))
        self._owners[give_up] = owner

    def leave(self, give_up: GiveUp) -> None:
        """Remove one that is complete or abandoned. Safe to call for one that is not counted."""
        self._owners.pop(give_up, None)

    def _end(self, give_up: GiveUp) -> None:
        del self._owners[give_up]
        give_up()


strangers = Waiting(lambda: conf.BODIES_PER_ADDRESS, lambda: conf.BODIES)
"""Bodies and messages from clients that are not authenticated yet, by address."""
