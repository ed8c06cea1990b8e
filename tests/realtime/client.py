"""A client for tests: implements the frames of the wire without the server's code."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

SECONDS = 10  # the longest wait of a test


class Client:
    """A socket. `receive` leaves out the server's pings."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, kind: str, **data: Any) -> None:
        await self.connection.send(json.dumps({"type": kind, "data": data} if data else {"type": kind}))

    async def open(
        self, name: str, *, inputs: tuple[str, ...] = (), auth: str | None = None, **arguments: Any
    ) -> OpenStream:
        """Request a stream; does not wait for the answer."""
        endpoint, _, method = name.rpartition(".")
        head = {"en": endpoint, "m": method, "cid": str(uuid.uuid4())}
        more = {"auth": auth} if auth else {}
        await self.send("omsc", **head, args=json.dumps(arguments), **{"is": list(inputs)}, **more)
        return OpenStream(self, head)

    async def receive(self) -> tuple[str, dict[str, Any]]:
        """The next frame's type and data. Raises websockets.ConnectionClosed."""
        async with asyncio.timeout(SECONDS):
            while True:
                frame = json.loads(await self.connection.recv())
                if frame["type"] != "ping":
                    return frame["type"], frame.get("data", {})

    async def closed(self) -> int:
        """The code with which the server closes the socket, after all other frames."""
        async with asyncio.timeout(SECONDS):
            try:
                while True:
                    await self.connection.recv()
            except websockets.ConnectionClosed as error:
                return error.rcvd.code if error.rcvd else 1006


class OpenStream:
    """One stream of a socket without any other activity."""

    def __init__(self, client: Client, head: dict[str, str]) -> None:
        self.client = client
        self.head = head

    async def answer(self) -> str:
        kind, data = await self.client.receive()
        assert kind == "omsr", (kind, data)
        assert {key: data[key] for key in self.head} == self.head
        return str(data["res"])

    async def value(self) -> Any:
        kind, data = await self.client.receive()
        assert kind == "msm", (kind, data)
        assert {key: data[key] for key in self.head} == self.head
        assert "p" not in data
        return data["o"]["data"]

    async def end(self) -> str:
        kind, data = await self.client.receive()
        assert kind == "cmsc", (kind, data)
        assert {key: data[key] for key in self.head} == self.head
        return str(data["cr"])

    async def give(self, name: str, value: str) -> None:
        await self.client.send("msm", **self.head, p=name, o={"className": "String", "data": value})

    async def close(self, name: str | None = None, reason: str = "done") -> None:
        await self.client.send("cmsc", **self.head, cr=reason, **({"p": name} if name else {}))


@asynccontextmanager
async def connect(url: str, **options: Any) -> AsyncIterator[Client]:
    async with websockets.connect(url, **options) as connection:
        yield Client(connection)
