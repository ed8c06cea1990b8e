"""Who calls, and the one object that a method is handed: the call it answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from core import clock, observe
from endpoints.errors import NotSignedIn

logger = logging.getLogger("podium.calls")

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls.

    user_id     the user's key as text
    token_id    the credential used, so that it can be ended alone
    expires_at  when that is no longer good, which ends the streams that run on it; None: never
    unfinished  the user must set up a second factor first: only methods marked @unfinished_allowed can be called
    operator    the key of the operator acting as the user, for example to see what they see; "" for the user themselves
    """

    user_id: str
    scopes: frozenset[str] = frozenset()
    token_id: str = ""
    expires_at: datetime | None = None
    operator: str = ""
    unfinished: bool = False

    def note_in(self, span: observe.Span) -> None:
        """Have a record say who called."""
        span.user_id = self.user_id
        if self.operator:
            line = f"Not this person called, but the operator {self.operator} as this person."
            span.logs.append(observe.LogLine(clock.now(), logging.INFO, line))


class Call:
    """One call, or one stream, as its method sees it.

    endpoint, method  as on the wire: "notes", "listNotes"
    identity          who calls; None where nobody is signed in
    headers           of the request, names in lower case
    address           the client's IP address, "" where there is none
    closing           what on_close was given; None where that was nothing
    """

    __slots__ = ("address", "closing", "endpoint", "headers", "identity", "method")

    def __init__(
        self,
        endpoint: str,
        method: str,
        identity: Identity | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        address: str = "",
    ) -> None:
        self.endpoint = endpoint
        self.method = method
        self.identity = identity
        self.headers = headers
        self.address = address
        self.closing: list[Callable[[], Any]] | None = None

    @property
    def user_id(self) -> str:
        """The signed-in user's key. Raises NotSignedIn (401) where nobody is."""
        if self.identity is None:
            raise NotSignedIn
        return self.identity.user_id

    def on_close(self, callback: Callable[[], Any]) -> None:
        """Have something done once the method ended, however it ended; for a stream once that ended.

        Callbacks run in the order they came in, before the client has its answer: plain functions on a thread, async
        ones on the event loop. One that fails is logged; the others run and the answer stands.
        """
        self.closing = [*(self.closing or ()), callback]

    def log(self, message: str, level: int = logging.INFO) -> None:
        """Note a line of this call: in its span, which monitoring keeps, and in the log "podium.calls"."""
        span = observe.current()
        if span is not None:
            span.logs.append(observe.LogLine(clock.now(), level, message))
        logger.log(level, "%s.%s: %s", self.endpoint, self.method, message)
