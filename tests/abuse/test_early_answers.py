"""Answers sent before the request has ended: every client receives them, without a connection reset."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.abuse import raw
from tests.processes import Server

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024
EARLY = [
    ("POST", "/open/length", 413),
    ("POST", "/account/login/", 413),
    ("POST", "/api/notes/", 413),
    ("POST", "/admin/login/", 413),
    ("POST", "/livez", 413),
    ("POST", "/nowhere", 404),
    ("PUT", "/open/length", 405),
    ("PUT", "/uploads/upload/x:y", 404),
    ("GET", "/account/login/", 413),
    ("OPTIONS", "/open/length", 200),
]


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 65536):
        yield bytes(65536)


@pytest.mark.parametrize("length", ["announced", "chunked"])
@pytest.mark.parametrize(("method", "path", "status"), EARLY)
def test_http_client_gets_the_answer(
    server: Server, method: str, path: str, status: int, length: str
) -> None:
    """It reads nothing until it has sent everything; urllib and Dart's HttpClient do the same."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=raw.PATIENCE)
    size = 30 * MEGABYTE
    if length == "announced":
        connection.request(method, path, bytes(size))
    else:
        headers = {"Transfer-Encoding": "chunked"}
        connection.request(method, path, chunks(size), headers=headers, encode_chunked=True)
    with connection.getresponse() as answer:
        assert answer.status == status
        answer.read()
    connection.close()


@pytest.mark.parametrize("size", [600_000, 5 * MEGABYTE, 300 * MEGABYTE])
def test_urllib_gets_a_413(server: Server, size: int) -> None:
    request = urllib.request.Request(f"{server.url}/open/length", bytes(size), method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=raw.PATIENCE)
    assert refused.value.code == 413
    assert b"exceeds the maximum allowed size of 524288 bytes" in refused.value.read()


def test_httpx_gets_a_413(server: Server) -> None:
    answer = httpx.post(f"{server.url}/open/length", content=bytes(20 * MEGABYTE), timeout=raw.PATIENCE)
    assert answer.status_code == 413


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
@pytest.mark.parametrize("stream", ["false", "true"])
def test_fetch_gets_a_413(server: Server, tmp_path: Path, stream: str) -> None:
    script = tmp_path / "fetch.mjs"
    script.write_text(
        f"""
        const large = new Uint8Array({20 * MEGABYTE});
        const body = () => {stream} ? new Blob([large]).stream() : large;
        for (let time = 0; time < 5; time++) {{
            const answer = await fetch("{server.url}/open/length", {{method: "POST", body: body(), duplex: "half"}});
            console.log(answer.status, (await answer.text()).length);
        }}
        """
    )
    done = subprocess.run(["node", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split("\n")[:5] == [done.stdout.split("\n")[0]] * 5, done.stderr
    assert done.stdout.startswith("413 "), done.stderr


@pytest.mark.parametrize(("token", "status"), [("", 401), ("member", 413)])
def test_a_refused_caller_gets_the_status(server: Server, token: str, status: int) -> None:
    """The body is within the limit, but arrives after the answer could be sent."""
    size = 500_000 if status == 401 else 700_000
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=raw.PATIENCE)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    connection.request("POST", "/members/name", b'{"a": "%s"}' % (b"a" * size), headers)
    assert connection.getresponse().status == status
    connection.close()


def test_a_connection_serves_on_after_an_early_answer(server: Server) -> None:
    body = b'{"text": "abc"}'
    with raw.connect(server) as client:
        for _ in range(3):
            raw.send(client, [raw.head("POST /nowhere", "content-length: 100000")])
            assert raw.read_answer(client)[0] == 404, "before the body"
            raw.send(client, [bytes(100_000)])
            raw.send(client, [raw.head("POST /open/length", f"content-length: {len(body)}") + body])
            assert raw.read_answer(client) == (200, b"3")


def test_the_rest_of_a_body_is_not_read_for_ever(server: Server) -> None:
    """It is discarded as it arrives. A client that stops sending is closed."""
    with raw.connect(server) as client:
        raw.send(client, [raw.head("POST /open/length", "content-length: 10000000")])
        assert raw.read_answer(client)[0] == 413
        started = time.monotonic()
        raw.send(client, [bytes(1_000_000)])
        assert raw.read_all(client) == b""
        assert time.monotonic() - started < 20


def test_nor_is_an_endless_one(server: Server) -> None:
    with raw.connect(server) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MEGABYTE)
        raw.send(client, [raw.head("POST /open/length", "transfer-encoding: chunked")])
        chunk = b"100000\r\n" + bytes(MEGABYTE) + b"\r\n"
        assert raw.send(client, [chunk] * 700) < 650 * MEGABYTE


def test_an_expecting_client_is_not_told_to_go_on(server: Server) -> None:
    head = raw.head("POST /open/length", "content-length: 10000000", "expect: 100-continue")
    assert raw.ask(server, head)[0] == 413
