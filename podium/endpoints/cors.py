"""CORS: which web pages may read an answer. No cookies. https://fetch.spec.whatwg.org/#http-cors-protocol

Every answer has these headers, a refusal too: a browser hides the status and the body of an answer without them. Calls
have those of Serverpod. Reads no Django settings at import (see http.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from podium.endpoints.conf import conf

Headers = list[tuple[bytes, bytes]]

ERROR_CODE = b"x-error-code"
"""The header with the code of an error whose message is the body: "database.conflict"."""
OF_REST = (b"etag", b"link", b"location", b"allow", b"idempotency-replayed")
EXPOSED = frozenset({ERROR_CODE, b"retry-after", b"ratelimit", b"ratelimit-policy", *OF_REST})
"""The headers of answers that scripts of other origins may read."""
CALLED_BY = (b"access-control-allow-methods", b"POST")
HEADER_NAMES = re.compile(r"[\w-]+(?:, ?[\w-]+)*", re.ASCII)
USUAL_HEADERS = "authorization, content-type"
"""Allowed if a preflight doesn't say which headers the call will have."""


def of_origin(origin: str) -> Headers:
    """The headers that let pages of an origin read an answer. origin: the request's Origin header, "" without one."""
    if "*" in conf.ALLOWED_ORIGINS:
        return [(b"access-control-allow-origin", b"*")]
    if origin in conf.ALLOWED_ORIGINS:
        return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")]
    return [(b"vary", b"origin")]


def of_call(headers: Mapping[str, str]) -> Headers:
    """The headers of the answer to a call. headers: of the request, names in lower case."""
    return [*of_origin(headers.get("origin", "")), CALLED_BY]


def exposing(headers: Headers) -> Headers:
    """The header that lets pages read those of `headers` that are for clients; none if there are none."""
    names = [name for name, _ in headers if name in EXPOSED]
    return [(b"access-control-expose-headers", b", ".join(names))] if names else []


def of_preflight(headers: Mapping[str, str]) -> Headers:
    """The headers of the answer to the OPTIONS request that a browser sends before a call."""
    return [*of_call(headers), *_of_preflight(headers)]


def of_resource_preflight(headers: Mapping[str, str], methods: Iterable[str]) -> Headers:
    """The headers of the answer to the OPTIONS request that a browser sends before a REST request."""
    allowed = (b"access-control-allow-methods", ", ".join(methods).encode())
    return [*of_origin(headers.get("origin", "")), allowed, *_of_preflight(headers)]


def _of_preflight(headers: Mapping[str, str]) -> Headers:
    wanted = headers.get("access-control-request-headers", "")
    if not HEADER_NAMES.fullmatch(wanted):
        wanted = USUAL_HEADERS
    return [
        (b"access-control-allow-headers", wanted.encode("latin-1")),
        (b"access-control-max-age", b"600"),
    ]
