"""Rows under rules: what is visible, and changes that are checked before and after."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from podium import access
from podium.access import Caller, Me, Rules, Scope, SignedIn, through
from podium.access import rules as rule_classes
from podium.access.errors import SignInNeeded
from podium.endpoints.calls import Call, Identity
from tests.access.teams.models import Team, TeamNote, TeamNotebook, TeamNotebookMember

pytestmark = pytest.mark.django_db

ANNA, BEN, CARL = (Caller(str(uuid.UUID(int=number))) for number in (1, 2, 3))
MODERATOR = Caller(CARL.user_id, frozenset({"moderator"}))


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    class NotebookRules(Rules[TeamNotebook]):
        read = TeamNotebook.Q(owner_id=Me) | TeamNotebook.Q(members__user_id=Me)
        create = SignedIn
        update = delete = TeamNotebook.Q(owner_id=Me)
        fill = {"owner_id": Me}

    class NoteRules(Rules[TeamNote]):
        read = TeamNote.Q(owner_id=Me) | through("notebook") | Scope("moderator")
        create = TeamNote.Q(owner_id=Me, notebook=None) | TeamNote.Q(
            owner_id=Me, notebook__members__user_id=Me, notebook__members__may_write=True
        )
        update = create
        delete = TeamNote.Q(owner_id=Me) | Scope("moderator")
        fill = {"owner_id": Me}

    yield
    rule_classes.forget(TeamNotebook, TeamNote)


@pytest.fixture
def notebook() -> TeamNotebook:
    """Anna's notebook; Ben may write in it, Carl reads it."""
    made = TeamNotebook.objects.create(owner_id=uuid.UUID(ANNA.user_id))
    for caller, may_write in ((BEN, True), (CARL, False)):
        TeamNotebookMember.objects.create(
            notebook=made, user_id=uuid.UUID(caller.user_id), may_write=may_write
        )
    return made


def visible(caller: Caller | None) -> list[str]:
    return sorted(access.visible(TeamNote, caller).values_list("title", flat=True))


def test_a_model_without_rules_is_closed(notebook: TeamNotebook) -> None:
    assert list(access.visible(TeamNotebookMember, ANNA)) == []
    with pytest.raises(access.RowRefused):
        access.create([TeamNotebookMember(notebook=notebook, user_id=uuid.UUID(ANNA.user_id))], ANNA)
    assert notebook.members.count() == 2


def test_each_caller_sees_the_rows_of_the_rule(notebook: TeamNotebook) -> None:
    TeamNote.objects.create(title="in the notebook", owner_id=uuid.UUID(BEN.user_id), notebook=notebook)
    TeamNote.objects.create(title="of Carl", owner_id=uuid.UUID(CARL.user_id))
    assert visible(ANNA) == visible(BEN) == ["in the notebook"]
    assert visible(CARL) == visible(MODERATOR) == ["in the notebook", "of Carl"]
    assert visible(Caller(str(uuid.UUID(int=9)))) == visible(None) == []


def test_create_fills_in_and_checks_the_stored_row(notebook: TeamNotebook) -> None:
    (note,) = access.create([TeamNote(title="x", notebook=notebook, owner_id=uuid.UUID(ANNA.user_id))], BEN)
    assert note.owner_id == uuid.UUID(BEN.user_id), "the client can't choose the owner"
    for caller, error in ((CARL, access.RowRefused), (None, SignInNeeded)):
        with pytest.raises(error):
            access.create([TeamNote(title="y", notebook=notebook)], caller)
    assert TeamNote.objects.count() == 1


def test_several_rows_are_stored_all_or_none(notebook: TeamNotebook) -> None:
    good, bad = TeamNote(title="good"), TeamNote(title="bad", notebook=notebook)
    with pytest.raises(access.RowRefused):
        access.create([good, bad], CARL)
    assert not TeamNote.objects.exists()
    assert len(access.create([TeamNote(title="a"), TeamNote(title="b")], CARL)) == 2


def test_update_checks_the_row_before_and_after(notebook: TeamNotebook) -> None:
    (note,) = access.create([TeamNote(title="x", notebook=notebook)], BEN)
    (changed,) = access.update(TeamNote, {note.pk: {"title": "y"}}, BEN)
    assert changed.title == TeamNote.objects.get().title == "y"
    other = TeamNotebook.objects.create(owner_id=uuid.UUID(CARL.user_id))
    with pytest.raises(access.RowRefused):  # it may not be moved into a notebook that Ben can't write in
        access.update(TeamNote, {note.pk: {"notebook_id": other.pk, "title": "z"}}, BEN)
    with pytest.raises(access.RowRefused):  # nor be given away
        access.update(TeamNote, {note.pk: {"owner_id": uuid.UUID(CARL.user_id)}}, BEN)
    for caller in (ANNA, CARL, None):  # Anna and Carl see it, and may not change it
        with pytest.raises(access.RowNotFound):
            access.update(TeamNote, {note.pk: {"title": "z"}}, caller)
    assert TeamNote.objects.get().title == "y"


def test_one_foreign_row_among_many_changes_nothing() -> None:
    (mine,) = access.create([TeamNote(title="mine")], ANNA)
    (foreign,) = access.create([TeamNote(title="foreign")], BEN)
    with pytest.raises(access.RowNotFound) as raised:
        access.update(TeamNote, {mine.pk: {"title": "z"}, foreign.pk: {"title": "z"}}, ANNA)
    assert raised.value.details["key"] == foreign.pk
    with pytest.raises(access.RowNotFound):
        access.delete(TeamNote, [mine.pk, foreign.pk], ANNA)
    assert sorted(TeamNote.objects.values_list("title", flat=True)) == ["foreign", "mine"]


def test_delete_needs_its_rule_and_a_visible_row() -> None:
    (note,) = access.create([TeamNote(title="x")], ANNA)
    with pytest.raises(access.RowNotFound):
        access.delete(TeamNote, [note.pk], BEN)
    access.delete(TeamNote, [note.pk], MODERATOR)
    assert not TeamNote.objects.exists()


def test_require_raises_not_found_for_rows_that_may_be_read_only(notebook: TeamNotebook) -> None:
    (note,) = access.create([TeamNote(title="x", notebook=notebook)], BEN)
    access.require("read", note, CARL)
    access.require("update", note, BEN)
    with pytest.raises(access.RowNotFound):
        access.require("update", note, CARL)
    with pytest.raises(access.RowNotFound):
        access.require("read", TeamNote(title="not stored"), BEN)


def test_the_caller_of_a_call_is_its_identity() -> None:
    (note,) = access.create([TeamNote(title="x")], call_of(ANNA))
    access.require("delete", note, call_of(MODERATOR))
    with pytest.raises(access.RowNotFound):
        access.require("delete", note, call_of(CARL))
    with pytest.raises(access.RowNotFound):
        access.require("delete", note, Call("notes", "delete"))


def call_of(caller: Caller) -> Call:
    return Call("notes", "method", Identity(caller.user_id, caller.scopes))


@pytest.mark.django_db(transaction=True)
async def test_async_methods_have_the_same_functions() -> None:
    (note,) = await access.acreate([TeamNote(title="x")], ANNA)
    await access.aupdate(TeamNote, {note.pk: {"title": "y"}}, ANNA)
    await access.arequire("read", note, ANNA)
    assert [each.title async for each in access.visible(TeamNote, ANNA)] == ["y"]
    with pytest.raises(access.RowNotFound):
        await access.adelete(TeamNote, [note.pk], BEN)
    await access.adelete(TeamNote, [note.pk], ANNA)
    assert not await TeamNote.objects.aexists()
    await sync_to_async(connections.close_all)()  # of the thread that the async functions use


def test_a_create_that_nobody_like_the_caller_may_do_does_not_reach_the_database() -> None:
    """Otherwise its error would tell which values are taken."""

    class TeamRules(Rules[Team]):
        create = Scope("moderator")

    taken = Team.objects.create(name="x")
    try:
        for caller, error in ((ANNA, access.RowRefused), (None, SignInNeeded)):
            with pytest.raises(error):
                access.create([Team(id=taken.pk, name="y")], caller)
    finally:
        rule_classes.forget(Team)


def test_an_update_can_not_put_a_row_where_the_caller_does_not_see_it() -> None:
    class TeamRules(Rules[Team]):
        read = Team.Q(active=True)
        update = SignedIn

    team = Team.objects.create(name="x", active=True)
    try:
        with pytest.raises(access.RowRefused):
            access.update(Team, {team.pk: {"active": False}}, ANNA)
        assert Team.objects.get().active
    finally:
        rule_classes.forget(Team)
