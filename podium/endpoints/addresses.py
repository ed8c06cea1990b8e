"""Network addresses of clients, read in one place for calls, sockets, pages and REST, and the keys that limits use.

An address is an IP address in canonical form, or "" if unknown. Behind a proxy it comes from a header, which is trusted
only for the entries written by ENDPOINTS_TRUSTED_PROXIES proxies. Sources: RFC 7239 4 and 6; RFC 5952.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from podium.endpoints.conf import conf

LONGEST = 100
"""Maximum characters of an address with port, zone and quotes; longer texts are not addresses."""
WRITTEN = re.compile(
    r"\[(?P<v6>[^\]]*)\](?::[\w.-]*)?"  # [2001:db8::1]:443
    r"|(?P<v4>[\d.]+)(?::[\w.-]*)?"  # 192.0.2.1:443
    r"|(?P<bare>[^\[\]]*)"  # 2001:db8::1
)


def client_address(scope: Mapping[str, Any]) -> str:
    """The client's address, from a request's ASGI scope."""
    peer = scope["client"][0] if scope.get("client") else ""
    if not conf.TRUSTED_PROXIES:
        return parse(peer)
    name = conf.PROXY_HEADER.lower().encode()
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return _beyond_proxies(",".join(lines), peer)


def middleware(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Django middleware: sets REMOTE_ADDR to the client's address, for pages and REST."""

    def resolved(request: HttpRequest) -> HttpResponseBase:
        peer = request.META.get("REMOTE_ADDR") or ""
        header = request.headers.get(conf.PROXY_HEADER, "") if conf.TRUSTED_PROXIES else ""
        request.META["REMOTE_ADDR"] = _beyond_proxies(header, peer)
        return get_response(request)

    return resolved


def _beyond_proxies(header: str, peer: str) -> str:
    """The address that the outermost trusted proxy saw. If it is unknown ("unknown"), use the peer's, a proxy."""
    if not header:
        return parse(peer)
    hops = header.split(",")  # an empty entry counts too; otherwise a client's own entry could take its place
    return parse(hops[-min(conf.TRUSTED_PROXIES, len(hops))]) or parse(peer)


def parse(text: str) -> str:
    """Parse an element of X-Forwarded-For or Forwarded, or a server's peer address; "" if it contains no address.

    The result has no port, quotes or zone. An IPv4 address mapped to IPv6 becomes the IPv4 address.
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
    """The value of `for` in an element of Forwarded; an element of X-Forwarded-For unchanged."""
    if "=" not in element:
        return element
    pairs = [each.partition("=") for each in element.split(";")]
    return next((value for name, _, value in pairs if name.strip().lower() == "for"), "")


@lru_cache(4096)
def networks(address: str) -> tuple[str, str]:
    """The keys under which limits count an address: the network of one internet connection, and of one customer or "".

    With IPv6, a connection has all addresses that share the first 64 bits. A customer may have all that share the first
    48 bits (RFC 6177).
    """
    try:
        packed = ipaddress.ip_address(parse(address)).packed
    except ValueError:
        return "", ""
    if len(packed) == 4:
        return parse(address), ""
    return f"{packed[:8].hex()}/64", f"{packed[:6].hex()}/48"
