"""WebSockets of strangers: endless messages, invalid frames, floods of pings."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import time
import uuid

import psutil
import pytest

from tests.abuse import raw
from tests.processes import Server

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024
LIMIT = 512 * 1024
TEXT, BINARY, CONTINUED, PING, PONG, CLOSE = 0x1, 0x2, 0x0, 0x9, 0xA, 0x8
FINAL = 0x80
HANDSHAKE = (
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
)
MASK = b"\x00\x00\x00\x00"  # masking with zeros changes nothing


def opened(server: Server, *, buffer: int = 0) -> socket.socket:
    client = raw.connect(server, buffer=buffer)
    raw.send(client, [raw.head("GET /v1/websocket", *HANDSHAKE)])
    assert raw.read_answer(client)[0] == 101
    return client


def frame(first: int, payload: bytes = b"", *, size: int | None = None) -> bytes:
    """Build a frame. size: the length in its header, if it differs from the real one."""
    size = len(payload) if size is None else size
    if size < 126:
        head = bytes([first, 0x80 | size])
    elif size < 65536:
        head = bytes([first, 0x80 | 126]) + struct.pack("!H", size)
    else:
        head = bytes([first, 0x80 | 127]) + struct.pack("!Q", size)
    return head + MASK + payload


def close_code(client: socket.socket) -> int:
    """The code in the server's close frame; 0 if it closed the connection without one."""
    received = raw.read_all(client)
    at = received.rfind(bytes([FINAL | CLOSE]))
    return int.from_bytes(received[at + 2 : at + 4], "big") if at >= 0 else 0


def still_answers(client: socket.socket) -> bool:
    raw.send(client, [frame(FINAL | TEXT, b'{"type":"ping"}')])
    received = b""
    while b'{"type":"pong"}' not in received:
        part = client.recv(65536)
        if not part:
            return False
        received += part
    return True


@pytest.mark.parametrize("size", [LIMIT + 1, 15 * MEGABYTE, 2**40, 2**63 - 1])
def test_a_frame_is_refused_by_its_head(server: Server, size: int) -> None:
    with opened(server) as client:
        raw.send(client, [frame(FINAL | TEXT, size=size)])
        assert close_code(client) == 1009


@pytest.mark.parametrize("part", [LIMIT // 4, LIMIT - 10, 10_000])
def test_a_message_in_fragments_is_refused_when_it_is_too_large(server: Server, part: int) -> None:
    with opened(server) as client:
        pieces = [frame(TEXT, b"a" * part), *[frame(CONTINUED, b"a" * part)] * (20 * MEGABYTE // part)]
        assert raw.send(client, pieces)
        assert close_code(client) == 1009


@pytest.mark.parametrize("payload", [b"", b"a"])
def test_a_message_has_so_many_fragments(server: Server, payload: bytes) -> None:
    with opened(server) as client:
        raw.send(client, [frame(TEXT, b"a"), *[frame(CONTINUED, payload) * 1000] * 20])
        assert close_code(client) == 1008


def test_a_message_within_the_limits_is_read(server: Server) -> None:
    with opened(server) as client:
        text = b'{"type":"ping","data":"%s"}' % (b"a" * (LIMIT - 100))
        raw.send(client, [frame(TEXT, text[:100]), frame(CONTINUED, text[100:200])])
        raw.send(client, [frame(FINAL | PING), frame(FINAL | CONTINUED, text[200:])])
        assert still_answers(client)


def test_unfinished_messages_take_little_memory(server: Server) -> None:
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    with contextlib.ExitStack() as stack:
        for _ in range(40):
            client = stack.enter_context(opened(server))
            pieces = [frame(TEXT, b"a" * 100_000), *[frame(CONTINUED, b"a" * 100_000)] * 140]
            raw.send(client, pieces)
        for _ in range(40):
            client = stack.enter_context(opened(server))
            raw.send(client, [frame(FINAL | TEXT, b"a" * 14 * MEGABYTE, size=15 * MEGABYTE)])
        time.sleep(1)
        assert process.memory_info().rss - before < 80 * MEGABYTE
        raw.hello(server)


def test_messages_that_were_read_take_no_memory(server: Server) -> None:
    """Neither do refused messages, nor sockets that are closed."""
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    for kind in ("ping", "unknown"):
        text = b'{"type":"%s","data":"%s"}' % (kind.encode(), b"a" * 500_000)
        half = len(text) // 2
        with contextlib.ExitStack() as stack:
            for number in range(300):
                client = stack.enter_context(opened(server))
                if number % 3:
                    raw.send(client, [frame(FINAL | (TEXT, BINARY)[number % 2], text)])
                else:
                    raw.send(client, [frame(TEXT, text[:half]), frame(FINAL | CONTINUED, text[half:])])
                assert raw.is_readable(client, raw.PATIENCE)
            assert process.memory_info().rss - before < 60 * MEGABYTE, f"{kind}: of 150"
            raw.hello(server)


def test_streams_keep_nothing_of_the_frames_that_opened_them(server: Server) -> None:
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    junk = json.dumps({"junk": "a" * 400_000})
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            client = stack.enter_context(opened(server))
            for _ in range(25):
                head = {"en": "open", "m": "stay", "cid": str(uuid.uuid4()), "args": junk, "is": []}
                raw.send(client, [frame(FINAL | TEXT, json.dumps({"type": "omsc", "data": head}).encode())])
                received = b""
                while b'"msm"' not in received:
                    received += client.recv(65536)
        assert process.memory_info().rss - before < 50 * MEGABYTE, "of 100"


def test_of_an_address_only_so_many_unfinished_messages_are_kept(server: Server) -> None:
    """The limit is 64, the same as for bodies."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(opened(server)) for _ in range(80)]
        for client in clients:
            raw.send(client, [frame(FINAL | TEXT, b"a" * 100_000, size=LIMIT)])
            time.sleep(0.01)
        assert [close_code(client) for client in clients[:16]] == [1013] * 16
        assert not any(raw.is_readable(client, 0.001) for client in clients[40:])


def test_a_message_that_comes_in_drops_is_given_up(server: Server) -> None:
    with opened(server) as client:
        started = time.monotonic()
        raw.drip(client, frame(FINAL | TEXT, b"a" * 1000), each=1, pause=0.3)
        assert close_code(client) == 1008
        assert time.monotonic() - started < 20


def test_a_client_that_is_slow_but_moves_is_waited_for(server: Server) -> None:
    """The message also takes longer than a socket may be silent."""
    with opened(server) as client:
        text = b'{"type":"ping","data":"%s"}' % (b"a" * 20_000)
        raw.drip(client, frame(FINAL | TEXT, text), each=1000, pause=0.5)
        assert still_answers(client)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame(FINAL | 0x40 | TEXT, b"a"), 1002, id="compressed"),
        pytest.param(frame(FINAL | 0x20 | TEXT, b"a"), 1002, id="the second reserved bit"),
        pytest.param(frame(FINAL | 0x10 | TEXT, b"a"), 1002, id="the third reserved bit"),
        pytest.param(frame(FINAL | 0x3, b"a"), 1002, id="an unknown kind"),
        pytest.param(bytes([FINAL | TEXT, 1]) + b"a", 1002, id="no mask"),
        pytest.param(frame(FINAL | CONTINUED, b"a"), 1002, id="a continuation of nothing"),
        pytest.param(frame(TEXT, b"a") + frame(FINAL | TEXT, b"a"), 1002, id="a message in a message"),
        pytest.param(frame(FINAL | PING, b"a" * 126), 1002, id="a long ping"),
        pytest.param(frame(PING, b"a"), 1002, id="half a ping"),
        pytest.param(frame(FINAL | TEXT, b"\xff\xfe"), 1007, id="no UTF-8"),
        pytest.param(frame(FINAL | CLOSE, b"\x00"), 1002, id="a bad close"),
        pytest.param(os.urandom(500_000), None, id="noise"),
    ],
)
def test_frames_that_are_none_close_the_socket(server: Server, data: bytes, code: int | None) -> None:
    with opened(server) as client:
        raw.send(client, [data])
        if code is None:
            raw.send(client, [frame(FINAL | 0x3)] * 100)
        assert close_code(client) == code or code is None
    raw.hello(server)


@pytest.mark.parametrize("kind", [PING, PONG])
def test_a_flood_of_pings_is_ended(server: Server, kind: int) -> None:
    with opened(server) as client:
        started = time.monotonic()
        flood = frame(FINAL | kind) * 10_000
        raw.send(client, [flood] * 200)
        assert close_code(client) in (1008, 0)
        assert time.monotonic() - started < 20
    raw.hello(server)


def test_pings_now_and_then_are_answered(server: Server) -> None:
    with opened(server) as client:
        for _ in range(20):
            raw.send(client, [frame(FINAL | PING, b"abc")])
            assert client.recv(100).startswith(bytes([FINAL | PONG, 3]) + b"abc")
        assert still_answers(client)


def test_pings_do_not_keep_half_a_message_alive(server: Server) -> None:
    with opened(server) as client:
        started = time.monotonic()
        raw.send(client, [frame(TEXT, b"a")])
        while raw.send(client, [frame(FINAL | PING, b"a" * 100) * 20]):
            assert time.monotonic() - started < 20
            time.sleep(0.5)


def test_a_flood_of_messages_waits_for_the_server(server: Server) -> None:
    """Thousands of small messages are read only as fast as they are handled, and others are served meanwhile."""
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    with opened(server, buffer=4096) as client:
        client.settimeout(3)
        flood = frame(FINAL | TEXT, b'{"type":"ping"}') * 10_000
        with contextlib.suppress(TimeoutError):
            raw.send(client, [flood] * 100)
        assert raw.hello(server) < 5
        assert process.memory_info().rss - before < 40 * MEGABYTE


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([f"x{number}: a" for number in range(125)], id="many headers"),
        pytest.param(["cookie: " + "a" * 9000], id="a long header"),
        pytest.param(["content-length: 5"], id="a body"),
    ],
)
def test_a_handshake_that_is_not_taken_is_answered(server: Server, headers: list[str]) -> None:
    with raw.connect(server) as client:
        raw.send(client, [raw.head("GET /v1/websocket", *HANDSHAKE, *headers)])
        assert raw.status_of(raw.read_all(client)) in (400, 431)


def test_half_a_handshake_is_not_waited_for(server: Server) -> None:
    with raw.connect(server) as client:
        raw.send(client, [raw.head("GET /v1/websocket", *HANDSHAKE)[:-4]])
        assert raw.status_of(raw.read_all(client)) == 408


@pytest.mark.parametrize("path", ["/nowhere", "/open/length", "/admin/"])
def test_no_other_path_has_sockets(server: Server, path: str) -> None:
    assert raw.ask(server, raw.head(f"GET {path}", *HANDSHAKE))[0] == 403


def test_a_request_in_front_of_a_handshake_is_not_mixed_with_it(server: Server) -> None:
    body = b'{"seconds": 1}'
    first = raw.head("POST /open/block", f"content-length: {len(body)}") + body
    with raw.connect(server) as client:
        raw.send(client, [first + raw.head("GET /v1/websocket", *HANDSHAKE)])
        answers = raw.read_all(client)
        assert answers.count(b"HTTP/1.1 ") == 1 and b"done" in answers
