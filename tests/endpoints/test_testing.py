"""The helpers for the tests of projects."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from podium.endpoints.calls import Call, Identity
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.errors import (
    BadEndpoints,
    BadResult,
    InvalidArguments,
    MethodNotFound,
    NotSignedIn,
    ScopeMissing,
)
from podium.endpoints.testing import Caller, acall, call, rolled_back, serving, stream
from tests.endpoints.faulty import FaultyEndpoint
from tests.notes.models import Note, NoteColor, NoteNotFoundException


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["count", "count_sync"])
def test_a_call_sees_rows_of_the_tests_transaction(method: str) -> None:
    assert call(f"tables.{method}") == 0
    Note.objects.create(title="mine", tags=[])
    assert call(f"tables.{method}") == 1


@pytest.mark.django_db
def test_the_test_sees_rows_of_a_call() -> None:
    created = call("tables.create", title="milk")
    assert Note.objects.get() == created and created.title == "milk"


def test_arguments_and_result_are_encoded_and_decoded() -> None:
    note = Note(title="milk", tags=[], owner_id=uuid.uuid4())
    result = call(
        "echo.everything",
        a_bool=True,
        a_float=1,
        some_bytes=b"hi",
        a_time=datetime(2030, 1, 1, tzinfo=UTC),
        a_span=timedelta(seconds=1),
        an_id=uuid.UUID(int=1),
        colors=[NoteColor.RED],
        counts={"a": 1},
        note=note,
        anything=None,
    )
    assert result["1"] == "1.0" and result["8"] == "'milk'" and result["9"] == "None"


def test_users_and_scopes_are_given_by_the_test() -> None:
    with pytest.raises(NotSignedIn):
        call("members.hello")
    assert call("members.hello", user="anna") == "hello anna"
    assert call("members.hello", user=Identity("berta")) == "hello berta"
    with pytest.raises(ScopeMissing):
        call("staff.hello", user="anna")
    assert call("staff.hello", user="anna", scopes=["admin"]) == "hello anna"


def test_names_may_be_those_of_python_or_of_the_wire() -> None:
    assert call("echo.number_sync", value=1) == call("echo.numberSync", value=1) == 1
    assert call("library.shelf.length") == 3
    with pytest.raises(MethodNotFound):
        call("echo.nowhere")


def test_errors_are_those_of_the_server() -> None:
    with pytest.raises(NoteNotFoundException) as refused:
        call("failing.declared_sync")
    assert refused.value.note_id == 6
    with pytest.raises(InvalidArguments, match="Missing required query parameter: value"):
        call("echo.number")
    with pytest.raises(InvalidArguments, match="value: "):
        call("echo.number", value="five")
    with pytest.raises(BadResult):
        call("failing.wrong_result")
    with pytest.raises(TypeError, match="has no parameter valeu; it has value"):
        call("echo.number", valeu=1)


async def test_async_tests_await_the_call() -> None:
    assert await acall("echo.number", value=5) == 5
    assert await acall("echo.number_sync", value=5) == 5


async def test_streams_are_iterated() -> None:
    assert [value async for value in stream("streams.count_to", end=3)] == [1, 2, 3]
    async with aclosing(stream("streams.letters")) as letters:
        assert await anext(letters) == "a"


async def test_input_streams_are_async_iterators() -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        yield 2

    assert await acall("streams.total", numbers=numbers()) == 3


def test_endpoints_of_the_test_can_be_served_temporarily() -> None:
    class MineEndpoint(Endpoint):
        async def double(self, call: Call, value: int) -> int:
            return value * 2

    with serving(MineEndpoint):
        assert call("mine.double", value=2) == 4
        assert call("echo.number", value=2) == 2
    with pytest.raises(Exception, match="Endpoint not found: 'mine'"):
        call("mine.double", value=2)
    with pytest.raises(BadEndpoints), serving(FaultyEndpoint):
        pass


@pytest.mark.django_db
@rolled_back
async def test_an_async_test_can_share_its_transaction_with_its_calls() -> None:
    await Note.objects.acreate(title="mine", tags=[])
    assert await acall("tables.count") == await acall("tables.count_sync") == 1
    await acall("tables.create", title="milk")
    assert {note.title async for note in Note.objects.all()} == {"mine", "milk"}


@pytest.mark.django_db
def test_the_shared_transaction_was_rolled_back() -> None:
    assert not Note.objects.exists()


def test_a_caller_is_used_for_many_calls_and_changed_for_one() -> None:
    anna = Caller("anna", scopes={"admin"}, headers={"User-Agent": "test"}, address="192.0.2.1")
    assert anna.call("staff.hello") == anna.call("members.hello") == "hello anna"
    about = anna.call("echo.about")
    assert (about["agent"], about["address"]) == ("test", "192.0.2.1")
    with pytest.raises(ScopeMissing):
        replace(anna, scopes=()).call("staff.hello")
    with pytest.raises(NotSignedIn):
        Caller().call("members.hello")


def test_arguments_may_have_the_names_of_the_callers_fields() -> None:
    class BlockEndpoint(Endpoint):
        require_login = True

        async def block(self, call: Call, user: str, scopes: list[str], name: str) -> str:
            return f"{call.user_id} blocks {user} {scopes} {name}"

    with serving(BlockEndpoint):
        said = Caller("anna").call("block.block", user="ben", scopes=["all"], name="x")
    assert said == "anna blocks ben ['all'] x"


async def test_a_caller_has_streams_and_async_calls_too() -> None:
    anna = Caller("anna")
    assert await anna.acall("members.hello") == "hello anna"
    assert [value async for value in anna.stream("streams.count_to", end=2)] == [1, 2]


def test_an_unauthenticated_method_sees_no_user() -> None:
    assert call("echo.sign_in", user="anna") == "nobody"
