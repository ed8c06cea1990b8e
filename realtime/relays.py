"""Relays: streams that forward channels unchanged. Async iterators, which realtime/streams.py sends more directly."""

from __future__ import annotations

from typing import Any

from realtime import hub
from realtime.backpressure import PassOn, Subscription


class Relay:
    """The values of channels, from the first request for a value until it is closed.

    pass_on  can be set before: it handles values instead of the reader, which gets those that it does not handle
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
        """Stop reading."""
        if self._subscription is not None:
            hub.current().unsubscribe(self._subscription)
