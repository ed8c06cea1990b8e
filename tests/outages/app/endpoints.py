"""One method for each path through the server: with and without database, on the event loop and on threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, rate_limit
from realtime import messages
from tasks.scheduling import schedule
from tests.notes.models import Notebook
from tests.tasks.sample_tasks.tasks import write_line


class OutageEndpoint(Endpoint):
    """Calls that make up the load; open to everyone."""

    async def empty(self, call: Call) -> None:
        """Needs neither database nor Redis."""

    def read_sync(self, call: Call) -> int:
        """Django's ORM on a thread."""
        return Notebook.objects.count()

    async def read_async(self, call: Call) -> int:
        """Django's ORM on a thread, called from the event loop."""
        return await sync_to_async(Notebook.objects.count)()

    async def read_fast(self, call: Call) -> str:
        """A plain read on the event loop, without a thread."""
        found = await Notebook.objects.filter(name="of the stack").order_by("id").afirst()
        return found.name if found else ""

    def write(self, call: Call) -> None:
        """A write on a thread."""
        Notebook.objects.filter(name="of the stack").update(name="of the stack")

    @rate_limit("1000000/h")
    async def limited(self, call: Call) -> None:
        """Counts calls in Redis."""

    @rate_limit("3/d")
    async def seldom(self, call: Call) -> None:
        """Three times a day."""

    def remind(self, call: Call, path: str, line: str) -> str:
        """Schedule a call that writes a line to a file. Returns the row's key."""
        return str(schedule(write_line, path=path, line=line).pk)

    async def say(self, call: Call, room: str, text: str) -> None:
        """Publish on the bus."""
        await messages.publish(room, text)

    async def listen(self, call: Call, room: str) -> AsyncIterator[str]:
        """Messages of a room, after "listening"."""
        async with messages.subscribe(room) as said:
            yield "listening"
            async for text in said:
                yield text

    async def tick(self, call: Call) -> AsyncIterator[int]:
        """A stream without dependencies."""
        number = 0
        while True:
            yield number
            number += 1
            await asyncio.sleep(0.1)
