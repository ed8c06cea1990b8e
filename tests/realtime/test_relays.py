"""Relays: values of a channel go to the sockets without waking the method; otherwise like other streams."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import psutil
import pytest
from asgiref.sync import sync_to_async

from podium.endpoints.calls import Call
from podium.endpoints.middleware import Proceed
from podium.endpoints.testing import Caller, acall, serving, stream
from realtime import hub, messages, revocation
from realtime.errors import BadChannel
from realtime.frames import Open
from realtime.streams import Stream
from realtime.testing import listening
from tests.processes import Server
from tests.realtime.chat.endpoints import ChatEndpoint
from tests.realtime.client import Client, OpenStream, connect

slow = pytest.mark.slow


def ask(server: Server, method: str, **arguments: Any) -> Any:
    """A call over HTTP."""
    with urllib.request.urlopen(
        f"{server.url}/chat/{method}", json.dumps(arguments).encode(), timeout=10
    ) as answer:
        return json.load(answer)


async def until_read_by(count: int, server: Server, room: str) -> None:
    async with asyncio.timeout(10):
        while await asyncio.to_thread(ask, server, "readers", room=room) != count:
            await asyncio.sleep(0.02)


async def relayed(client: Client, method: str, auth: str | None = None, **arguments: Any) -> OpenStream:
    stream = await client.open(method, auth=auth, **arguments)
    assert await stream.answer() == "success"
    return stream


# Through real sockets -----------------------------------------------------------------------------------------------


@slow
async def test_all_readers_on_all_servers_get_messages_in_order(
    servers: tuple[Server, Server], room: str
) -> None:
    async with connect(servers[0].socket) as anna, connect(servers[1].socket) as ben:
        streams = [await relayed(each, "chat.relay", room=room) for each in (anna, ben)]
        for server in servers:
            await until_read_by(1, server, room)
        said = [str(number) for number in range(300)]
        for text in said:
            await messages.publish(room, text)
        for each in streams:
            assert [await each.value() for _ in said] == said


@slow
async def test_two_channels_are_relayed_as_one(server: Server, room: str) -> None:
    other = f"{room}x"
    async with connect(server.socket) as client:
        both = await relayed(client, "chat.relayBoth", room=room, other=other)
        await until_read_by(1, server, other)
        for number in range(20):
            await messages.publish(other if number % 2 else room, str(number))
        assert [await both.value() for _ in range(20)] == [str(number) for number in range(20)]


@slow
async def test_a_client_that_closes_a_relay_gets_no_more_values(server: Server, room: str) -> None:
    async with messages.subscribe(f"{room}.hall") as hall, connect(server.socket) as client:
        gone = await relayed(client, "chat.relay", room=room)
        stays = await relayed(client, "chat.relayBoth", room=room, other=f"{room}x")
        await until_read_by(2, server, room)
        await gone.close()
        async with asyncio.timeout(5):
            assert await anext(hall) == "closed"
        await until_read_by(1, server, room)
        await messages.publish(room, "still here")
        assert await stays.value() == "still here"
        await stays.close()
        await until_read_by(0, server, room)


@slow
async def test_a_closed_socket_ends_the_reading(server: Server, room: str) -> None:
    async with messages.subscribe(f"{room}.hall") as hall:
        async with connect(server.socket) as client:
            await relayed(client, "chat.relay", room=room)
            await until_read_by(1, server, room)
            client.connection.transport.abort()
        async with asyncio.timeout(5):
            assert await anext(hall) == "closed"
    await until_read_by(0, server, room)


@slow
async def test_a_value_of_another_type_ends_the_stream(server: Server, room: str) -> None:
    async with connect(server.socket) as client:
        stream = await relayed(client, "chat.relay", room=room)
        await until_read_by(1, server, room)
        await messages.publish(room, "first")
        await messages.publish(room, 5)
        await messages.publish(room, "too late")
        assert await stream.value() == "first"
        assert await stream.end() == "error"
        await client.send("ping")
        assert await client.receive() == ("pong", {})
    assert "chat.relay failed" in server.log.read_text()
    await until_read_by(0, server, room)


@slow
async def test_a_revoked_or_expired_token_ends_a_relay(server: Server, room: str) -> None:
    async with connect(server.socket) as client:
        revoked = await relayed(client, "private.relay", "Bearer anna.phone", room=room)
        await until_read_by(1, server, room)
        await sync_to_async(revocation.end_streams)(user_id="anna", token_id="phone")
        assert await revoked.end() == "error"
        soon = int(time.time()) + 2
        await relayed(client, "private.relay", f"Bearer ben.until-{soon}", room=room)
        kind, data = await client.receive()
        assert (kind, data["cr"]) == ("cmsc", "error")
        assert time.time() >= soon
        await messages.publish(room, "to nobody")
        await client.send("ping")
        assert await client.receive() == ("pong", {})


@slow
async def test_clients_that_read_nothing_use_little_memory_and_block_no_one(
    server: Server, room: str
) -> None:
    """200 messages are queued for each, shared by all; 300 separate ones for ten clients would be 300 MB."""
    process = psutil.Process(server.process.pid)
    async with AsyncExitStack() as stack:
        for _ in range(10):
            client = await stack.enter_async_context(
                connect(server.socket, max_queue=1, compression=None, close_timeout=0.5)
            )
            await relayed(client, "chat.relay", room=room)
            client.connection.transport.pause_reading()
        reader = await stack.enter_async_context(connect(server.socket))
        quick = await relayed(reader, "chat.relay", room=room)
        await until_read_by(11, server, room)
        before = process.memory_info().rss
        for number in range(300):
            text = f"{number} " + "x" * 100_000
            await messages.publish(room, text)
            assert await quick.value() == text
            await reader.send("pong")  # a client that sends nothing is closed
        assert process.memory_info().rss - before < 100_000_000
    log = server.log.read_text()
    assert "subscriber did not keep up" in log or "read nothing" in log


@slow
async def test_a_rate_applies_to_relays(server: Server, room: str) -> None:
    address = {"X-Forwarded-For": f"203.0.114.{uuid.uuid4().int % 250}"}
    async with connect(server.socket, additional_headers=address) as client:
        for count in (1, 2):
            stream = await relayed(client, "chat.relayRarely", room=room)
            await until_read_by(count, server, room)
        refused = await relayed(client, "chat.relayRarely", room=room)
        assert await refused.end() == "error"
        await messages.publish(room, "hello")
        assert sorted([(await client.receive())[1]["o"]["data"] for _ in range(2)]) == ["hello", "hello"]
        await stream.close()


# A stream with the test's own socket --------------------------------------------------------------------------------


@pytest.fixture
def served() -> Iterator[None]:
    with serving(ChatEndpoint):
        yield


class Line:
    """A socket that accepts frames at once, or only when the test lets it."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.by: list[str] = []
        self.free = asyncio.Event()
        self.free.set()

    def write(self, text: str) -> bool:
        if self.free.is_set():
            self._take(text)
        return self.free.is_set()

    async def send(self, text: str) -> None:
        await self.free.wait()
        self._take(text)

    def _take(self, text: str) -> None:
        data = json.loads(text)["data"]
        if "o" in data:
            task = asyncio.current_task()
            assert task is not None
            self.by.append(task.get_name())
            self.taken.append(data["o"]["data"])


async def opened(line: Line, room: str) -> Stream:
    opening = Open("chat", "relayBoth", uuid.uuid4(), json.dumps({"room": room, "other": room + "x"}), [])
    stream = Stream(opening, {}, "127.0.0.1", line.send, line.write, lambda user: True)
    await until(lambda: hub.current().waiting(messages.name_of(room)) == 1)
    return stream


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.mark.usefixtures("served")
async def test_values_are_sent_without_waking_the_stream_while_the_socket_accepts_them(room: str) -> None:
    line = Line()
    stream = await opened(line, room)
    for number in range(3):
        await messages.publish(room, str(number))
    await until(lambda: len(line.taken) == 3)
    assert line.by == ["realtime bus, listening"] * 3
    line.free.clear()
    for number in range(3, 6):
        await messages.publish(room, str(number))
    name = messages.name_of(room)
    await until(lambda: hub.current().waiting(name) == 0)
    await asyncio.sleep(0.05)
    assert len(line.taken) == 3
    line.free.set()
    await until(lambda: len(line.taken) == 6 and hub.current().waiting(name) == 1)
    await messages.publish(room, "6")
    await until(lambda: len(line.taken) == 7)
    assert line.taken == [str(number) for number in range(7)]
    assert line.by == ["realtime bus, listening"] * 3 + ["stream chat.relayBoth"] * 3 + [
        "realtime bus, listening"
    ]
    stream.cancel("the test is over")
    await asyncio.wait([stream.task])
    assert hub.current()._subscriptions == {}


@pytest.mark.usefixtures("served")
async def test_the_order_is_kept_if_the_socket_is_free_before_the_stream_wakes(room: str) -> None:
    line = Line()
    stream = await opened(line, room)
    [subscription] = hub.current()._subscriptions[messages.name_of(room)]
    for number in range(200):
        line.free.clear() if number % 3 == 0 else line.free.set()
        subscription.put(str(number))
        if number % 5 == 0:
            await asyncio.sleep(0)
    line.free.set()
    await until(lambda: len(line.taken) == 200)
    assert line.taken == [str(number) for number in range(200)]
    assert len(set(line.by)) == 2
    stream.cancel("the test is over")
    await asyncio.wait([stream.task])


@pytest.mark.usefixtures("served")
async def test_a_relay_that_is_too_far_behind_is_ended(room: str, settings: Any, caplog: Any) -> None:
    settings.REALTIME_MESSAGE_QUEUE = 10
    line = Line()
    stream = await opened(line, room)
    line.free.clear()
    for number in range(20):
        await messages.publish(room, str(number))
    [subscription] = hub.current()._subscriptions[messages.name_of(room)]
    await until(lambda: subscription._error is not None)
    assert subscription._waiting == []
    line.free.set()
    await asyncio.wait([stream.task])
    assert line.taken == ["0"]
    assert "did not keep up" in caplog.text


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("how", ["cancel", "end"])
async def test_an_ended_relay_sends_nothing(room: str, how: str) -> None:
    line = Line()
    stream = await opened(line, room)
    [subscription] = hub.current()._subscriptions[messages.name_of(room)]
    getattr(stream, how)("for a test")
    subscription.put("too late")
    await asyncio.wait([stream.task])
    assert line.taken == []


# In tests of projects -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("served")
async def test_a_relay_is_tested_like_other_streams(room: str) -> None:
    async with listening(stream("chat.relay", room=room), room) as heard:
        for text in ("hello", "bye"):
            await acall("chat.say", room=room, text=text)
        assert [await anext(heard), await anext(heard)] == ["hello", "bye"]
    assert hub.current().waiting(messages.name_of(room)) == 0
    assert hub.current()._subscriptions == {}


async def shouted(call: Call, proceed: Proceed) -> Any:
    values = await proceed()

    async def louder() -> AsyncIterator[str]:
        async for value in values:
            yield value.upper()

    return louder() if isinstance(values, AsyncIterator) else values


@pytest.mark.usefixtures("served")
async def test_middleware_may_wrap_a_relay(room: str, settings: Any) -> None:
    settings.ENDPOINTS_MIDDLEWARE = [f"{__name__}.shouted"]
    async with listening(Caller().stream("chat.relay", room=room), room) as heard:
        await acall("chat.say", room=room, text="hello")
        assert await anext(heard) == "HELLO"


@pytest.mark.usefixtures("served")
async def test_an_invalid_channel_is_refused(room: str) -> None:
    with pytest.raises(BadChannel):
        await anext(stream("chat.relay", room="x" * 201))
    for call in (lambda: messages.relay(""), lambda: messages.relay(room, "")):
        with pytest.raises(BadChannel):
            call()
