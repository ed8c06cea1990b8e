"""Methods that stream in every possible way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import ClassVar

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, rate_limit, unauthenticated_call
from realtime import hub, messages
from tests.notes.models import Note, NoteNotFoundException


class ChatEndpoint(Endpoint):
    """Rooms, open to all."""

    async def listen(self, call: Call, room: str) -> AsyncIterator[str]:
        """The messages of a room."""
        async with messages.subscribe(room) as said:
            yield "listening"
            async for text in said:
                yield text

    async def listen_slowly(self, call: Call, room: str) -> AsyncIterator[str]:
        """Read only one message."""
        async with messages.subscribe(room) as said:
            yield "listening"
            async for text in said:
                yield text
                await asyncio.sleep(2)

    def relay(self, call: Call, room: str) -> AsyncIterator[str]:
        """The messages of a room, relayed; announces its end in the room's hall."""
        call.on_close(lambda: messages.publish_sync(f"{room}.hall", "closed"))
        return messages.relay(room)

    async def relay_both(self, call: Call, room: str, other: str) -> AsyncIterator[str]:
        """The messages of two rooms."""
        await asyncio.sleep(0)
        return messages.relay(room, other)

    @rate_limit("2/h")
    def relay_rarely(self, call: Call, room: str) -> AsyncIterator[str]:
        """Twice an hour."""
        return messages.relay(room)

    async def readers(self, call: Call, room: str) -> int:
        """The number of this server's streams that wait for messages of a room."""
        return hub.current().waiting(messages.name_of(room))

    async def say(self, call: Call, room: str, text: str) -> None:
        """A call over HTTP."""
        await messages.publish(room, text)

    async def tasks(self, call: Call) -> int:
        """The number of tasks on the server's event loop."""
        return len(asyncio.all_tasks())

    async def left(self, call: Call) -> list[int]:
        """The numbers of the event loop's tasks, the hub's subscriptions and the bus's channels."""
        here = hub.current()
        subscriptions = sum(map(len, here._subscriptions.values()))
        return [len(asyncio.all_tasks()), subscriptions, len(here._bus._confirmed)]

    async def talk(self, call: Call, room: str, texts: AsyncIterator[str]) -> int:
        """Publish all values; return their number."""
        count = 0
        async for text in texts:
            await messages.publish(room, text)
            count += 1
        return count

    async def echo(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """The values in upper case."""
        async for text in texts:
            yield text.upper()

    async def forgive(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """The values, and the failure of the input."""
        try:
            async for text in texts:
                yield text
        except NoteNotFoundException as error:
            yield f"declared {error.note_id}"

    async def first(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """The first value; then the input is closed."""
        yield await anext(texts)
        await texts.aclose()  # type: ignore[attr-defined]
        await asyncio.sleep(0.3)
        yield "bye"

    async def ignore(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """Read nothing of the input."""
        yield "ready"
        await asyncio.Event().wait()

    async def wait(self, call: Call, room: str) -> AsyncIterator[str]:
        """Announce in the room that it was stopped."""
        try:
            yield "waiting"
            await asyncio.Event().wait()
        finally:
            await messages.publish(room, "stopped")

    async def stubborn(self, call: Call, room: str) -> AsyncIterator[str]:
        """Catch the first cancellation and continue."""
        yield "waiting"
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await messages.publish(room, "not yet")
        try:
            await asyncio.Event().wait()
        finally:
            await messages.publish(room, "stopped")

    async def tidy(self, call: Call, room: str) -> AsyncIterator[str]:
        """Announce its end in the room."""
        call.on_close(lambda: messages.publish_sync(room, "closed"))
        yield "waiting"
        await asyncio.Event().wait()

    @rate_limit("2/h")
    async def rarely(self, call: Call) -> AsyncIterator[str]:
        """Twice an hour."""
        yield call.address

    async def flood(self, call: Call, room: str) -> AsyncIterator[str]:
        """More than a client can read; announces in the room how many times 100 kB were sent."""
        try:
            for count in range(1_000_000):
                yield "x" * 100_000
                await messages.publish(room, str(count))
        finally:
            await messages.publish(room, "stopped")

    async def notes(self, call: Call, room: str) -> AsyncIterator[Note]:
        """Notes announced in a room."""
        async with messages.subscribe(room) as announced:
            async for note in announced:
                yield note

    async def numbers(self, call: Call) -> AsyncIterator[list[int]]:
        """Lists, including an empty one."""
        yield []
        yield [1, 2]

    async def declare(self, call: Call) -> AsyncIterator[int]:
        """Fail with a declared exception."""
        yield 1
        raise NoteNotFoundException(message="gone", note_id=7)

    async def crash(self, call: Call) -> AsyncIterator[int]:
        """Fail with any other exception."""
        yield 1
        raise RuntimeError("the secret details")


class PrivateEndpoint(Endpoint):
    """For signed-in users."""

    require_login: ClassVar[bool] = True

    async def watch(self, call: Call) -> AsyncIterator[str]:
        """The caller, then nothing."""
        yield call.user_id
        await asyncio.Event().wait()

    def relay(self, call: Call, room: str) -> AsyncIterator[str]:
        """The messages of a room."""
        return messages.relay(room)


class ModeratorsEndpoint(Endpoint):
    """For users with the scope."""

    required_scopes: ClassVar[frozenset[str]] = frozenset({"moderator"})

    async def watch(self, call: Call) -> AsyncIterator[str]:
        """The caller."""
        yield call.user_id


class DoorEndpoint(Endpoint):
    """For users who are not signed in yet."""

    @unauthenticated_call
    async def knock(self, call: Call) -> AsyncIterator[str]:
        yield call.identity.user_id if call.identity else "nobody"
