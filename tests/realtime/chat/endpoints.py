"""Methods that stream in every way there is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import ClassVar

from endpoints.calls import Call
from endpoints.endpoint import Endpoint, rate_limit, unauthenticated_call
from example.models import Note, NoteNotFoundException
from realtime import hub, messages


class ChatEndpoint(Endpoint):
    """Rooms, open to all."""

    async def listen(self, call: Call, room: str) -> AsyncIterator[str]:
        """What is said in a room."""
        async with messages.subscribe(room) as said:
            yield "listening"
            async for text in said:
                yield text

    async def listen_slowly(self, call: Call, room: str) -> AsyncIterator[str]:
        """Reads one message and no more."""
        async with messages.subscribe(room) as said:
            yield "listening"
            async for text in said:
                yield text
                await asyncio.sleep(2)

    def relay(self, call: Call, room: str) -> AsyncIterator[str]:
        """What is said in a room, handed on; says in the room's hall when all is over."""
        call.on_close(lambda: messages.publish_sync(f"{room}.hall", "closed"))
        return messages.relay(room)

    async def relay_both(self, call: Call, room: str, other: str) -> AsyncIterator[str]:
        """What is said in two rooms."""
        await asyncio.sleep(0)
        return messages.relay(room, other)

    @rate_limit("2/h")
    def relay_rarely(self, call: Call, room: str) -> AsyncIterator[str]:
        """Twice an hour."""
        return messages.relay(room)

    async def readers(self, call: Call, room: str) -> int:
        """How many streams of this server wait for what is said in a room."""
        return hub.current().waiting(messages.name_of(room))

    async def say(self, call: Call, room: str, text: str) -> None:
        """A call over HTTP."""
        await messages.publish(room, text)

    async def tasks(self, call: Call) -> int:
        """How many tasks the server's event loop has."""
        return len(asyncio.all_tasks())

    async def left(self, call: Call) -> list[int]:
        """The numbers of the event loop's tasks, the hub's subscriptions and the bus's channels."""
        here = hub.current()
        subscriptions = sum(map(len, here._subscriptions.values()))
        return [len(asyncio.all_tasks()), subscriptions, len(here._bus._confirmed)]

    async def talk(self, call: Call, room: str, texts: AsyncIterator[str]) -> int:
        """Say all that comes; how much it was."""
        count = 0
        async for text in texts:
            await messages.publish(room, text)
            count += 1
        return count

    async def echo(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """What comes, louder."""
        async for text in texts:
            yield text.upper()

    async def forgive(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """What comes, and what it failed with."""
        try:
            async for text in texts:
                yield text
        except NoteNotFoundException as error:
            yield f"declared {error.note_id}"

    async def first(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """The first that comes, then no more is wanted."""
        yield await anext(texts)
        await texts.aclose()  # type: ignore[attr-defined]
        await asyncio.sleep(0.3)
        yield "bye"

    async def ignore(self, call: Call, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        """Reads nothing of what comes."""
        yield "ready"
        await asyncio.Event().wait()

    async def wait(self, call: Call, room: str) -> AsyncIterator[str]:
        """Says in the room when it was stopped."""
        try:
            yield "waiting"
            await asyncio.Event().wait()
        finally:
            await messages.publish(room, "stopped")

    async def stubborn(self, call: Call, room: str) -> AsyncIterator[str]:
        """Catches its first cancellation and continues."""
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
        """Says in the room when all is over."""
        call.on_close(lambda: messages.publish_sync(room, "closed"))
        yield "waiting"
        await asyncio.Event().wait()

    @rate_limit("2/h")
    async def rarely(self, call: Call) -> AsyncIterator[str]:
        """Twice an hour."""
        yield call.address

    async def flood(self, call: Call, room: str) -> AsyncIterator[str]:
        """More than a client can take; says in the room how often it got rid of 100 kB."""
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
        """Lists, an empty one too."""
        yield []
        yield [1, 2]

    async def declare(self, call: Call) -> AsyncIterator[int]:
        """Fails as declared."""
        yield 1
        raise NoteNotFoundException(message="gone", note_id=7)

    async def crash(self, call: Call) -> AsyncIterator[int]:
        """Fails as nobody foresaw."""
        yield 1
        raise RuntimeError("the secret details")


class PrivateEndpoint(Endpoint):
    """For people who are signed in."""

    require_login: ClassVar[bool] = True

    async def watch(self, call: Call) -> AsyncIterator[str]:
        """Who watches, then nothing."""
        yield call.user_id
        await asyncio.Event().wait()

    def relay(self, call: Call, room: str) -> AsyncIterator[str]:
        """What is said in a room."""
        return messages.relay(room)


class ModeratorsEndpoint(Endpoint):
    """For people with the scope."""

    required_scopes: ClassVar[frozenset[str]] = frozenset({"moderator"})

    async def watch(self, call: Call) -> AsyncIterator[str]:
        """Who watches."""
        yield call.user_id


class DoorEndpoint(Endpoint):
    """For those who are not signed in yet."""

    @unauthenticated_call
    async def knock(self, call: Call) -> AsyncIterator[str]:
        yield call.identity.user_id if call.identity else "nobody"
