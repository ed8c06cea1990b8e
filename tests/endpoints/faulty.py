"""Endpoints with every fault that a programmer can cause; test_signatures.py has the message for each."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, unauthenticated_call
from podium.wire.types import SetAsList
from tests.notes.models import Note

if TYPE_CHECKING:
    from tests.notes.models import Notebook


class NotInAModelFile: ...


class FaultyEndpoint(Endpoint):
    async def bare_list(self, call: Call, names: list) -> None: ...  # type: ignore[type-arg]

    async def set_of_objects(self, call: Call, notes: set[Note | None]) -> None: ...

    async def listed_texts(self, call: Call) -> SetAsList[str]: ...  # type: ignore[empty-body]

    async def no_type(self, call: Call, name) -> None: ...

    async def no_result(self, call: Call): ...

    async def misspelt(self, call: Call, note: Noet) -> None: ...  # type: ignore[name-defined]  # noqa: F821

    async def for_the_checker_alone(self, call: Call) -> Notebook: ...  # type: ignore[empty-body]

    async def unknown_class(self, call: Call) -> NotInAModelFile: ...  # type: ignore[empty-body]

    async def decimals(self, call: Call, price: decimal.Decimal) -> None: ...

    async def dates(self, call: Call, day: list[datetime.date]) -> None: ...

    async def two_types(self, call: Call, value: int | str) -> None: ...

    async def not_a_type(self, call: Call, value: [int]) -> None: ...  # type: ignore[valid-type, misc]

    async def many(self, call: Call, *values: int, **more: int) -> None: ...

    async def by_place(self, call: Call, value: int, /) -> None: ...

    async def default_of_another_type(self, call: Call, limit: int = "5") -> None: ...  # type: ignore[assignment]

    async def default_none(self, call: Call, limit: int = None) -> None: ...  # type: ignore[assignment]  # noqa: RUF013

    async def no_call(self, call) -> None: ...

    async def yields(self, call: Call) -> int:  # type: ignore[misc]
        yield 1

    def sync_async(self, call: Call) -> AsyncIterator[int]:  # type: ignore[misc]
        yield 1

    async def async_sync(self, call: Call) -> Iterator[int]:  # type: ignore[misc]
        yield 1

    async def bare_stream(self, call: Call) -> AsyncIterator:  # type: ignore[type-arg]
        yield 1

    async def nested_stream(self, call: Call, values: list[AsyncIterator[int]]) -> None: ...

    async def sync_input(self, call: Call, values: Iterator[int]) -> None: ...

    def sync_reader(self, call: Call, values: AsyncIterator[int]) -> None: ...

    async def two_faults(self, call: Call, names: list, note: Noet) -> None: ...  # type: ignore  # noqa: F821

    async def same_name(self, call: Call) -> None: ...

    async def sameName(self, call: Call) -> None: ...

    async def fine(self, call: Call, note: Note, anything: Any, more: list[Note] | None = None) -> None: ...


class ScopesEndpoint(Endpoint):
    required_scopes: ClassVar[frozenset[str]] = "admin"  # type: ignore[assignment]

    @unauthenticated_call
    async def sign_in(self, call: Call) -> None: ...


class Faulty(Endpoint):
    async def fine(self, call: Call) -> None: ...
