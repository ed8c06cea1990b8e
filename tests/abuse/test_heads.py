"""Request lines and headers: too many, too long, too slow, and those intended to be taken for another request."""

from __future__ import annotations

import json
import time

import pytest

from tests.abuse import raw
from tests.processes import Server

pytestmark = pytest.mark.slow

MANY_SECONDS = 20
"""The limit for a head is 3 s in these tests."""


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        pytest.param([b"x: " + b"a" * 65536] * 400, 431, id="one header of 26 MB"),
        pytest.param([b"a:b\r\n" * 10_000] * 100, 431, id="a million tiny lines"),
        pytest.param([b"cookie: " + b"a" * 8000 + b"\r\n"] * 1000, 431, id="a thousand cookies"),
    ],
)
def test_headers_without_an_end_are_refused(server: Server, pieces: list[bytes], status: int) -> None:
    with raw.connect(server) as client:
        sent = raw.send(client, [b"GET /livez HTTP/1.1\r\nhost: localhost\r\n", *pieces])
        if sent == sum(map(len, pieces)) + 40:
            assert raw.is_readable(client, MANY_SECONDS)
        assert raw.status_of(raw.read_all(client)) in (status, 0)
    raw.hello(server)


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        ("GET /livez", ["x: " + "a" * 70_000], 431),
        ("GET /livez", [f"x{number}: a" for number in range(200)], 431),
        ("GET /" + "a" * 20_000, [], 414),
        ("GET /livez?" + "a" * 20_000, [], 414),
        ("POST /open/length", ["content-length: 3", "content-length: 4"], 400),
        ("POST /open/length", ["content-length: 3", "transfer-encoding: chunked"], 400),
        ("POST /open/length", ["content-length: " + "9" * 40], 400),
        ("POST /open/length", ["content-length: -1"], 400),
        ("POST /open/length", ["content-length: 99999999999999999"], 413),
        ("POST /open/length", ["transfer-encoding: gzip"], 400),
        ("CONNECT example.com:443", [], 501),
        ("GET /livez", [f"x{number}: a" for number in range(100)], 200),
        ("GET /livez", ["cookie: " + "a" * 30_000], 200),
    ],
)
def test_a_head_is_answered_or_refused(server: Server, line: str, headers: list[str], status: int) -> None:
    assert raw.ask(server, raw.head(line, *headers))[0] == status


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64), id="HTTP/2"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), id="TLS"),
        pytest.param(b"\x00" * 1000, id="zeros"),
        pytest.param(b"HELO example.com\r\n", id="SMTP"),
    ],
)
def test_other_protocols_are_refused_at_once(server: Server, data: bytes) -> None:
    with raw.connect(server) as client:
        raw.send(client, [data])
        assert raw.status_of(raw.read_all(client)) == 400


@pytest.mark.parametrize(
    ("begin", "data", "each", "answer"),
    [
        pytest.param(b"", b"", 1, 0, id="nothing"),
        pytest.param(b"GET /livez HTTP/1.1\r\nhost: loc", b"", 1, 408, id="half a head"),
        pytest.param(b"", b"GET /livez HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 100, 1, 408, id="drops"),
        pytest.param(b"", b"\r\n" * 100, 2, 0, id="empty lines"),
    ],
)
def test_a_head_that_does_not_come_is_not_waited_for(
    server: Server, begin: bytes, data: bytes, each: int, answer: int
) -> None:
    with raw.connect(server) as client:
        started = time.monotonic()
        raw.send(client, [begin] if begin else [])
        raw.drip(client, data, each=each, pause=0.5)
        assert raw.status_of(raw.read_all(client)) == answer
        assert time.monotonic() - started < MANY_SECONDS


def test_nor_is_one_on_a_connection_that_was_used(server: Server) -> None:
    with raw.connect(server) as client:
        raw.send(client, [raw.head("GET /livez")])
        assert raw.read_answer(client)[0] == 200
        started = time.monotonic()
        raw.drip(client, b"GET /livez HTTP/1.1\r\n" + b"x: a\r\n" * 100, each=1, pause=0.5)
        assert raw.status_of(raw.read_all(client)) == 408
        assert time.monotonic() - started < MANY_SECONDS


def test_trailers_are_no_headers(server: Server) -> None:
    body = b"3\r\nabc\r\n0\r\nx-real-ip: 6.6.6.6\r\nauthorization: Bearer member\r\n\r\n"
    status, text = raw.ask(server, raw.head("POST /strangers/headers", "transfer-encoding: chunked") + body)
    assert status == 200
    seen = {name.lower() for name in json.loads(text)}
    assert "x-real-ip" not in seen and "authorization" not in seen


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b"3;" + b"a" * 60_000] + [b"a" * 60_000] * 300, id="a chunk's extension of 18 MB"),
        pytest.param([b"3\r\nabc\r\n0\r\n"] + [b"a:b\r\n" * 10_000] * 300, id="trailers of 15 MB"),
        pytest.param([b"3\r\nabc\r\n0\r\nx: "] + [b"a" * 60_000] * 300, id="a trailer of 18 MB"),
    ],
)
def test_chunks_with_much_around_them_are_refused(server: Server, pieces: list[bytes]) -> None:
    with raw.connect(server) as client:
        raw.send(client, [raw.head("POST /strangers/headers", "transfer-encoding: chunked"), *pieces])
        assert raw.status_of(raw.read_all(client)) in (431, 0)
    raw.hello(server)


@pytest.mark.parametrize("length", [True, False])
def test_a_body_of_a_request_for_another_protocol_is_not_a_request(server: Server, length: bool) -> None:
    """As Java's client sends it: it offers to upgrade to HTTP/2, and accepts HTTP/1.1."""
    hidden = raw.head("POST /open/length", "content-length: 15") + b'{"text": "abc"}'
    frame = f"content-length: {len(hidden)}" if length else "transfer-encoding: chunked"
    body = hidden if length else b"%x\r\n%s\r\n0\r\n\r\n" % (len(hidden), hidden)
    first = raw.head("POST /strangers/headers", "connection: Upgrade, HTTP2-Settings", "upgrade: h2c", frame)
    with raw.connect(server) as client:
        raw.send(client, [first])
        time.sleep(0.3)
        raw.send(client, [body])
        status, text = raw.read_answer(client)
        assert (status, json.loads(text)["size"]) == (200, len(hidden))
        assert not raw.is_readable(client, 1)


def test_requests_in_a_row_are_answered_in_their_order(server: Server) -> None:
    bodies = [b'{"text": "%s"}' % (b"a" * size) for size in range(5)]
    requests = [raw.head("POST /open/length", f"content-length: {len(body)}") + body for body in bodies]
    with raw.connect(server) as client:
        raw.send(client, [b"".join(requests)])
        received = b""
        while received.count(b"HTTP/1.1 200") < 5 or not received.endswith(b"4"):
            received += client.recv(65536)
        assert [part[-1:] for part in received.split(b"HTTP/1.1 200")[1:]] == [b"0", b"1", b"2", b"3", b"4"]


def test_thousands_of_requests_in_a_row_are_not_kept(server: Server) -> None:
    with raw.connect(server) as client:
        raw.send(client, [raw.head("GET /livez") * 20_000])
        assert raw.read_all(client).count(b"HTTP/1.1 200") <= 20
    raw.hello(server)


def test_a_client_that_closes_its_half_is_closed(server: Server) -> None:
    with raw.connect(server) as client:
        raw.send(client, [b"GET /livez HTTP/1.1\r\n"])
        client.shutdown(1)
        raw.read_all(client)
