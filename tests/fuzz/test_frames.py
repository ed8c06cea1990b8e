"""Frames that no client would send, to a real server: nothing breaks, others are unaffected, nothing is left."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.sync.client import ClientConnection, connect

from tests.processes import Server
from tests.realtime.conftest import start_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

EXAMPLES = 400
QUIET: Any = {"ping_interval": None}
"""For the clients: the library's own pings draw from `random` on a thread, and hypothesis refuses a test in which that
happens while an example is made."""

GROWTH = EXAMPLES * 12 * 1024
"""Bytes that the same number of sockets may add again once the server is warm; a leaked socket has some 20 KB."""

KINDS = ["omsc", "omsr", "msm", "msse", "cmsc", "ping", "pong", "brm", "", "OMSC", "type"]
METHODS = ["listen", "echo", "talk", "forgive", "numbers", "declare", "crash", "say", "nothing", ""]

NASTY = {
    "deep": "[" * 5000,
    "too large": '{"type":"ping","data":"' + "x" * 20_000 + '"}',
    "cut off": '{"type": "ping"',
    "nul": "\x00",
    "with a nul": "nul\x00l",
}
"""By name, because hypothesis warns of a strategy whose repr is over 30 kB, and warnings are errors here."""

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ids = st.sampled_from([str(uuid.UUID(int=number)) for number in range(3)]) | st.text(max_size=40)
likely: dict[str, st.SearchStrategy[Any]] = {
    "en": st.sampled_from(["chat", "private", "nobody"]) | plain,
    "m": st.sampled_from(METHODS) | plain,
    "cid": ids,
    "args": st.sampled_from(['{"room": "a"}', "{}", "[]", "{", ""]) | plain,
    "is": st.lists(st.sampled_from(["texts", "other"]), max_size=3) | plain,
    "auth": st.sampled_from(["Bearer anna.phone", "Bearer", "Basic !!", ""]) | plain,
    "p": st.sampled_from(["texts", "other"]) | plain,
    "o": st.fixed_dictionaries({"className": st.sampled_from(["String", "int", "Note", ""]), "data": plain})
    | plain,
    "ex": st.fixed_dictionaries({"className": st.text(max_size=9), "data": plain}) | plain,
    "cr": st.sampled_from(["done", "error", "maybe"]) | plain,
}
frames = st.one_of(
    st.builds(
        lambda kind, data: json.dumps({"type": kind, "data": data}),
        st.sampled_from(KINDS),
        st.fixed_dictionaries({}, optional=likely),
    ),
    st.builds(lambda data: json.dumps({"type": "omsc", "data": data}), st.fixed_dictionaries(likely)),
    st.builds(json.dumps, plain),
    st.text(max_size=60),
    st.binary(max_size=60),
    st.sampled_from([*NASTY]).map(lambda name: NASTY[name]),
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = start_server(tmp_path)
    yield server
    server.stop()


def tasks(server: Server) -> int:
    """The number of the server's asyncio tasks."""
    with urllib.request.urlopen(f"{server.url}/chat/tasks", b"{}", timeout=10) as answer:
        return int(json.load(answer))


def answers(bystander: ClientConnection) -> bool:
    """Return whether the server still answers a ping on a valid socket."""
    bystander.send('{"type":"ping"}')
    while (frame := json.loads(bystander.recv(timeout=5)))["type"] == "ping":
        pass
    return bool(frame["type"] == "pong")


def fuzz(server: Server, bystander: ClientConnection) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(st.lists(frames, min_size=1, max_size=6), st.booleans())
    def send(sequence: list[str | bytes], politely: bool) -> None:
        with connect(server.socket, close_timeout=2, **QUIET) as client:
            try:
                for frame in sequence:
                    client.send(frame)
            except websockets.ConnectionClosed as closed:
                assert closed.rcvd is not None
                assert closed.rcvd.code in (1007, 1008, 1009)
            if not politely:
                with suppress(OSError):  # the server has closed it already
                    client.socket.shutdown(socket.SHUT_RDWR)
        assert answers(bystander)

    send()


def test_arbitrary_frames_break_nothing_and_leave_nothing(server: Server) -> None:
    process = psutil.Process(server.process.pid)
    with connect(server.socket, **QUIET) as bystander:
        fuzz(server, bystander)
        warm, before = process.memory_info().rss, tasks(server)
        fuzz(server, bystander)
        until = time.monotonic() + 10
        while tasks(server) > before and time.monotonic() < until:
            time.sleep(0.2)
        assert tasks(server) <= before
        assert process.memory_info().rss - warm < GROWTH, (process.memory_info().rss - warm, GROWTH)
    crashes = server.log.read_text().split("Traceback")[1:]
    unexpected = [
        each for each in crashes if "the secret details" not in each
    ]  # chat.crash itself fails with that text
    assert not unexpected, unexpected[0][:4000]
