"""Sockets without a client library: raw data from strangers, and the server's answers."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from contextlib import suppress

from tests.processes import Server

PATIENCE = 40
"""Seconds after which a test fails: far more than any limit of the server under test."""


def connect(server: Server, *, buffer: int = 0) -> socket.socket:
    """Connect to a server. buffer: bytes that the kernel buffers for a client that does not read; 0: its default."""
    raw = socket.socket()
    if buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    raw.settimeout(PATIENCE)
    raw.connect(("127.0.0.1", server.port))
    return raw


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "host: localhost", *headers, "", ""]).encode()


def send(raw: socket.socket, pieces: Iterable[bytes]) -> int:
    """Send until the server hangs up. Return the number of bytes sent."""
    sent = 0
    with suppress(ConnectionError):
        for piece in pieces:
            raw.sendall(piece)
            sent += len(piece)
    return sent


def drip(raw: socket.socket, data: bytes, *, each: int, pause: float) -> None:
    """Send `each` bytes, pause, and repeat until all is sent, the server answers or it hangs up."""
    for start in range(0, len(data), each):
        if not send(raw, [data[start : start + each]]) or is_readable(raw, pause):
            return


def is_readable(raw: socket.socket, seconds: float) -> bool:
    raw.settimeout(seconds)
    try:
        return raw.recv(1, socket.MSG_PEEK) is not None
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    finally:
        raw.settimeout(PATIENCE)


def read_all(raw: socket.socket) -> bytes:
    """Everything received until the server closes the connection. Raises TimeoutError if it does not."""
    received = b""
    with suppress(ConnectionError):
        while part := raw.recv(65536):
            received += part
    return received


def read_answer(raw: socket.socket) -> tuple[int, bytes]:
    """Status and body of one answer; the connection may stay open. Status 0 if there is no answer."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = raw.recv(65536)
        if not part:
            return 0, received
        received += part
    top, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in top.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        body += raw.recv(65536)
    return int(top.split()[1]), body


def status_of(answer: bytes) -> int:
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def ask(server: Server, data: bytes) -> tuple[int, bytes]:
    """Send one request on a new connection."""
    with connect(server) as raw:
        send(raw, [data])
        return read_answer(raw)


def hello(server: Server) -> float:
    """Make an ordinary call. Return the seconds it took."""
    started = time.monotonic()
    body = b'{"text": "abc"}'
    request = head("POST /open/length", f"content-length: {len(body)}") + body
    assert ask(server, request) == (200, b"3")
    return time.monotonic() - started
