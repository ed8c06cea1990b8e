"""Endpoints for benchmarks/calls.py, with the same work as its peers (benchmarks/peers.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

from benchmarks.wide import Wide
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from realtime import messages
from tests.notes.models import Note


class BenchmarkEndpoint(Endpoint):
    """Methods for signed-in users, like most methods of an app."""

    require_login: ClassVar[bool] = True

    async def row(self, call: Call, id: int) -> Note:
        """Return one row by its key, on the event loop."""
        return await Note.objects.aget(id=id)

    def orm(self, call: Call, id: int) -> Note:
        """Return one row on a thread, with Django's plain ORM."""
        return Note.objects.get(id=id)

    async def rows(self, call: Call) -> list[Note]:
        """Return fifty rows."""
        return [note async for note in Note.objects.order_by("id")[:50]]

    async def echo(self, call: Call, wide: Wide) -> Wide:
        """Return the argument."""
        return wide

    async def listen(self, call: Call, room: str) -> AsyncIterator[str]:
        """Yield the messages of a room."""
        async with messages.subscribe(room) as texts:
            async for text in texts:
                yield text

    async def relay(self, call: Call, room: str) -> AsyncIterator[str]:
        """Yield the messages of a room, without a step for each."""
        return messages.relay(room)

    async def publish(self, call: Call, room: str, text: str, count: int) -> None:
        """Publish a text `count` times."""
        for _ in range(count):
            await messages.publish(room, text)
