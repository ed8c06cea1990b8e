"""Client addresses as written by proxies: each has one canonical form, in any notation."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from podium.endpoints import addresses, asgi

PEER = "10.0.0.9"
WRITTEN = {
    "192.0.2.1": "192.0.2.1",
    " 192.0.2.1\t": "192.0.2.1",
    "192.0.2.1:5678": "192.0.2.1",
    "192.0.2.1:": "192.0.2.1",
    "192.0.2.1:_port": "192.0.2.1",
    '"192.0.2.1:5678"': "192.0.2.1",
    "2001:db8::1": "2001:db8::1",
    "2001:DB8:0:0::0001": "2001:db8::1",
    "[2001:db8::1]": "2001:db8::1",
    "[2001:db8::1]:443": "2001:db8::1",
    '"[2001:db8::1]:443"': "2001:db8::1",
    "fe80::1%eth0": "fe80::1",
    "[fe80::1%25eth0]:80": "fe80::1",
    "::ffff:192.0.2.1": "192.0.2.1",
    "[::ffff:c000:201]:443": "192.0.2.1",
    "for=192.0.2.1": "192.0.2.1",
    'For="[2001:db8::1]:1"': "2001:db8::1",
    'proto=https;for="192.0.2.1:5678";by=203.0.113.1': "192.0.2.1",
}
NONE = [
    *["", " ", ",", "unknown", "_hidden", "_SEVKISEK", "for=unknown", 'for="_gazonk"', "proto=https", "for="],
    *["localhost", "192.0.2", "192.0.2.1.1", "192.0.2.256", "192.0.02.1", "1:2:3", "[2001:db8::1", "[]:80"],
    *[
        "192.0.2.1:80:81",
        "192.0.2.1 192.0.2.2",
        "192.0.2.1\n",
        "\u0661.0.2.1",
        "\0",
        "é",
        "9" * 10_000,
        "[" * 10_000,
    ],
    *["%", "[%]:1", "::1::", "2001:db8::1%" + "e" * 200],
]


@pytest.mark.parametrize("text", WRITTEN)
def test_an_address_is_read_in_any_notation(text: str) -> None:
    assert addresses.parse(text) == WRITTEN[text]


@pytest.mark.parametrize("text", [each for each in NONE if each != "192.0.2.1\n"])
def test_other_texts_are_not_addresses(text: str) -> None:
    assert addresses.parse(text) == ""


def by_scope(*lines: str) -> str:
    headers = [(b"x-forwarded-for", line.encode("latin-1", "replace")) for line in lines]
    return addresses.client_address({"client": (PEER, 1), "headers": headers})


def by_page(*lines: str) -> str:
    request = RequestFactory(REMOTE_ADDR=PEER).get("/", headers={"X-Forwarded-For": ",".join(lines)})
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    addresses.middleware(page)(request)
    return seen[0]


@pytest.mark.parametrize("of", [by_scope, by_page])
@pytest.mark.parametrize("text", [*WRITTEN, *NONE])
def test_calls_sockets_and_pages_read_the_same(of: Any, text: str, settings: Any) -> None:
    """Anything that is not an address counts as the proxy's, so many connections with it count as one client's."""
    assert of(text) == PEER
    settings.ENDPOINTS_TRUSTED_PROXIES = 1
    if text not in ("", ",") and "\n" not in text:
        assert of(text) == (WRITTEN.get(text) or PEER)
        assert of("6.6.6.6", text) == (WRITTEN.get(text) or PEER)


@pytest.mark.parametrize("of", [by_scope, by_page])
def test_entries_by_the_client_never_count(of: Any, settings: Any) -> None:
    settings.ENDPOINTS_TRUSTED_PROXIES = 2
    assert of("6.6.6.6, 192.0.2.1:1, 198.51.100.1:2") == "192.0.2.1"
    assert of("6.6.6.6", "192.0.2.1:1", "198.51.100.1:2") == "192.0.2.1"
    assert of('6.6.6.6, "', "192.0.2.1", "198.51.100.1") == "192.0.2.1"
    assert (
        of("6.6.6.6, , 198.51.100.1") == PEER
    )  # the outer proxy wrote nothing; the entry before it is the client's
    assert of("192.0.2.1:1") == "192.0.2.1"  # the request bypassed the outer proxy


@pytest.mark.parametrize(
    ("peer", "address"),
    [("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::1"), ("unknown", ""), ("", "")],
)
def test_the_peer_address_is_normalized_too(peer: str, address: str) -> None:
    assert addresses.client_address({"client": (peer, 1), "headers": []}) == address


def test_a_server_on_a_unix_socket_has_no_address() -> None:
    assert addresses.client_address({"client": None, "headers": []}) == ""


def test_another_header_is_read_if_the_settings_say_so(settings: Any) -> None:
    settings.ENDPOINTS_TRUSTED_PROXIES = 1
    settings.ENDPOINTS_PROXY_HEADER = "Forwarded"
    headers = [(b"x-forwarded-for", b"6.6.6.6"), (b"forwarded", b'for=7.7.7.7, for="[2001:db8::1]:4711"')]
    assert addresses.client_address({"client": (PEER, 1), "headers": headers}) == "2001:db8::1"


def test_limits_count_lines_and_customers() -> None:
    assert addresses.networks("192.0.2.1") == addresses.networks("::ffff:192.0.2.1") == ("192.0.2.1", "")
    line, site = addresses.networks("2001:db8:1:2::1")
    assert (line, site) == addresses.networks("2001:db8:1:2:ffff::9")
    assert addresses.networks("2001:db8:1:3::1") == (addresses.networks("2001:db8:1:3::")[0], site)
    assert addresses.networks("2001:db8:1:3::1")[0] != line
    assert addresses.networks("unknown") == addresses.networks("") == ("", "")


def test_a_negative_number_of_proxies_stops_the_server(settings: Any) -> None:
    settings.ENDPOINTS_TRUSTED_PROXIES = -1
    with pytest.raises(ImproperlyConfigured, match="ENDPOINTS_TRUSTED_PROXIES is -1"):
        asgi.check_settings()
