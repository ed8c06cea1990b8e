"""Row methods: `teamNoteRows` and its siblings, called as clients call them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from podium.access import RowNotFound, RowRefused
from podium.access.errors import SignInNeeded
from podium.access.rules import rules_of
from podium.endpoints import registry
from podium.endpoints.calls import Identity
from podium.endpoints.errors import ApiKeyRefused, ImpersonationRefused
from podium.endpoints.testing import Caller, call
from podium.rows.endpoints import endpoint, endpoints
from podium.rows.errors import FilterRefused, LimitRefused, ReferenceNotFound
from podium.wire import classes as wire
from tests.access.teams.models import TeamNote
from tests.rows.world import ANNA, BEN, CARL, note, notebook, rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    with rules():
        registry.registry()
        yield


def by(caller: Any) -> Identity:
    return Identity(caller.user_id, caller.scopes)


def made(name: str) -> Any:
    """A class or enum of the row methods."""
    return wire.registered[name].python


def test_the_life_of_a_row() -> None:
    sent = TeamNote(title="Milk", reminded=True, owner_id=None)
    stored = call("teamNoteRows.create", user=by(ANNA), row=sent)
    assert (stored.title, stored.reminded, str(stored.owner_id)) == ("Milk", False, ANNA.user_id)
    assert call("teamNoteRows.get", user=by(ANNA), id=stored.pk).title == "Milk"
    stored.title, stored.color, stored.reminded = "Tea", "red", True
    changed = call("teamNoteRows.update", user=by(ANNA), row=stored)
    assert (changed.title, changed.color, changed.reminded) == ("Tea", "red", False)
    stored.title, stored.color = "Coffee", "blue"
    changed = call("teamNoteRows.update", user=by(ANNA), row=stored, fields=[made("TeamNoteField").COLOR])
    assert (changed.title, changed.color) == ("Tea", "blue")
    assert call("teamNoteRows.delete", user=by(ANNA), id=stored.pk) is None
    with pytest.raises(RowNotFound):
        call("teamNoteRows.get", user=by(ANNA), id=stored.pk)


def test_a_page_with_filter_order_and_related_rows() -> None:
    shared = notebook((BEN, True))
    for title, color in (("a", "red"), ("b", "blue"), ("c", "red"), ("d", "red")):
        note(title, color=color, notebook=shared)
    where, order = made("TeamNoteWhere"), made("TeamNoteOrder")
    asked = {
        "where": where(color="red", notebook_id=shared.pk),
        "order": order.TITLE_DESC,
        "limit": 2,
        "expand": [made("TeamNoteExpand").NOTEBOOK],
    }
    page = call("teamNoteRows.list", user=by(BEN), **asked)
    assert [each.title for each in page.rows] == ["d", "c"]
    assert page.rows[0].notebook == shared
    page = call("teamNoteRows.list", user=by(BEN), **asked, after=page.next)
    assert ([each.title for each in page.rows], page.next) == (["a"], None)
    assert call("teamNoteRows.count", user=by(BEN), where=asked["where"]) == 3
    assert call("teamNoteRows.list", user=by(CARL)).rows == []
    assert call("teamNoteRows.list").rows == []


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_that_is_refused(limit: int) -> None:
    with pytest.raises(LimitRefused, match=f"{limit} is not a valid limit: expected 1 to 1000."):
        call("teamNoteRows.list", user=by(ANNA), limit=limit)


def test_rows_of_others_are_not_there() -> None:
    own = note("own")
    own.title = "changed"
    for name, arguments in (("get", {"id": own.pk}), ("update", {"row": own}), ("delete", {"id": own.pk})):
        for user in (by(BEN), None):
            with pytest.raises(RowNotFound):
                call(f"teamNoteRows.{name}", user=user, **arguments)
    assert TeamNote.objects.get().title == "own"


def test_a_row_that_the_rules_refuse() -> None:
    readable = notebook((CARL, False))
    with pytest.raises(RowRefused):
        call("teamNoteRows.create", user=by(CARL), row=TeamNote(title="x", notebook=readable))
    with pytest.raises(SignInNeeded):
        call("teamNoteRows.create", row=TeamNote(title="x"))
    assert not TeamNote.objects.exists()


def test_operators_who_act_as_a_user_only_read() -> None:
    own = note("own")
    operator = Caller(Identity(ANNA.user_id, frozenset(), operator="1"))
    assert operator.call("teamNoteRows.get", id=own.pk) == own
    for name, arguments in (("create", {"row": own}), ("update", {"row": own}), ("delete", {"id": own.pk})):
        with pytest.raises(ImpersonationRefused):
            operator.call(f"teamNoteRows.{name}", **arguments)


def test_methods_exist_for_actions_with_a_rule() -> None:
    methods = {each.name: [one.wire_name for one in each.methods] for each in registry.definitions()}
    assert methods["teamNoteRows"] == ["get", "list", "count", "create", "update", "delete"]
    assert methods["teamNotebookMemberRows"] == ["get", "list", "count"]


def test_each_discovery_finds_the_same_classes() -> None:
    registry.registry()
    before = endpoints([])
    assert before and endpoints([]) == before


def test_api_keys_do_the_actions_that_the_rules_name() -> None:
    own = note("own")
    program = Caller(Identity(ANNA.user_id, frozenset(), api_key="reports"))
    NoteRules = rules_of(TeamNote)
    assert NoteRules is not None
    with pytest.raises(ApiKeyRefused):
        program.call("teamNoteRows.get", id=own.pk)
    NoteRules.api_keys = ["read"]
    endpoint.cache_clear()
    registry.forget()
    assert program.call("teamNoteRows.get", id=own.pk) == own
    with pytest.raises(ApiKeyRefused):
        program.call("teamNoteRows.delete", id=own.pk)


def test_a_reference_to_an_unseen_row_is_like_one_to_no_row() -> None:
    """Otherwise clients could find out which notebooks exist."""
    theirs, readable = notebook(owner=BEN), notebook((ANNA, False), owner=BEN)
    own = call("teamNoteRows.create", user=by(ANNA), row=TeamNote(title="x"))
    said = set()
    for key in (theirs.pk, 10**9):
        for name in ("create", "update"):
            row = TeamNote(id=own.pk if name == "update" else None, title="x", notebook_id=key)
            with pytest.raises(ReferenceNotFound) as raised:
                call(f"teamNoteRows.{name}", user=by(ANNA), row=row)
            said.add(raised.value.message)
    assert said == {"notebookId: the row does not exist."}
    with pytest.raises(RowRefused):
        call("teamNoteRows.create", user=by(ANNA), row=TeamNote(title="x", notebook_id=readable.pk))
    assert TeamNote.objects.get().notebook_id is None


def test_too_many_values_of_a_filter_are_refused() -> None:
    with pytest.raises(FilterRefused, match="color: more than 1000 values"):
        call("teamNoteRows.count", user=by(ANNA), where=made("TeamNoteWhere")(color_in=["x"] * 1001))
