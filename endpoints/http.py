"""uvicorn's HTTP protocol with limits: what a stranger may send, how slowly, and what of it is kept.

uvicorn takes it as `--http endpoints.http:Protocol`. An answer that comes before the request has ended reaches the
client: the rest of the request is read and thrown away, since closing at once would reset the connection under it.
Reads no Django setting at import: uvicorn imports it before the application.
"""

from __future__ import annotations

import asyncio
import math
from functools import cache
from http import HTTPStatus
from typing import Any

import httptools

# uvicorn's own rule of which addresses are proxies (FORWARDED_ALLOW_IPS); a second one would differ some day.
from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from endpoints import connections
from endpoints.addresses import networks
from endpoints.conf import conf
from endpoints.connections import Taking

URL_BYTES = 16 * 1024
HEADERS = 128
PIPELINED = 16
"""Requests of one connection that wait for the one before them; no client in use sends any."""
LINGER_BYTES = 512 * 1024 * 1024
LINGER_PAUSE_SECONDS = 5.0
"""A client that sends nothing of the rest for so long, or less than ENDPOINTS_MIN_RATE, is not waited for."""
STILL_SECONDS = 0.5
"""A client that has sent nothing for so long is not sending just now."""


class Refused(Exception):
    """The request breaks a limit. status: of the answer."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(status.phrase)


class Protocol(HttpToolsProtocol):
    """One connection. It is idle, receives a head, has a request in progress, or lingers: reads what nobody wants."""

    network = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.since = 0.0
        self.until = math.inf  # when the state must have been left; a request in progress may take its time
        self.in_head = False
        self.may_be_large = False  # the head: it did not come at once, or with much else
        self.upgrades = False
        self.fruitless = 0  # bytes since the last that began a request or belonged to a body
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
        """The address whose connections count together; "" for a proxy, whose connections are of many clients."""
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
        """Close what stands still: a head or a rest that does not come, an answer that nobody takes."""
        all_written = not self.in_progress or self.flow.write_paused or self.transport.is_closing()
        if all_written and self.taking.is_stuck(self.transport, now):
            self.logger.info("%s took nothing of its answer and is closed", self.client)
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
        """As uvicorn's; what comes after a refusal is not looked at."""
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
            if self.in_progress:  # the answer to a request before this one would go into the other protocol
                raise Refused(HTTPStatus.BAD_REQUEST)
            self.scope["method"] = self.parser.get_method().decode("ascii")
            return
        super().on_headers_complete()
        self.cycle.transport = self  # type: ignore[assignment]  # whose write, close and is_closing are below
        self.headers = []  # for trailers, which uvicorn would add to the headers that the application has

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
        """To a WebSocket, or not at all: then the request is read again as if it had not asked for it.

        The parser does not read the body of a request that asks for another protocol, and takes it for the next one.
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
        """Called by the cycle whose answer is the last: wait for what is still to come of its request."""
        if self._is_unread():
            self.closes_then = True
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Called by the cycle whose answer is whole."""
        self.since = self.loop.time()
        if self._is_unread():
            self._linger()
        else:
            super().on_response_complete()

    def _is_unread(self) -> bool:
        """True if a request was answered that has not ended. No other request can have begun after it."""
        return not self.pipeline and self.cycle.response_complete and self.cycle.more_body

    def _linger(self, *, ends: bool = False) -> None:
        """ends: nothing that follows would be answered; else the client learns so when it has sent nothing for a while.

        Some clients do not read an answer when the connection ends while they are sending.
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
        """Answer what can't be read as a request, unless there is an answer already, and read on without looking."""
        self.refused = True
        if self.in_progress and not self.cycle.more_body:
            self.cycle.keep_alive = False  # that request is whole; only what came after it is not
            return
        if self.in_progress:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.cycle.response_started or self.pipeline:
                self.transport.close()
                return
        if not self.lingering and not self.transport.is_closing():
            self.transport.write(_page(status))
        self._linger(ends=not self.lingering)


@cache
def _proxies(allowed: str) -> _TrustedHosts:
    return _TrustedHosts(allowed)


def _page(status: HTTPStatus) -> bytes:
    text = f"{status.phrase}.\n".encode()
    head = (
        b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
        % len(text)
    )
    return STATUS_LINE[status] + head + text
