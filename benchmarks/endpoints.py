"""What benchmarks/calls.py calls: the same work as its peers do (benchmarks/peers.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

from benchmarks.wide import Wide
from endpoints.calls import Call
from endpoints.endpoint import Endpoint
from example.models import Note
from realtime import messages


class BenchmarkEndpoint(Endpoint):
    """For signed-in users, as most methods of an app are."""

    require_login: ClassVar[bool] = True

    async def row(self, call: Call, id: int) -> Note:
        """One row by its key, on the event loop."""
        return await Note.objects.aget(id=id)

    def orm(self, call: Call, id: int) -> Note:
        """The same on a thread, by Django's plain ORM."""
        return Note.objects.get(id=id)

    async def rows(self, call: Call) -> list[Note]:
        """Fifty rows."""
        return [note async for note in Note.objects.order_by("id")[:50]]

    async def echo(self, call: Call, wide: Wide) -> Wide:
        """What came."""
        return wide

    async def listen(self, call: Call, room: str) -> AsyncIterator[str]:
        """What is published in a room."""
        async with messages.subscribe(room) as texts:
            async for text in texts:
                yield text

    async def relay(self, call: Call, room: str) -> AsyncIterator[str]:
        """The same, without a step for each."""
        return messages.relay(room)

    async def publish(self, call: Call, room: str, text: str, count: int) -> None:
        """Say it so many times."""
        for _ in range(count):
            await messages.publish(room, text)
