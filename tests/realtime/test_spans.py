"""The call log of streams: each with its outcome."""

from __future__ import annotations

import asyncio
import time

import pytest
from django.db import connection

from monitoring.models import CallLog
from tests.realtime.client import connect

pytestmark = pytest.mark.slow


def logged(name: str) -> CallLog:
    """The stream of that name, once the server has written it."""
    until = time.monotonic() + 10
    try:
        while (found := CallLog.objects.filter(name=name).last()) is None:
            assert time.monotonic() < until, f"{name} was not logged"
            time.sleep(0.1)
        return found
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
async def test_each_stream_is_logged_with_its_outcome(server, room):
    async with connect(server.socket) as client:
        for method in ["chat.numbers", "chat.declare", "chat.crash"]:
            await client.open(method)
        ends = 0
        while ends < 3:
            ends += (await client.receive())[0] == "cmsc"
        wait = await client.open("chat.wait", room=room)
        assert await wait.answer() == "success"
        assert await wait.value() == "waiting"
        await wait.close()
        watch = await client.open("private.watch", auth="Bearer anna.phone")
        assert await watch.answer() == "success"
        assert await watch.value() == "anna"
    done, declared, crashed, cancelled, gone = [
        await asyncio.to_thread(logged, name)
        for name in ["chat.numbers", "chat.declare", "chat.crash", "chat.wait", "private.watch"]
    ]
    assert (done.kind, done.error, done.user_id) == ("stream", "", "")
    assert declared.error.startswith("NoteNotFoundException")
    assert "Traceback" in crashed.error
    assert "RuntimeError: the secret details" in crashed.error
    assert "the client closed it" in cancelled.error, "no success"
    assert "the socket was closed" in gone.error
    assert gone.user_id == "anna"
