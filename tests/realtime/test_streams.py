"""Streams through real servers: the frames that clients see, and the clean-up."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
import urllib.request
import uuid
from contextlib import AsyncExitStack

import httpx
import psutil
import pytest
import redis
import websockets
from asgiref.sync import sync_to_async

from realtime import messages, revocation
from tests.notes.models import Note
from tests.realtime.chat.tokens import state_key
from tests.realtime.client import Client, connect
from tests.realtime.conftest import start_server

pytestmark = pytest.mark.slow


def say(server, room: str, text: str) -> None:
    """A call over HTTP."""
    body = json.dumps({"room": room, "text": text}).encode()
    with urllib.request.urlopen(f"{server.url}/chat/say", body, timeout=10) as answer:
        assert answer.status == 200


async def listening(client: Client, room: str, method: str = "chat.listen"):
    stream = await client.open(method, room=room)
    assert await stream.answer() == "success"
    assert await stream.value() == "listening"
    return stream


# Values -------------------------------------------------------------------------------------------------------------


async def test_a_message_of_one_client_reaches_another_on_another_server(servers, room):
    async with connect(servers[0].socket) as anna, connect(servers[1].socket) as ben:
        at_anna, at_ben = await listening(anna, room), await listening(ben, room)
        async with connect(servers[0].socket) as third:
            talk = await third.open("chat.talk", inputs=("texts",), room=room)
            assert await talk.answer() == "success"
            await talk.give("texts", "hello")
            assert [await at_anna.value(), await at_ben.value()] == ["hello", "hello"]
            await talk.close("texts")
            assert await talk.value() == 1
            assert await talk.end() == "done"
        await asyncio.to_thread(say, servers[1], room, "from a call")
        assert [await at_anna.value(), await at_ben.value()] == ["from a call", "from a call"]


async def test_a_client_is_connected_at_the_pong_and_is_pinged(server):
    async with connect(server.socket) as client:
        await client.send("ping")
        assert await client.receive() == ("pong", {})
        async with asyncio.timeout(5):
            assert await client.connection.recv() == '{"type":"ping"}'


async def test_values_have_the_form_of_the_wire(server, room):
    async with connect(server.socket) as client:
        numbers = await client.open("chat.numbers")
        assert await numbers.answer() == "success"
        assert (await client.receive())[1]["o"] == {"className": "List<int>", "data": []}
        assert await numbers.value() == [1, 2]
        assert await numbers.end() == "done"
        notes = await client.open("chat.notes", room=room)
        assert await notes.answer() == "success"
        note = Note(title="milk", tags=["a"], owner_id=uuid.uuid4())
        for _ in range(50):
            await messages.publish(room, note)
            await asyncio.sleep(0.01)
        value = (await client.receive())[1]["o"]
    assert value["className"] == "Note"
    assert value["data"]["__className__"] == "Note"
    assert value["data"]["title"] == "milk"
    assert "ownerId" not in value["data"], "clients never see it"


async def test_inputs_are_read_as_they_arrive_and_can_be_ended_by_both_sides(server):
    async with connect(server.socket) as client:
        echo = await client.open("chat.echo", inputs=("texts",))
        assert await echo.answer() == "success"
        for text in ["a", "b"]:
            await echo.give("texts", text)
            assert await echo.value() == text.upper()
        await echo.close("texts")
        assert await echo.end() == "done"

        first = await client.open("chat.first", inputs=("texts",))
        assert await first.answer() == "success"
        await first.give("texts", "only")
        assert await first.value() == "only"
        assert await client.receive() == ("cmsc", {**first.head, "p": "texts", "cr": "done"})
        await first.give("texts", "too late")
        assert await first.value() == "bye"
        assert await first.end() == "done"


async def test_many_streams_share_a_socket(server, room):
    async with connect(server.socket) as client:
        streams = [await client.open("chat.listen", room=f"{room}{number}") for number in range(20)]
        frames = [await client.receive() for _ in range(40)]
        assert sorted(kind for kind, _ in frames) == ["msm"] * 20 + ["omsr"] * 20
        one_more = await client.open("chat.listen", room=room)
        assert await one_more.answer() == "authorizationDeclined"
        await asyncio.to_thread(say, server, f"{room}7", "hi")
        assert await streams[7].value() == "hi"


# Errors -------------------------------------------------------------------------------------------------------------


async def test_a_declared_exception_arrives_as_itself(server):
    async with connect(server.socket) as client:
        stream = await client.open("chat.declare")
        assert await stream.answer() == "success"
        assert await stream.value() == 1
        kind, data = await client.receive()
        assert kind == "msse"
        assert data["ex"]["className"] == "NoteNotFoundException"
        assert data["ex"]["data"]["noteId"] == 7
        assert await stream.end() == "error"


async def test_a_crash_is_logged_and_reveals_nothing_to_the_client(server):
    async with connect(server.socket) as client:
        stream = await client.open("chat.crash")
        assert await stream.answer() == "success"
        assert await stream.value() == 1
        kind, data = await client.receive()
        assert (kind, data) == ("cmsc", {**stream.head, "cr": "error"})
    assert "RuntimeError: the secret details" in server.log.read_text()


async def test_an_exception_of_the_client_arrives_in_the_method(server):
    async with connect(server.socket) as client:
        stream = await client.open("chat.forgive", inputs=("texts",))
        assert await stream.answer() == "success"
        declared = {"__className__": "NoteNotFoundException", "message": "gone", "noteId": 9}
        exception = {"className": "NoteNotFoundException", "data": declared}
        await client.send("msse", **stream.head, p="texts", ex=exception)
        await stream.close("texts", "error")
        assert await stream.value() == "declared 9"
        assert await stream.end() == "done"
        plain = await client.open("chat.echo", inputs=("texts",))
        assert await plain.answer() == "success"
        await plain.close("texts", "error")
        assert await plain.end() == "error"


async def test_a_wrong_value_ends_only_its_stream(server, room):
    async with connect(server.socket) as client:
        other = await listening(client, room)
        stream = await client.open("chat.echo", inputs=("texts",))
        assert await stream.answer() == "success"
        await client.send("msm", **stream.head, p="texts", o={"className": "int", "data": 1})
        assert await stream.end() == "error"
        await asyncio.to_thread(say, server, room, "still here")
        assert await other.value() == "still here"


@pytest.mark.parametrize(
    ("name", "arguments", "auth", "result"),
    [
        ("nothing.listen", {}, None, "endpointNotFound"),
        ("chat.nothing", {}, None, "endpointNotFound"),
        ("chat.say", {"room": "a", "text": "b"}, None, "endpointNotFound"),
        ("chat.listen", {}, None, "invalidArguments"),
        ("chat.listen", {"room": 5}, None, "invalidArguments"),
        ("chat.echo", {}, None, "invalidArguments"),
        ("private.watch", {}, None, "authenticationFailed"),
        ("private.watch", {}, "Bearer wrong", "authenticationFailed"),
        ("private.watch", {}, "no header", "authenticationFailed"),
        ("private.watch", {}, "Bearer anna.stale", "authenticationFailed"),
        ("chat.listen", {"room": "a"}, "Bearer wrong", "success"),
        ("chat.listen", {"room": "a"}, "Bearer anna.stale", "authenticationFailed"),
        ("chat.listen", {"room": "a"}, "no header", "authenticationFailed"),
        ("moderators.watch", {}, "Bearer anna.phone", "authorizationDeclined"),
        ("moderators.watch", {}, "Bearer maria.phone", "success"),
        ("private.watch", {}, "bearer anna.phone", "success"),
        ("door.knock", {}, "Bearer wrong", "success"),
        ("door.knock", {}, "Bearer anna.stale", "success"),
        ("door.knock", {}, "no header", "success"),
    ],
)
async def test_opening_is_answered_with_the_fault(server, settings, name, arguments, auth, result):
    with redis.from_url(settings.REDIS_URL) as bus:
        bus.set(state_key("anna.stale"), "expired", ex=60)
    async with connect(server.socket) as client:
        stream = await client.open(name, auth=auth, **arguments)
        assert await stream.answer() == result


async def test_an_unauthenticated_method_sees_no_user(server):
    async with connect(server.socket) as client:
        stream = await client.open("door.knock", auth="Bearer anna.phone")
        assert await stream.answer() == "success"
        assert await stream.value() == "nobody"


async def test_arguments_that_are_not_an_object_are_refused(server):
    async with connect(server.socket) as client:
        head = {"en": "chat", "m": "listen", "cid": str(uuid.uuid4()), "is": []}
        for arguments in ["[1]", "{", ""]:
            await client.send("omsc", **head, args=arguments)
            kind, data = await client.receive()
            assert (kind, data["res"]) == ("omsr", "invalidArguments")


# Broken frames --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", ["", "no JSON", '{"type":"what"}', '{"type":"msm","data":{}}', b"\xff"])
async def test_a_broken_frame_closes_its_socket_and_no_other(server, room, frame):
    async with connect(server.socket) as bystander, connect(server.socket) as client:
        there = await listening(bystander, room)
        await listening(client, room)
        await client.connection.send(frame)
        kind, data = await client.receive()
        assert kind == "brm"
        assert data["req"] == (frame if isinstance(frame, str) else frame.decode(errors="replace"))
        assert await client.closed() == 1008
        await asyncio.to_thread(say, server, room, "undisturbed")
        assert await there.value() == "undisturbed"


async def test_a_value_without_the_name_of_its_stream_is_a_broken_frame(server):
    async with connect(server.socket) as client:
        echo = await client.open("chat.echo", inputs=("texts",))
        assert await echo.answer() == "success"
        await client.send("msm", **echo.head, o={"className": "String", "data": "a"})
        assert (await client.receive())[0] == "brm"
        assert await client.closed() == 1008


async def test_binary_frames_are_text(server):
    async with connect(server.socket) as client:
        await client.connection.send(b'{"type":"ping"}')
        assert await client.receive() == ("pong", {})


async def test_a_value_for_an_unknown_stream_is_answered_with_its_end(server):
    async with connect(server.socket) as client:
        head = {"en": "chat", "m": "echo", "cid": str(uuid.uuid4())}
        await client.send("msm", **head, p="texts", o={"className": "String", "data": "a"})
        assert await client.receive() == ("cmsc", {**head, "p": "texts", "cr": "error"})
        await client.send("ping")
        assert await client.receive() == ("pong", {}), "the socket stays open"


async def test_a_frame_over_the_limit_closes_the_socket(server):
    async with connect(server.socket) as client:
        await client.connection.send(json.dumps({"type": "ping", "data": "x" * 10_000}))
        assert await client.closed() == 1009


async def test_an_id_in_use_is_a_broken_frame(server, room):
    async with connect(server.socket) as client:
        stream = await listening(client, room)
        await client.send("omsc", **stream.head, args=json.dumps({"room": room}), **{"is": []})
        assert (await client.receive())[0] == "brm"


async def test_other_paths_are_refused(server):
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with connect(server.socket + "/other"):
            pass
    assert refused.value.response.status_code == 403


# The end ------------------------------------------------------------------------------------------------------------


async def stopped(values) -> bool:
    async with asyncio.timeout(3):
        return await anext(values) == "stopped"


async def test_a_client_that_closes_the_stream_stops_the_method(server, room):
    async with messages.subscribe(room) as said, connect(server.socket) as client:
        stream = await client.open("chat.wait", room=room)
        assert await stream.answer() == "success"
        assert await stream.value() == "waiting"
        await stream.close()
        assert await stopped(said)
        await client.send("ping")
        assert await client.receive() == ("pong", {}), "nothing more of the stream"


@pytest.mark.parametrize("politely", [True, False])
async def test_a_closed_socket_stops_its_methods(server, room, politely):
    async with messages.subscribe(room) as said:
        async with connect(server.socket) as client:
            for _ in range(3):
                stream = await client.open("chat.wait", room=room)
                assert await stream.answer() == "success"
                assert await stream.value() == "waiting"
            if not politely:
                client.connection.transport.abort()
        assert [await stopped(said) for _ in range(3)] == [True] * 3


async def test_a_revoked_token_ends_its_streams_on_all_servers(servers):
    async with connect(servers[0].socket) as one, connect(servers[1].socket) as two:
        phone = await one.open("private.watch", auth="Bearer anna.phone")
        laptop = await two.open("private.watch", auth="Bearer anna.laptop")
        other = await two.open("private.watch", auth="Bearer ben.phone")
        assert await phone.answer() == "success"
        assert await phone.value() == "anna"
        answers = [await two.receive() for _ in range(4)]
        assert sorted(kind for kind, _ in answers) == ["msm", "msm", "omsr", "omsr"]
        async with asyncio.timeout(1):
            await sync_to_async(revocation.end_streams)(user_id="anna", token_id="phone")
            assert await phone.end() == "error"
        async with asyncio.timeout(1):
            await sync_to_async(revocation.end_streams)(user_id="anna")
            assert await laptop.end() == "error"
        await two.send("ping")
        assert await two.receive() == ("pong", {}), f"{other.head} goes on"


async def test_a_token_that_expires_ends_its_streams(server):
    soon = int(time.time()) + 2
    async with connect(server.socket) as client:
        stream = await client.open("private.watch", auth=f"Bearer anna.until-{soon}")
        other = await client.open("private.watch", auth=f"Bearer ben.until-{soon + 3600}")
        assert sorted([(await client.receive())[0] for _ in range(4)]) == ["msm", "msm", "omsr", "omsr"]
        assert await stream.end() == "error"
        assert soon <= time.time() < soon + 5
        again = await client.open("private.watch", auth=f"Bearer anna.until-{soon}")
        assert await again.answer() == "authenticationFailed"
        await client.send("ping")
        assert await client.receive() == ("pong", {}), f"{other.head} goes on"


async def test_a_missed_revocation_takes_effect_when_redis_is_back(server, settings):
    token, renewed = f"anna.{uuid.uuid4().hex}", f"cara.{uuid.uuid4().hex}"
    async with connect(server.socket) as client:
        stream = await client.open("private.watch", auth=f"Bearer {token}")
        other = await client.open("private.watch", auth="Bearer ben.phone")
        older = await client.open("private.watch", auth=f"Bearer {renewed}")
        assert sorted([(await client.receive())[0] for _ in range(6)]) == ["msm"] * 3 + ["omsr"] * 3
        with redis.from_url(settings.REDIS_URL) as bus:
            bus.set(state_key(token), "ended", ex=60)
            bus.set(state_key(renewed), "expired", ex=60)
            for each in bus.client_list("pubsub"):
                if each["name"] == f"{settings.REALTIME_PREFIX}:subscriber":
                    bus.client_kill_filter(_id=each["id"])
        assert await stream.end() == "error"
        await client.send("ping")
        assert await client.receive() == ("pong", {}), f"{other.head} and {older.head} go on"


async def test_a_server_that_stops_makes_its_clients_reconnect(django_db_setup, tmp_path, room):
    server = await asyncio.to_thread(start_server, tmp_path)
    try:
        async with messages.subscribe(room) as said, connect(server.socket) as client:
            stream = await client.open("chat.wait", room=room)
            assert await stream.answer() == "success"
            server.process.terminate()
            assert await client.closed() in (1001, 1012)
            assert await stopped(said)
        assert await asyncio.to_thread(server.process.wait, 10) in (0, -15)
    finally:
        await asyncio.to_thread(server.stop)
    assert "Traceback" not in server.log.read_text()


# Limits -------------------------------------------------------------------------------------------------------------


async def test_the_sockets_of_a_user_are_limited(server):
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect(server.socket)) for _ in range(7)]
        answers = []
        for client in clients:
            stream = await client.open("private.watch", auth="Bearer crowd.phone")
            answers.append(await stream.answer())
        assert answers == ["success"] * 6 + ["authorizationDeclined"]
        assert "as many sockets" in server.log.read_text()
        other = await clients[-1].open("private.watch", auth="Bearer loner.phone")
        assert await other.answer() == "success"
        await clients[0].connection.close()
        assert await answers_in_time(clients[-1], "Bearer crowd.phone") == "success", (
            "another's place is free"
        )


async def answers_in_time(client, auth) -> str:
    """The answer to an opening once there is room, or after the last try."""
    for _ in range(20):
        stream = await client.open("private.watch", auth=auth)
        while (found := await client.receive())[0] != "omsr" or found[1]["cid"] != stream.head["cid"]:
            pass
        if found[1]["res"] == "success":
            break
        await asyncio.sleep(0.1)
    return found[1]["res"]


async def test_the_sockets_of_an_address_are_limited(server):
    address = {"X-Forwarded-For": "203.0.113.7"}  # uvicorn trusts a proxy on the same machine
    async with AsyncExitStack() as stack:
        for _ in range(60):
            await stack.enter_async_context(connect(server.socket, additional_headers=address))
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connect(server.socket, additional_headers=address):
                pass
        assert refused.value.response.status_code == 403
        assert "203.0.113.7 has 60 sockets open" in server.log.read_text()
        async with connect(server.socket, additional_headers={"X-Forwarded-For": "203.0.113.8"}) as other:
            await other.send("ping")
            assert await other.receive() == ("pong", {})


async def test_a_rate_applies_to_streams(server):
    address = {"X-Forwarded-For": f"203.0.113.{random.randrange(10, 250)}"}
    async with connect(server.socket, additional_headers=address) as client:
        for _ in range(2):
            stream = await client.open("chat.rarely")
            assert await stream.answer() == "success"
            assert await stream.value() == address["X-Forwarded-For"]
            assert await stream.end() == "done"
        stream = await client.open("chat.rarely")
        assert await stream.answer() == "success"
        assert await stream.end() == "error"


async def test_callbacks_run_when_a_stream_ends(server, room):
    async with messages.subscribe(room) as said, connect(server.socket) as client:
        stream = await client.open("chat.tidy", room=room)
        assert await stream.answer() == "success"
        assert await stream.value() == "waiting"
        await stream.close()
        async with asyncio.timeout(3):
            assert await anext(said) == "closed"


# Slow and silent clients --------------------------------------------------------------------------------------------


async def test_a_client_that_reads_nothing_blocks_the_method_and_is_closed(server, room):
    raw = socket.create_connection(("127.0.0.1", server.port))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    async with (
        messages.subscribe(room) as said,
        connect(server.socket, sock=raw, max_queue=1, compression=None) as client,
    ):
        stream = await client.open("chat.flood", room=room)
        assert await stream.answer() == "success"
        client.connection.transport.pause_reading()
        sent = 0
        async with asyncio.timeout(
            20
        ):  # the socket is closed REALTIME_SEND_SECONDS after the last frame was sent
            async for count in said:
                if count == "stopped":
                    break
                sent = int(count)
        assert 0 < sent < 200, "20 MB would have been taken from the method"
        assert "read nothing" in server.log.read_text()
        client.connection.transport.abort()


async def test_the_memory_for_slow_readers_is_bounded(server, room):
    """Twenty clients that read nothing are sent 100 kB at a time: only a few of those are buffered for each."""
    process = psutil.Process(server.process.pid)
    async with AsyncExitStack() as stack:
        before = process.memory_info().rss
        for _ in range(20):
            client = await stack.enter_async_context(
                connect(server.socket, max_queue=1, compression=None, close_timeout=0.5)
            )
            stream = await client.open("chat.flood", room=room)
            assert await stream.answer() == "success"
            client.connection.transport.pause_reading()
        await asyncio.sleep(1.5)
        assert process.memory_info().rss - before < 20 * 3_000_000
        assert await asyncio.to_thread(is_alive, server)


def is_alive(server) -> bool:
    return httpx.get(f"http://127.0.0.1:{server.port}/livez", timeout=5).status_code == 200


async def test_a_stream_that_falls_behind_its_channel_is_ended(server, room):
    async with connect(server.socket) as client, connect(server.socket) as other:
        slow = await listening(client, room, "chat.listenSlowly")
        quick = await listening(other, room)
        for number in range(300):
            await messages.publish(room, str(number))
            assert await quick.value() == str(number)
        assert await slow.value() == "0"
        assert await slow.end() == "error"


async def test_an_input_that_nobody_reads_ends_its_stream(server):
    async with connect(server.socket) as client:
        stream = await client.open("chat.ignore", inputs=("texts",))
        assert await stream.answer() == "success"
        assert await stream.value() == "ready"
        for _ in range(6):
            await stream.give("texts", "x")
        assert await stream.end() == "error"
        await client.send("ping")
        assert await client.receive() == ("pong", {})


async def test_a_silent_client_is_closed(server):
    async with connect(server.socket) as client:
        assert await client.closed() == 1001
