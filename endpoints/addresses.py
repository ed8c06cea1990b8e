"""Network addresses of clients, read in one place for calls, sockets, pages and REST, and what limits count them by.

An address is an IP address in its one spelling, or "" where none is known. Behind a proxy it stands in a header, which
counts only as far as ENDPOINTS_TRUSTED_PROXIES proxies wrote it. Sources: RFC 7239 4 and 6; RFC 5952.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from endpoints.conf import conf

LONGEST = 100
"""Characters of an address with port, zone and quotes, at most; what is longer is none."""
WRITTEN = re.compile(
    r"\[(?P<v6>[^\]]*)\](?::[\w.-]*)?"  # [2001:db8::1]:443
    r"|(?P<v4>[\d.]+)(?::[\w.-]*)?"  # 192.0.2.1:443
    r"|(?P<bare>[^\[\]]*)"  # 2001:db8::1
)


def client_address(scope: Mapping[str, Any]) -> str:
    """The address of who sent a request, by its ASGI scope."""
    peer = scope["client"][0] if scope.get("client") else ""
    if not conf.TRUSTED_PROXIES:
        return parse(peer)
    name = conf.PROXY_HEADER.lower().encode()
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return _beyond_proxies(",".join(lines), peer)


def middleware(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Django's middleware: for pages and REST, REMOTE_ADDR is the address of the client."""

    def resolved(request: HttpRequest) -> HttpResponseBase:
        peer = request.META.get("REMOTE_ADDR") or ""
        header = request.headers.get(conf.PROXY_HEADER, "") if conf.TRUSTED_PROXIES else ""
        request.META["REMOTE_ADDR"] = _beyond_proxies(header, peer)
        return get_response(request)

    return resolved


def _beyond_proxies(header: str, peer: str) -> str:
    """What the outermost trusted proxy saw. What it could not tell ("unknown") counts as the peer, a proxy."""
    if not header:
        return parse(peer)
    hops = header.split(",")  # an empty one is a hop too: else what a client wrote could take its place
    return parse(hops[-min(conf.TRUSTED_PROXIES, len(hops))]) or parse(peer)


def parse(text: str) -> str:
    """The address in an element of X-Forwarded-For or Forwarded, or what a server says of its peer; "" for none.

    Without port, quotes and zone; an IPv4 address in IPv6 is that of IPv4.
    """
    return _parse(text) if len(text) <= LONGEST else ""


@lru_cache(4096)
def _parse(text: str) -> str:
    found = WRITTEN.fullmatch(_node(text).strip().strip('"').strip())
    if found is None:
        return ""
    host = found["v6"] or found["v4"] or found["bare"] or ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def _node(element: str) -> str:
    """The value of `for` in an element of Forwarded; one of X-Forwarded-For as it is."""
    if "=" not in element:
        return element
    pairs = [each.partition("=") for each in element.split(";")]
    return next((value for name, _, value in pairs if name.strip().lower() == "for"), "")


@lru_cache(4096)
def networks(address: str) -> tuple[str, str]:
    """What limits count an address by: the network that one line has, and the one that a customer may have, or "".

    Of IPv6 a line has the first 64 bits with all addresses behind them, a customer up to the first 48 (RFC 6177).
    """
    try:
        packed = ipaddress.ip_address(parse(address)).packed
    except ValueError:
        return "", ""
    if len(packed) == 4:
        return parse(address), ""
    return f"{packed[:8].hex()}/64", f"{packed[:6].hex()}/48"
