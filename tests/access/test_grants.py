"""The users who may do something with a row, for rules with scopes behind relations."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import reduce
from itertools import chain, combinations
from operator import and_
from typing import Any

import pytest
from django.db.models import Q

from podium.access import Caller, Me, Rules, Scope, through, visible
from podium.access import rules as rule_classes
from podium.access.errors import RuleError
from podium.access.explain import explain
from podium.access.grants import grants
from podium.access.inverse import ALL, NONE, TooManyUsers, Users, union
from tests.access.teams.models import TeamNote, TeamNotebook, TeamNotebookMember

pytestmark = pytest.mark.django_db
ANNA, BEN = (uuid.UUID(int=number) for number in (1, 2))
NAMES = ("banned", "support")
SCOPES = [frozenset(each) for each in chain.from_iterable(combinations(NAMES, size) for size in range(3))]


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    class MemberRules(Rules[TeamNotebookMember]):
        read = Q(user_id=Me) & ~Q(Scope("banned")) | Scope("support") & Q(may_write=True)

    class NotebookRules(Rules[TeamNotebook]):
        read = through("members")
        update = ~Q(members__user_id=Me) & Scope("support")

    class NoteRules(Rules[TeamNote]):
        read = through("notebook")

    yield
    rule_classes.forget(TeamNotebookMember, TeamNotebook, TeamNote)


@pytest.mark.parametrize("may_write", [True, False])
@pytest.mark.parametrize("action", ["read", "update", "delete"])
def test_grants_agree_with_the_filter_for_each_user_and_scope(action: Any, may_write: bool) -> None:
    notebook = TeamNotebook.objects.create()
    TeamNotebookMember.objects.create(notebook=notebook, user_id=ANNA, may_write=may_write)
    found = grants(action, notebook)
    for user in (ANNA, BEN):
        for scopes in SCOPES:
            caller = Caller(str(user), scopes)
            is_visible = visible(TeamNotebook, caller, action).filter(pk=notebook.pk).exists()
            assert any(each.applies(str(user), scopes) for each in found) == is_visible, caller


def test_an_explanation_names_each_row_on_a_path_over_several_relations() -> None:
    notebook = TeamNotebook.objects.create()
    member = TeamNotebookMember.objects.create(notebook=notebook, user_id=ANNA)
    note = TeamNote.objects.create(notebook=notebook)
    [way] = explain("read", note, Caller(str(ANNA))).ways
    assert way.holds
    assert [str(row) for row in way.reasons[-1].rows] == [
        f"TeamNotebook {notebook.pk}",
        f"TeamNotebookMember {member.pk}",
    ]
    assert way.reasons[-1].models == ("teams.TeamNotebook", "teams.TeamNotebookMember")


def test_more_users_than_asked_for_are_an_error() -> None:
    notebook = TeamNotebook.objects.create()
    for user in (ANNA, BEN):
        TeamNotebookMember.objects.create(notebook=notebook, user_id=user)
    assert grants("read", notebook, most=2)
    with pytest.raises(TooManyUsers):
        grants("read", notebook, most=1)


def test_more_scopes_behind_relations_than_can_be_combined_are_an_error() -> None:
    rule_classes.forget(TeamNote)

    class NoteRules(Rules[TeamNote]):
        read = ~reduce(and_, (Q(Scope(name)) for name in "abcde"))

    with pytest.raises(RuleError, match="more than 4 scopes"):
        grants("read", TeamNote.objects.create())


def test_sets_of_users() -> None:
    one, both = Users(frozenset("a")), Users(frozenset("ab"))
    assert union([one, both]) == both and (one & both) == one
    assert union([one, ~both]) == Users(frozenset("b"), all_but=True)
    assert (both & ~one) == Users(frozenset("b"))
    assert (~one & ~both) == ~both
    assert union([]) == NONE and not NONE and union([one, ~one]) == ALL
    assert "a" in one and "c" not in one and "c" in ~one
