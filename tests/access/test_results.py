"""In development and tests, a method that returns a row which its caller may not read fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.test import override_settings

from podium.access import Caller
from podium.endpoints.calls import Call, Identity
from podium.endpoints.endpoint import Endpoint, unchecked_results
from podium.endpoints.errors import InvisibleResult
from podium.endpoints.registry import Registry, instead
from podium.endpoints.testing import Caller as Client
from podium.endpoints.testing import call
from tests.access.teams.models import TeamNote, TeamNotebook
from tests.rows.world import ANNA, BEN, note, notebook, rules

pytestmark = pytest.mark.django_db(transaction=True)


class CarelessEndpoint(Endpoint):
    def all_notes(self, call: Call) -> list[TeamNote]:
        return list(TeamNote.objects.all())

    async def one(self, call: Call) -> TeamNote | None:
        return await TeamNote.objects.afirst()

    def by_color(self, call: Call) -> dict[str, list[TeamNote]]:
        return {"red": list(TeamNote.objects.all())}

    def with_notebook(self, call: Call) -> list[TeamNote]:
        return list(TeamNote.objects.select_related("notebook"))

    def removed(self, call: Call) -> list[TeamNote]:
        rows = list(TeamNote.objects.all())
        TeamNote.objects.all().delete()
        return rows

    def draft(self, call: Call) -> TeamNote:
        return TeamNote(title="not stored")

    @unchecked_results
    def on_purpose(self, call: Call) -> list[TeamNote]:
        return list(TeamNote.objects.all())

    async def stream(self, call: Call) -> AsyncIterator[TeamNote]:
        async for each in TeamNote.objects.all():
            yield each


@pytest.fixture(autouse=True)
def _served() -> Iterator[None]:
    with rules(), instead(Registry([CarelessEndpoint])):
        yield


def by(caller: Caller) -> Identity:
    return Identity(caller.user_id, caller.scopes)


@pytest.mark.parametrize("method", ["all_notes", "one", "by_color"])
def test_a_row_that_the_caller_may_not_read(method: str) -> None:
    made = note("secret")
    call(f"careless.{method}", user=by(ANNA))
    with pytest.raises(InvisibleResult) as error:
        call(f"careless.{method}", user=by(BEN))
    text = str(error.value)
    assert f" returned TeamNote {made.pk}, which the user {BEN.user_id} may not read" in text
    assert "tests/rows/world.py:" in text
    with pytest.raises(InvisibleResult, match="a caller who is not signed in"):
        call(f"careless.{method}")


def test_a_related_row_is_checked_too() -> None:
    note("own", notebook=notebook(owner=BEN))
    call("careless.all_notes", user=by(ANNA))
    with pytest.raises(InvisibleResult, match="returned TeamNotebook"):
        call("careless.with_notebook", user=by(ANNA))


def test_a_field_that_clients_may_not_read() -> None:
    made = note("own")
    TeamNote.objects.update(editor_id=made.owner_id)
    with pytest.raises(InvisibleResult, match=r"returned TeamNote\.editor_id, which clients may not read"):
        call("careless.all_notes", user=by(ANNA))


@pytest.mark.parametrize("method", ["removed", "draft", "on_purpose"])
def test_results_that_are_not_refused(method: str) -> None:
    note("secret")
    call(f"careless.{method}", user=by(BEN))


def test_each_value_of_a_stream() -> None:
    note("secret")

    async def read() -> list[Any]:
        return [each async for each in Client(by(BEN)).stream("careless.stream")]

    with pytest.raises(InvisibleResult):
        asyncio.run(read())


@override_settings(ACCESS_RESULTS="off")
def test_nothing_is_checked_in_production() -> None:
    note("secret")
    assert len(call("careless.all_notes", user=by(BEN))) == 1
    assert TeamNotebook.objects.count() == 0
