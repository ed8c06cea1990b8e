"""Endpoints with every outcome that a call can have."""

from __future__ import annotations

import abc
import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection, transaction

from podium.core.errors import PodiumError
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, deprecated, hidden, unauthenticated_call, unchecked_results
from podium.wire.classes import SerializableException
from podium.wire.codecs import codec
from podium.wire.types import SetAsList
from tests.notes.models import Note, NoteColor, NoteNotFoundException, NoteStatistics


class Full(PodiumError):
    """There is no room left."""

    status = 409


class Unregistered(SerializableException):
    """No model file knows it."""


def _sleep_in_database(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


class EchoEndpoint(Endpoint):
    """Return the argument."""

    async def nothing(self, call: Call) -> None:
        return None

    async def number(self, call: Call, value: int) -> int:
        return value

    def number_sync(self, call: Call, value: int) -> int:
        return value

    async def everything(
        self,
        call: Call,
        a_bool: bool,
        a_float: float,
        some_bytes: bytes,
        a_time: datetime,
        *,
        a_span: timedelta,
        an_id: UUID,
        colors: list[NoteColor],
        counts: dict[str, int],
        note: Note,
        anything: Any,
    ) -> dict[str, str]:
        values = (a_bool, a_float, some_bytes, a_time, a_span, an_id, colors, counts, note.title, anything)
        return {str(index): repr(value) for index, value in enumerate(values)}

    async def defaults(self, call: Call, a: int = 7, b: str | None = "b", *, c: str | None = None) -> str:
        return f"{a} {b} {c}"

    async def nullable(self, call: Call, value: str | None) -> str | None:
        return value

    async def anything(self, call: Call, value: Any) -> str:
        return type(value).__name__

    async def note(self, call: Call, value: Note) -> Note:
        return value

    async def times(self, call: Call, value: dict[int, datetime | None]) -> dict[int, datetime | None]:
        return value

    async def numbers(self, call: Call, value: set[int]) -> set[int]:
        value.add(7)
        return value

    async def blobs(self, call: Call, value: SetAsList[bytes]) -> SetAsList[bytes]:
        return value

    async def spans(self, call: Call, value: list[timedelta]) -> list[timedelta]:
        return value

    async def some_bytes(self, call: Call, value: bytes) -> bytes:
        return value

    async def decimal(self, call: Call, value: float) -> float:
        return value

    async def who(self, call: Call) -> str:
        return call.identity.user_id if call.identity else "nobody"

    async def about(self, call: Call) -> dict[str, str]:
        return {
            "endpoint": call.endpoint,
            "method": call.method,
            "agent": call.headers.get("user-agent", ""),
            "twice": call.headers.get("x-twice", ""),
            "address": call.address,
        }

    async def log(self, call: Call, text: str) -> None:
        call.log(text)

    @unauthenticated_call
    async def sign_in(self, call: Call) -> str:
        return call.identity.user_id if call.identity else "nobody"

    @deprecated("Use number.")
    async def old_number(self, call: Call, value: int) -> int:
        return value

    @deprecated("Use numbers.")
    async def old_numbers(self, call: Call) -> AsyncIterator[int]:
        yield 1


class FailingEndpoint(Endpoint):
    """Methods that fail."""

    async def declared(self, call: Call) -> None:
        raise NoteNotFoundException(message="no such note", note_id=5)

    def declared_sync(self, call: Call) -> None:
        raise NoteNotFoundException(message="no such note", note_id=6)

    async def full(self, call: Call) -> None:
        raise Full

    async def bug(self, call: Call) -> None:
        raise ValueError("a secret of the server")

    async def says(self, call: Call, text: str) -> None:
        raise ValueError(text)

    def bug_sync(self, call: Call) -> None:
        raise ValueError("a secret of the server")

    async def wrong_result(self, call: Call) -> int:
        return "not a number"  # type: ignore[return-value]

    async def undeclared(self, call: Call) -> None:
        raise Unregistered

    async def own_wire_error(self, call: Call) -> None:
        codec("int").decode("a secret of the server")

    async def asks_who(self, call: Call) -> str:
        return call.user_id


class MembersEndpoint(Endpoint):
    require_login: ClassVar[bool] = True

    async def hello(self, call: Call) -> str:
        return f"hello {call.user_id}"


class StaffEndpoint(Endpoint):
    required_scopes: ClassVar[frozenset[str]] = frozenset({"admin"})

    async def hello(self, call: Call) -> str:
        return f"hello {call.user_id}"


class SlowEndpoint(Endpoint):
    """Slow methods."""

    cancelled: ClassVar[list[str]] = []

    async def wait(self, call: Call, seconds: float, name: str = "") -> str:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        return "waited"

    async def stubborn(self, call: Call, name: str) -> None:
        """Catches its first cancellation and continues."""
        for said in ("once", "twice"):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled.append(f"{name} {said}")

    def block(self, call: Call, seconds: float) -> str:
        time.sleep(seconds)
        return threading.current_thread().name

    async def cancelled_names(self, call: Call) -> list[str]:
        return self.cancelled


@unchecked_results  # nobody is signed in
class TablesEndpoint(Endpoint):
    """The ORM from async and sync methods."""

    async def count(self, call: Call) -> int:
        return await Note.objects.acount()

    def count_sync(self, call: Call) -> int:
        return Note.objects.count()

    async def create(self, call: Call, title: str) -> Note:
        return await Note.objects.acreate(title=title, tags=[])

    async def nap(self, call: Call, seconds: float) -> None:
        """Async, but with a slow query."""
        await sync_to_async(_sleep_in_database)(seconds)

    async def read_then_wait(self, call: Call, seconds: float) -> int:
        found = await Note.objects.acount()
        await asyncio.sleep(seconds)
        return found

    async def titles_by_cursor(self, call: Call) -> list[str]:
        return [note.title async for note in Note.objects.order_by("id").aiterator(chunk_size=2)]

    async def fails_after_read(self, call: Call) -> None:
        await Note.objects.acount()
        raise ValueError("after the read")

    def leaves_transaction_open(self, call: Call) -> None:
        transaction.atomic().__enter__()
        Note.objects.create(title="never committed", tags=[])

    async def transaction_over_hops(self, call: Call, commit: bool) -> int:
        atomic = transaction.atomic()
        await sync_to_async(atomic.__enter__)()
        await Note.objects.acreate(title="in a transaction", tags=[])
        inside = await Note.objects.acount()
        if commit:
            await sync_to_async(atomic.__exit__)(None, None, None)
        return inside

    def backend(self, call: Call) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    async def stream_titles(self, call: Call) -> AsyncIterator[str]:
        async for note in Note.objects.order_by("id"):
            yield note.title

    async def stream_titles_by_cursor(self, call: Call) -> AsyncIterator[str]:
        async for note in Note.objects.order_by("id").aiterator(chunk_size=2):
            yield note.title

    def stream_titles_sync(self, call: Call) -> Iterator[str]:
        for note in Note.objects.order_by("id").iterator(chunk_size=2):
            yield note.title

    def statistics(self, call: Call) -> NoteStatistics:
        return NoteStatistics(total=Note.objects.count(), by_color={NoteColor.RED: 1})


class StreamsEndpoint(Endpoint):
    ended: ClassVar[list[str]] = []

    async def count_to(self, call: Call, end: int) -> AsyncIterator[int]:
        try:
            for number in range(1, end + 1):
                yield number
        finally:
            self.ended.append("count_to")

    async def total(self, call: Call, numbers: AsyncIterator[int]) -> int:
        return sum([number async for number in numbers])

    async def total_and_notes(self, call: Call, numbers: AsyncIterator[int]) -> int:
        before = await Note.objects.acount()
        total = sum([number async for number in numbers])
        return total + before + await Note.objects.acount()

    async def returned(self, call: Call, end: int) -> AsyncIterator[int]:
        """An iterator, after a query."""
        await Note.objects.acount()
        return self.count_to(call, end)

    def returned_sync(self, call: Call, end: int) -> AsyncIterator[int]:
        Note.objects.count()
        return self.count_to(call, end)

    async def returns_a_list(self, call: Call) -> AsyncIterator[int]:
        return [1]  # type: ignore[return-value]

    def letters(self, call: Call) -> Iterator[str]:
        try:
            yield from "abc"
        finally:
            self.ended.append("letters")


class CrudEndpoint(Endpoint, abc.ABC):
    """A base that can't be called itself."""

    @abc.abstractmethod
    def kind(self) -> str: ...

    async def describe(self, call: Call) -> str:
        """Describe the subject."""
        return f"about {self.kind()}"

    async def remove_all(self, call: Call) -> None:
        """Not for everyone."""


class BooksEndpoint(CrudEndpoint):
    def kind(self) -> str:
        return "books"

    @hidden
    async def remove_all(self, call: Call) -> None:
        """Hidden here."""


class RareBooksEndpoint(BooksEndpoint):
    """Extends an endpoint that can be called itself."""

    async def describe(self, call: Call) -> str:
        return f"rare {await super().describe(call)}"


class ShelfEndpoint(Endpoint):
    module: ClassVar[str] = "library"

    async def length(self, call: Call) -> int:
        return 3
