"""uvicorn's HTTP protocol with limits on what strangers may send, how slowly, and how much of it is kept.

uvicorn loads it with `--http podium.endpoints.http:Protocol`. An answer sent before the request has ended reaches the
client: the rest of the request is read and discarded, because closing at once would reset the connection before the
client reads the answer. Reads no Django settings at import, because uvicorn imports it before the application.

Why here: docs/explanation/decisions/0003-limits-in-the-protocols.md.
"""

from __future__ import annotations

import asyncio
import math
from functools import cache
from http import HTTPStatus
from typing import Any

import httptools

# uvicorn's own check for trusted proxies (FORWARDED_ALLOW_IPS); a copy could diverge from it.
from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from podium.endpoints import connections, cors
from podium.endpoints.addresses import networks
from podium.endpoints.conf import conf
from podium.endpoints.connections import Taking

URL_BYTES = 16 * 1024
HEADERS = 128
PIPELINED = 16
"""Pipelined requests of one connection that may wait; clients in use today send none."""
LINGER_BYTES = 512 * 1024 * 1024
LINGER_PAUSE_SECONDS = 5.0
"""While lingering, wait this long for more data, at ENDPOINTS_MIN_RATE or faster."""
STILL_SECONDS = 0.5
"""A client that has sent nothing for this long is considered not to be sending."""


class Refused(Exception):
    """The request exceeds a limit. status: the HTTP status of the answer."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(status.phrase)


class Protocol(HttpToolsProtocol):
    """One connection. States: idle, receiving a head, request in progress, lingering (discarding unread data)."""

    network = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.since = 0.0
        self.until = math.inf  # the deadline of this state; a request in progress has none
        self.in_head = False
        self.may_be_large = False  # the head: it arrived in parts, or together with much other data
        self.upgrades = False
        self.fruitless = 0  # bytes since the last data that started a request or belonged to a body
        self.refused = False
        self.lingering = False
        self.heard_at = 0.0
        self.lingered = self.fresh = 0
        self.linger_until = 0.0
        self.closes_then = False
        self.taking = Taking()

    # The connection -----------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.since = self.loop.time()
        self.until = self.since + conf.HEAD_SECONDS
        self.network = self._network()
        self.write, self.is_closing = transport.write, transport.is_closing
        connections.keep_little(transport)
        if not connections.add(self):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        connections.remove(self)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def _network(self) -> str:
        """The key for counting connections by address; "" for proxies, whose connections belong to many clients."""
        address = self.client[0] if self.client else ""
        allowed = self.config.forwarded_allow_ips
        by_proxy = address in _proxies(allowed if isinstance(allowed, str) else ",".join(allowed))
        return "" if not address or by_proxy or conf.TRUSTED_PROXIES else networks(address)[0]

    @property
    def in_progress(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def waiting_since(self) -> float:
        return math.inf if self.in_progress else self.since

    def look_after(self, now: float) -> None:
        """Close a connection that makes no progress: no head, no rest of a request, or an answer that is not read."""
        all_written = not self.in_progress or self.flow.write_paused or self.transport.is_closing()
        if all_written and self.taking.is_stuck(self.transport, now):
            self.logger.info("%s does not read its answer; closing the connection", self.client)
            self.transport.abort()
        elif now > self.until and (self.lingering or not self.in_progress):
            if self.in_head and not self.lingering:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT)
            else:
                self.transport.close()

    def resume_writing(self) -> None:
        self.taking.moved()
        super().resume_writing()

    # The request --------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Like uvicorn's, but ignores everything after a refusal."""
        self._unset_keepalive_if_required()
        self.heard_at = self.loop.time()
        if self.lingering:
            self._count_lingered(len(data))
        elif self.until == math.inf and not self.in_progress:
            self.until = self.heard_at + conf.HEAD_SECONDS
        if self.refused:
            return
        self.fruitless += len(data)
        self.may_be_large = self.in_head or len(data) > conf.HEAD_BYTES
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as found:
            self._upgrade(data[found.args[0] :])
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, Refused) else HTTPStatus.BAD_REQUEST)
        else:
            if self.fruitless > conf.HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= PIPELINED or self.transport.is_closing():
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS)
        super().on_message_begin()
        self.in_head = True
        self.fruitless = 0

    def on_headers_complete(self) -> None:
        if len(self.url) > URL_BYTES:
            raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG)
        if len(self.headers) > HEADERS or (self.may_be_large and self._size() > conf.HEAD_BYTES):
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        self.in_head = False
        self.fruitless = 0
        self.until = math.inf
        if self.parser.should_upgrade():
            self.upgrades = True
            if self.in_progress:  # the answer to the earlier request would be sent in the other protocol
                raise Refused(HTTPStatus.BAD_REQUEST)
            self.scope["method"] = self.parser.get_method().decode("ascii")
            return
        super().on_headers_complete()
        self.cycle.transport = self  # type: ignore[assignment]  # it calls write, close and is_closing below
        self.headers = []  # uvicorn would add trailers to the headers that the application already has

    def _size(self) -> int:
        return sum(len(name) + len(value) for name, value in self.headers)

    def on_body(self, body: bytes) -> None:
        self.fruitless = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.fruitless = 0
        if self.upgrades:
            return
        super().on_message_complete()
        if self.lingering:
            self.lingering = False
            self.until = math.inf
            if self.closes_then:
                self.transport.close()
            else:
                super().on_response_complete()

    def _upgrade(self, rest: bytes) -> None:
        """Upgrade to a WebSocket, or parse the request again without its Upgrade header.

        The parser does not read the body of a request that asks for another protocol: it takes it for the next request.
        """
        self.upgrades = False
        if self._should_upgrade():
            connections.remove(self)
            self.handle_websocket_upgrade()
        elif self.scope["method"] == "CONNECT":
            self._refuse(HTTPStatus.NOT_IMPLEMENTED)
        else:
            version = self.parser.get_http_version().encode()
            line = b"%s %s HTTP/%s\r\n" % (self.scope["method"].encode(), self.url, version)
            kept = [b"%s: %s\r\n" % pair for pair in self.headers if pair[0] != b"upgrade"]
            self.parser = httptools.HttpRequestParser(self)
            self.data_received(line + b"".join(kept) + b"\r\n" + rest)

    # The answer ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Called after the connection's last answer: wait for the rest of its request first."""
        if self._is_unread():
            self.closes_then = True
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Called when an answer is complete."""
        self.since = self.loop.time()
        if self._is_unread():
            self._linger()
        else:
            super().on_response_complete()

    def _is_unread(self) -> bool:
        """Return whether an answered request has unread data. No other request can have started after it."""
        return not self.pipeline and self.cycle.response_complete and self.cycle.more_body

    def _linger(self, *, ends: bool = False) -> None:
        """Read and discard the rest of a request.

        ends  no further request will be answered, so end the sending side now, even if the client is still sending

        Some clients do not read an answer if the connection ends while they are sending.
        """
        self.lingering = True
        now = self.loop.time()
        self.until, self.linger_until = now + LINGER_PAUSE_SECONDS, now + conf.LINGER_SECONDS
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if (
            ends or (self.closes_then and now - self.heard_at > STILL_SECONDS)
        ) and self.transport.can_write_eof():
            self.transport.write_eof()

    def _count_lingered(self, size: int) -> None:
        self.lingered += size
        self.fresh += size
        if self.fresh >= LINGER_PAUSE_SECONDS * conf.MIN_RATE:
            self.until, self.fresh = min(self.heard_at + LINGER_PAUSE_SECONDS, self.linger_until), 0
        if self.lingered > LINGER_BYTES:
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer an invalid request, unless it already has an answer. Then read on without parsing."""
        self.refused = True
        if self.in_progress and not self.cycle.more_body:
            self.cycle.keep_alive = False  # that request is complete; only the data after it is invalid
            return
        if self.in_progress:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.cycle.response_started or self.pipeline:
                self.transport.close()
                return
        if not self.lingering and not self.transport.is_closing():
            self.transport.write(_page(status, self._origin()))
        self._linger(ends=not self.lingering)

    def _origin(self) -> str:
        """The Origin header of the refused request, as far as its headers were read."""
        headers = self.scope["headers"] if self.scope else []
        return next((value.decode("latin-1") for name, value in headers if name == b"origin"), "")


@cache
def _proxies(allowed: str) -> _TrustedHosts:
    return _TrustedHosts(allowed)


def _page(status: HTTPStatus, origin: str) -> bytes:
    text = f"{status.phrase}.\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"connection", b"close"),
        (b"content-length", b"%d" % len(text)),
        *cors.of_origin(origin),
    ]
    return STATUS_LINE[status] + b"".join(b"%s: %s\r\n" % pair for pair in headers) + b"\r\n" + text
