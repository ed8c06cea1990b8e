"""Threads: neither strangers nor a single address can use all of them."""

from __future__ import annotations

import contextlib
import time

import pytest

from tests.abuse import raw
from tests.processes import Server

pytestmark = pytest.mark.slow


def test_calls_of_strangers_leave_threads_to_those_who_are_signed_in(server: Server) -> None:
    """The server has four threads for calls."""
    body = b'{"seconds": 4}'
    block = raw.head("POST /open/block", f"content-length: {len(body)}") + body
    member = raw.head("POST /members/name", "authorization: Bearer member", "content-length: 0")
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            raw.send(stack.enter_context(raw.connect(server)), [block])
        time.sleep(0.5)
        started = time.monotonic()
        assert raw.ask(server, member) == (200, b'"member"')
        assert time.monotonic() - started < 3
