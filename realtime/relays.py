"""Relays: streams that hand on channels as they come. An async iterator to all; the carrier of streams knows it."""

from __future__ import annotations

from typing import Any

from realtime import hub
from realtime.hub import PassOn, Subscription


class Relay:
    """The values of channels, from the first that is asked for until it is closed.

    pass_on  may be set before: it takes values in place of the reader, who gets what it does not take
    """

    __slots__ = ("_names", "_subscription", "pass_on")

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._subscription: Subscription | None = None
        self.pass_on: PassOn | None = None

    def __aiter__(self) -> Relay:
        return self

    async def __anext__(self) -> Any:
        """The next value. Raises BusUnavailable, SubscriberTooSlow."""
        if self._subscription is None:
            self._subscription = await hub.current().subscribe(*self._names, pass_on=self.pass_on)
        return await anext(self._subscription)

    async def aclose(self) -> None:
        """Read no more."""
        if self._subscription is not None:
            hub.current().unsubscribe(self._subscription)
