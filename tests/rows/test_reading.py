"""Rows, pages and counts for clients: the same rows as the ORM under the rules, in the same order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import pytest
from asgiref.sync import async_to_sync

from podium.access import RowNotFound, visible
from podium.access.errors import FieldRefused
from podium.rows import reading
from podium.rows.asked import Asked, Filter, Order, expand_field, filter_field, operator_of
from podium.rows.errors import CursorRefused
from tests.access import world as random_world
from tests.access.teams.models import TeamNote, TeamNotebook
from tests.rows.world import ANNA, BEN, CARL, MODERATOR, note, notebook, rules

pytestmark = [pytest.mark.django_db, pytest.mark.reads]


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    with rules():
        yield


def order(*keys: str) -> tuple[Order, ...]:
    return tuple(Order(filter_field(TeamNote, each.removeprefix("-")), each.startswith("-")) for each in keys)


def where(**given: object) -> tuple[Filter, ...]:
    found = []
    for name, value in given.items():
        key, _, operator = name.partition("__")
        field = filter_field(TeamNote, key)
        found.append(Filter(field, operator_of(field, operator), value))
    return tuple(found)


def titles(**given: object) -> list[str]:
    rows = reading.run(reading.page(Asked(TeamNote, where(**given)), ANNA)).rows
    return [each.title for each in rows]


ORDERS = [
    (),
    *[(sign + key,) for sign, key in product(["", "-"], ["id", "title", "color", "notebookId", "reminded"])],
    ("color", "-title"),
    ("-notebookId", "color"),
    ("-color", "-notebookId", "title"),
]


@pytest.mark.parametrize("keys", ORDERS, ids=",".join)
def test_pages_have_all_rows_once_in_the_order_of_the_orm(keys: tuple[str, ...]) -> None:
    random_world.make(7)
    pick = random.Random(7)
    for each in TeamNote.objects.all():
        each.title = pick.choice(["", "a", "B", "ä", "a%", "x\\y"])
        each.save()
    attribute = {"notebookId": "notebook_id"}
    names = [("-" if key[0] == "-" else "") + attribute.get(key.strip("-"), key.strip("-")) for key in keys]
    names.append("-pk" if keys and keys[-1][0] == "-" else "pk")
    for caller in (*random_world.CALLERS, MODERATOR):
        expected = list(visible(TeamNote, caller).order_by(*names))
        assert reading.run(reading.count(Asked(TeamNote), caller)) == len(expected)
        found, after = [], ""
        while True:
            page = reading.run(
                reading.page(Asked(TeamNote, order=order(*keys), limit=7, after=after), caller)
            )
            found += page.rows
            after = page.next
            if not after:
                break
            assert len(page.rows) == 7
        assert found == expected


def test_filters() -> None:
    shared = notebook()
    note("Milk", color="red")
    note("50% off_", color="blue", reminded=True)
    note("50x offx", notebook=shared)
    note("Other's", owner=BEN)
    assert titles(color="red") == ["Milk"]
    assert titles(color__in=["red", "blue", "green"]) == ["Milk", "50% off_"]
    assert titles(color__in=[]) == []
    assert titles(color__isNull=True) == ["50x offx"]
    assert titles(color__isNull=False, reminded=True) == ["50% off_"]
    assert titles(title__contains="% OFF_") == ["50% off_"]
    assert titles(title__startsWith="50") == ["50% off_", "50x offx"]
    assert titles(notebookId=shared.pk) == ["50x offx"]
    assert titles(id__gte=10**30) == []


def test_an_unknown_field_or_operator_is_refused() -> None:
    for key in (
        "editorId",
        "ownerId",
        "owner_id",
        "notebook__owner_id",
        "notebook",
        "titel",
        "__className__",
    ):
        with pytest.raises(FieldRefused, match="Clients can't filter or sort by"):
            filter_field(TeamNote, key)
    with pytest.raises(FieldRefused, match="Did you mean 'title'"):
        filter_field(TeamNote, "titel")
    with pytest.raises(FieldRefused, match=r"'reminded' can't be filtered by 'gt'\. Allowed: only equality"):
        operator_of(filter_field(TeamNote, "reminded"), "gt")
    with pytest.raises(FieldRefused):
        expand_field(TeamNote, "owner")


def test_related_rows_are_under_their_own_rules() -> None:
    shared = notebook((BEN, True), (CARL, False))
    made = note("shared", notebook=shared)
    public = notebook(public=True)
    notes = (expand_field(TeamNote, "notebook"),)
    members = (expand_field(TeamNotebook, "members"),)
    assert reading.run(reading.row(TeamNote, made.pk, CARL, notes)).notebook == shared
    moderated = reading.run(reading.row(TeamNote, note("own").pk, MODERATOR, notes))
    assert moderated._state.fields_cache == {}
    hidden = note("hidden", notebook=notebook(owner=BEN), owner=ANNA)
    assert reading.run(reading.row(TeamNote, hidden.pk, ANNA, notes))._state.fields_cache == {}
    for caller, count in ((ANNA, 2), (BEN, 1), (CARL, 1)):
        found = reading.run(reading.page(Asked(TeamNotebook, expand=members), caller)).rows
        loaded = {each.pk: len(each._prefetched_objects_cache["members"]) for each in found}
        assert loaded.items() >= {shared.pk: count, public.pk: 0}.items()


def test_fields_that_clients_may_not_read_are_empty() -> None:
    made = note("x", editor_id=random_world.USERS[3])
    assert reading.run(reading.row(TeamNote, made.pk, ANNA)).editor_id is None


def test_invisible_and_absent_rows_are_not_found() -> None:
    for key in (note("x", owner=BEN).pk, 10**9, 10**30):
        with pytest.raises(RowNotFound):
            reading.run(reading.row(TeamNote, key, ANNA))


@pytest.mark.parametrize("text", ["x", "ä", "bnVsbA", "W10", "WyIiXQ", "WyJpZCIsICJ4Il0", "A" * 20_000])
def test_a_cursor_that_is_not_valid(text: str) -> None:
    with pytest.raises(CursorRefused):
        reading.run(reading.page(Asked(TeamNote, after=text), ANNA))


def test_a_cursor_of_another_order_is_refused() -> None:
    note("a")
    note("b")
    after = reading.run(reading.page(Asked(TeamNote, limit=1), ANNA)).next
    with pytest.raises(CursorRefused):
        reading.run(reading.page(Asked(TeamNote, order=order("title"), after=after), ANNA))


@pytest.mark.django_db(transaction=True)
def test_on_the_event_loop() -> None:
    note("a")

    async def read() -> list[str]:
        return [each.title for each in (await reading.arun(reading.page(Asked(TeamNote), ANNA))).rows]

    assert async_to_sync(read)() == ["a"]
