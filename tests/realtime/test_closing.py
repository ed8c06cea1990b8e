"""Streams leave nothing behind when closed at any moment, even if a library swallows a cancellation."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from pathlib import Path

import httpx
import pytest
import redis

from realtime import hub, messages
from tests.processes import Server
from tests.realtime.client import connect
from tests.realtime.conftest import start_server

STREAMS, BATCH = 500, 20


async def open_and_close(url: str, room: str, *, politely: bool) -> None:
    """Open streams and close each a moment later, before or after its answer, or close the whole socket."""
    async with connect(url, max_queue=None) as client:
        for at in range(BATCH):
            stream = await client.open("chat.listen", room=f"{room}.{at}")
            await asyncio.sleep(random.uniform(0, 0.003))
            if politely:
                await stream.close()
        await client.connection.close()


@pytest.mark.slow
async def test_five_hundred_streams_closed_right_after_opening_leave_nothing(
    django_db_setup: None, tmp_path: Path, room: str, settings
) -> None:
    server = start_server(tmp_path)
    try:
        async with (
            httpx.AsyncClient(base_url=server.url, timeout=20) as http,
            connect(server.socket) as client,
        ):
            stays = await client.open("chat.listen", room=room)
            assert [await stays.answer(), await stays.value()] == ["success", "listening"]
            before = (await http.post("/chat/tasks")).json()
            for turn in range(STREAMS // BATCH):
                await open_and_close(server.socket, f"{room}.{turn}", politely=bool(turn % 2))
                await client.send("ping")
            until = time.monotonic() + 15
            while (left := (await http.post("/chat/left")).json()) != [before, 1, 2]:
                assert time.monotonic() < until, (before, left)
                await client.send("ping")
                await asyncio.sleep(0.2)
            await http.post("/chat/say", json={"room": room, "text": "still here"})
            while (answer := await client.receive())[0] == "pong":
                pass
            assert answer[1]["o"]["data"] == "still here"
        with redis.from_url(settings.REDIS_URL) as bus:
            prefix = f"{settings.REALTIME_PREFIX}:messages:{room}*"
            until = time.monotonic() + 5
            while bus.pubsub_channels(prefix):
                assert time.monotonic() < until, bus.pubsub_channels(prefix)
                await asyncio.sleep(0.1)
        assert "lost the connection to Redis" not in server.log.read_text()
    finally:
        server.stop()
        sys.stdout.write(server.log.read_text())


async def subscribe(room: str) -> None:
    async with messages.subscribe(room):
        await asyncio.Event().wait()


async def publish(room: str) -> None:
    await messages.publish(room, 1)
    await asyncio.Event().wait()


@pytest.mark.parametrize("work", [subscribe, publish])
async def test_one_cancellation_is_enough_at_any_time(room: str, settings, caplog, work) -> None:
    """The cancellation arrives after this many turns of the loop: before, in and after each step of the work."""
    async with messages.subscribe(f"{room}.stays") as stays:
        late = []
        for turns in range(60):
            task = asyncio.create_task(work(f"{room}.{turns}"), name=f"{turns} turns")
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            _, going_on = await asyncio.wait([task], timeout=0.5)
            late += [each.get_name() for each in going_on]
        assert late == []
        assert list(hub.current()._subscriptions) == [messages.name_of(f"{room}.stays")]
        await messages.publish(f"{room}.stays", 1)
        async with asyncio.timeout(5):
            assert await anext(stays) == 1
    assert "lost the connection to Redis" not in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("politely", [True, False])
async def test_a_method_that_catches_its_cancellation_is_cancelled_again(
    server: Server, room: str, politely: bool
) -> None:
    async with connect(server.socket) as other:
        hall = await other.open("chat.listen", room=room)
        assert [await hall.answer(), await hall.value()] == ["success", "listening"]
        async with connect(server.socket) as client:
            stream = await client.open("chat.stubborn", room=room)
            assert [await stream.answer(), await stream.value()] == ["success", "waiting"]
            await (stream.close() if politely else client.connection.close())
            assert await hall.value() == "not yet"
            heard = asyncio.create_task(other.receive())
            while not heard.done():  # REALTIME_IDLE_SECONDS is short in this test
                for each in [other, client] if politely else [other]:
                    await each.send("pong")
                await asyncio.wait([heard], timeout=1)
        assert heard.result()[1]["o"]["data"] == "stopped"
