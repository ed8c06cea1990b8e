"""Clients can read the frames that the server writes itself; streams work on uvicorn's own protocol, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from uvicorn.protocols.utils import ClientDisconnected

from podium.server.web import UVICORN
from realtime import messages
from realtime.websocket import Protocol
from tests.realtime.client import connect
from tests.realtime.conftest import start_server
from tests.realtime.test_streams import listening

pytestmark = pytest.mark.slow

OWN_PROTOCOL_OF_UVICORN = ("uvicorn", "config.asgi:application")


async def test_a_frame_after_the_clients_close_is_not_a_fault_of_the_server() -> None:
    """A client can close the socket while the server handles its last frame."""
    protocol = Protocol.__new__(Protocol)
    protocol.close_sent = True
    with pytest.raises(ClientDisconnected):
        await protocol.send({"type": "websocket.send", "text": "late"})
    await protocol.send({"type": "websocket.close", "code": 1008})


async def test_frames_of_all_lengths_arrive_complete_and_in_order(server, room):
    """A frame's head has two, four or ten bytes: its length ends at 125, at 65,535, or later."""
    async with connect(server.socket) as client:
        stream = await listening(client, room)
        await messages.publish(room, "")
        empty = len(await client.connection.recv())
        texts = ["x" * (size - empty) for size in (empty + 1, 65_534, 65_535, 65_536, 200_000)]
        texts += ["ä€😀", "ä" * 32_700, *(str(number) for number in range(120))]
        for text in texts:
            await messages.publish(room, text)
        assert [await stream.value() for _ in texts] == texts
        await client.send("ping")
        assert await client.receive() == ("pong", {})


async def test_many_frames_that_arrive_together_are_read_one_after_the_other(server):
    async with connect(server.socket) as client:
        stream = await client.open("chat.echo", inputs=("texts",))
        assert await stream.answer() == "success"
        for number in range(300):
            await stream.give("texts", str(number))
        assert [await stream.value() for _ in range(300)] == [str(number) for number in range(300)]


@pytest.mark.parametrize("compression", ["deflate", None])
async def test_streams_work_on_uvicorns_own_protocol(
    django_db_setup: None, tmp_path: Path, room: str, compression: str | None
) -> None:
    plain = start_server(tmp_path, OWN_PROTOCOL_OF_UVICORN)
    try:
        async with connect(plain.socket, compression=compression) as client:
            assert bool(client.connection.protocol.extensions) == bool(compression)
            stream = await listening(client, room)
            await messages.publish(room, "x" * 70_000)
            assert await stream.value() == "x" * 70_000
    finally:
        plain.stop()
    assert "Traceback" not in plain.log.read_text()


async def test_compression_is_left_to_uvicorn(django_db_setup: None, tmp_path: Path, room: str) -> None:
    compressing = start_server(tmp_path, (*UVICORN, "--ws-per-message-deflate", "true"))
    try:
        async with connect(compressing.socket) as client:
            assert client.connection.protocol.extensions
            stream = await listening(client, room)
            await messages.publish(room, "x" * 70_000)
            assert await stream.value() == "x" * 70_000
    finally:
        compressing.stop()
