"""The caller, and the object that each method receives: the call it answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from podium.core import clock, observe
from podium.endpoints.errors import NotSignedIn
from podium.endpoints.rates import Usage

logger = logging.getLogger("podium.calls")


class CredentialExpired(NotSignedIn):
    """The access token has expired. Get another with the refresh token."""

    code = "endpoints.credential_expired"

    def __init__(self, identity: Identity) -> None:
        """identity: the sign-in that the token belongs to. It has not ended, so the client can renew the token."""
        super().__init__()
        self.identity = identity


NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller.

    user_id     the user's key as text
    token_id    the credential used, so that it alone can be revoked
    expires_at  the time when it expires, which ends the streams that run on it; None: never
    unfinished  the user must set up a second factor first: only methods marked @unfinished_allowed can be called
    operator    the key of the operator acting as the user, for example to see what they see; "" for the user themselves
    api_key     the name of the API key that a program calls with, as the user who owns it; its id is `token_id`; "":
                not an API key
    """

    user_id: str
    scopes: frozenset[str] = frozenset()
    token_id: str = ""
    expires_at: datetime | None = None
    operator: str = ""
    unfinished: bool = False
    api_key: str = ""

    def note_in(self, span: observe.Span) -> None:
        """Record the caller."""
        span.user_id = self.user_id
        line = ""
        if self.operator:
            line = f"The operator {self.operator} called as this user."
        elif self.api_key:
            line = f"Called with the API key {self.api_key!r} ({self.token_id})."
        if line:
            span.logs.append(observe.LogLine(clock.now(), logging.INFO, line))


class Call:
    """A call or a stream, as its method sees it.

    endpoint, method  as on the wire, without the endpoint's module: "notes", "listNotes"
    identity          the caller; None if nobody is signed in
    headers           of the request, names in lower case
    address           the client's IP address, "" if there is none
    closing           the callbacks of on_close; None if there are none
    usage             what is left of the method's quotas, once they are counted
    """

    __slots__ = ("address", "closing", "endpoint", "headers", "identity", "method", "usage")

    def __init__(
        self,
        endpoint: str,
        method: str,
        identity: Identity | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
        address: str = "",
    ) -> None:
        self.endpoint = endpoint
        self.method = method
        self.identity = identity
        self.headers = headers
        self.address = address
        self.closing: list[Callable[[], Any]] | None = None
        self.usage: Sequence[Usage] = ()

    @property
    def user_id(self) -> str:
        """The signed-in user's key. Raises NotSignedIn (401) if nobody is signed in."""
        if self.identity is None:
            raise NotSignedIn
        return self.identity.user_id

    def on_close(self, callback: Callable[[], Any]) -> None:
        """Register a callback for the end of the method or stream, whether it succeeds or fails.

        Callbacks run in the order of registration, before the client has its answer: plain functions on a thread, async
        ones on the event loop. A failure is logged; the other callbacks still run, and the answer is unchanged.
        """
        self.closing = [*(self.closing or ()), callback]

    def log(self, message: str, level: int = logging.INFO) -> None:
        """Log a line for this call: in its span, which monitoring keeps, and in the log "podium.calls"."""
        span = observe.current()
        if span is not None:
            span.logs.append(observe.LogLine(clock.now(), level, message))
        logger.log(level, "%s.%s: %s", self.endpoint, self.method, message)
