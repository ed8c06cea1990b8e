"""Claims of docs/reference/coming-from-serverpod.md about calls, inheritance and tests that no other test covers."""

from __future__ import annotations

import abc
import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar

import httpx
import pytest
from django.db import IntegrityError, transaction

from podium.endpoints import asgi
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, deprecated, hidden
from podium.endpoints.errors import MethodNotFound, NotSignedIn, ScopeMissing
from podium.endpoints.registry import Registry
from podium.endpoints.testing import acall, call, rolled_back, serving, stream
from podium.wire import classes as wire
from podium.wire.classes import SerializableException
from podium.wire.errors import WireError
from podium.wire.types import BigInt
from realtime import messages
from realtime.testing import listening
from tests.notes.models import Note


class PlainEndpoint(Endpoint):
    async def when(self, call: Call, at: datetime) -> datetime:
        return at

    async def echo(self, call: Call, values: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for value in values:
            yield value

    async def numbers(self, call: Call, channel: str) -> AsyncIterator[int]:
        async with messages.subscribe(channel) as values:
            async for value in values:
                yield value

    async def at_once(self, call: Call) -> int:
        async with asyncio.TaskGroup() as tasks:
            for title in ("a", "b"):
                tasks.create_task(Note.objects.acreate(title=title, tags=[]))
        return await Note.objects.acount()

    def swallow(self, call: Call) -> int:
        """Continue within the same transaction after the database refused a statement."""
        with transaction.atomic():
            note = Note.objects.create(title="milk", tags=[])
            with suppress(IntegrityError):
                Note(id=note.id, title="tea", tags=[]).save(force_insert=True)
        return Note.objects.count()


@hidden
class ArithmeticEndpoint(Endpoint):
    async def add(self, call: Call, a: int, b: int) -> int:
        return a + b

    async def subtract(self, call: Call, a: int, b: int) -> int:
        return a - b


class AdderEndpoint(ArithmeticEndpoint):
    @hidden
    async def subtract(self, call: Call, a: int, b: int) -> int:
        raise NotImplementedError


class BigEndpoint(Endpoint, abc.ABC):
    @hidden
    async def big(self, call: Call) -> BigInt:
        return BigInt(2**64)


class OpenBigEndpoint(BigEndpoint):
    async def big(self, call: Call) -> BigInt:
        return await super().big(call)


class SignedInEndpoint(Endpoint, abc.ABC):
    require_login: ClassVar[bool] = True


class AdminsEndpoint(Endpoint, abc.ABC):
    required_scopes: ClassVar[frozenset[str]] = frozenset({"admin"})


class MineEndpoint(SignedInEndpoint):
    async def who(self, call: Call) -> str:
        return call.user_id


class TheirsEndpoint(AdminsEndpoint):
    async def who(self, call: Call) -> str:
        return call.user_id


@deprecated("use TeamV2Endpoint")
class TeamEndpoint(Endpoint):
    async def join(self, call: Call) -> str:
        return "by address"

    async def leave(self, call: Call) -> str:
        return "gone"


@pytest.fixture(autouse=True)
def served(registry: Registry) -> Iterator[Registry]:
    with serving(
        PlainEndpoint,
        AdderEndpoint,
        OpenBigEndpoint,
        MineEndpoint,
        TheirsEndpoint,
    ) as both:
        yield both


def test_times_arrive_in_utc() -> None:
    at = datetime(2030, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    answer = call("plain.when", at=at)
    assert answer == at and answer.tzinfo is UTC and answer.hour == 0


async def test_a_stream_of_any_type_accepts_every_value() -> None:
    async def values() -> AsyncIterator[Any]:
        yield "Hello"
        yield 42
        yield Note(title="milk", tags=[])

    echoed = [each async for each in stream("plain.echo", values=values())]
    assert echoed[:2] == [{"className": "String", "data": "Hello"}, {"className": "int", "data": 42}]
    assert (echoed[2]["className"], echoed[2]["data"]["title"]) == ("Note", "milk")


async def test_an_exception_written_by_hand_reaches_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusal(SerializableException):
        def to_json(self) -> dict[str, str]:
            return {"text": "no"}

    class RefusingEndpoint(Endpoint):
        async def refuse(self, call: Call) -> None:
            raise Refusal

    monkeypatch.setattr(wire, "registered", dict(wire.registered))
    monkeypatch.setattr(wire, "by_python", dict(wire.by_python))
    wire.register([wire.WireExtra("Refusal", Refusal)])
    transport = httpx.ASGITransport(asgi.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        with serving(RefusingEndpoint):
            answer = await client.post("/refusing/refuse")
    assert (answer.status_code, answer.json()) == (400, {"className": "Refusal", "data": {"text": "no"}})


async def test_a_message_of_another_type_ends_the_stream_that_sends_it() -> None:
    channel = uuid.uuid4().hex
    async with listening(stream("plain.numbers", channel=channel), channel) as heard:
        await messages.publish(channel, 1)
        await messages.publish(channel, "two")
        assert await anext(heard) == 1
        with pytest.raises(WireError):
            await anext(heard)


def test_hidden_methods_are_no_longer_hidden_if_they_are_overridden() -> None:
    assert call("adder.add", a=1, b=2) == 3
    with pytest.raises(MethodNotFound):
        call("adder.subtract", a=1, b=2)
    assert call("openBig.big") == 2**64


def test_a_base_decides_who_may_call_its_subclasses() -> None:
    with pytest.raises(NotSignedIn):
        call("mine.who")
    with pytest.raises(ScopeMissing):
        call("theirs.who", user="anna")
    assert call("mine.who", user="anna") == call("theirs.who", user="anna", scopes=["admin"]) == "anna"


def test_an_endpoint_is_replaced_by_one_that_extends_it() -> None:
    with pytest.deprecated_call(match="use TeamV2Endpoint"):  # Python's own warning, at import

        class TeamV2Endpoint(TeamEndpoint):
            async def join(self, call: Call, code: str) -> int:  # type: ignore[override]
                """Serverpod's page says that Dart does not allow this; Python does."""
                return len(code)

    with serving(TeamEndpoint, TeamV2Endpoint) as served:
        assert call("team.join") == "by address"
        assert call("teamV2.join", code="four") == 4
        assert call("teamV2.leave") == "gone"
        old, new = (served.find(name, "join").method for name in ("team", "teamV2"))
    assert (old.deprecated, new.deprecated) == ("use TeamV2Endpoint", "")


@pytest.mark.django_db
@rolled_back
async def test_concurrent_work_of_a_method_is_rolled_back_too() -> None:
    assert await acall("plain.at_once") == 2


@pytest.mark.django_db
def test_a_swallowed_database_error_rolls_back_the_transaction_in_a_test() -> None:
    assert call("plain.swallow") == 0


@pytest.mark.django_db(transaction=True)
def test_a_swallowed_database_error_rolls_back_the_transaction_on_the_server() -> None:
    assert call("plain.swallow") == 0
