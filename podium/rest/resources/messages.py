"""A request to a generated resource and its answer, as both entries give and get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from podium.access.callers import Caller, caller
from podium.endpoints.calls import Call

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    method  "GET"; HEAD is GET
    path    as sent, without the query
    key     the text of a row's key; None for the resource
    query   the query string as it was sent
    call    the caller, the headers with names in lower case, and the address
    """

    method: str
    path: str
    key: str | None
    query: bytes
    call: Call
    body: bytes = b""

    @property
    def by(self) -> Caller | None:
        return caller(self.call)

    @property
    def headers(self) -> Mapping[str, str]:
        return self.call.headers


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. A body is JSON; there is none with 204 and 304."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
