"""`manage.py access`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from podium.access import Everyone, Me, Rules, Scope, through
from podium.access import rules as rule_classes
from tests.access.teams.models import TeamNote, TeamNotebook, TeamNotebookMember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    class NotebookRules(Rules[TeamNotebook]):
        read = TeamNotebook.Q(owner_id=Me) | TeamNotebook.Q(members__user_id=Me, members__may_write=True)

    class NoteRules(Rules[TeamNote]):
        read = TeamNote.Q(owner_id=Me) | through("notebook") | ~TeamNote.Q(color="red") & Scope("moderator")
        update = Everyone

    yield
    rule_classes.forget(TeamNotebook, TeamNote)


def run(*words: str) -> str:
    output = StringIO()
    call_command("access", *words, stdout=output)
    return output.getvalue()


def test_the_rules_in_words() -> None:
    assert run("rules").endswith(
        "teams.TeamNotebook\n"
        "  read    owner_id = the caller, or one of members with may_write = true and user_id = the caller\n"
        "  create  nobody\n"
        "  update  nobody\n"
        "  delete  nobody\n"
        "teams.TeamNote\n"
        "  read    owner_id = the caller, or notebook is not empty and notebook.owner_id = the caller,"
        " or notebook is not empty and one of notebook.members with may_write = true and user_id = the caller,"
        " or not (color = 'red') and the caller has the scope 'moderator'\n"
        "  create  nobody\n"
        "  update  everyone\n"
        "  delete  nobody\n"
    )
    assert json.loads(run("rules", "--json"))["teams.TeamNote"]["update"] == "everyone"


def test_an_explanation_names_the_conditions_the_rows_and_the_place() -> None:
    user = User.objects.create(email="anna@example.org")
    notebook = TeamNotebook.objects.create()
    note = TeamNote.objects.create(notebook=notebook, color="red")
    member = TeamNotebookMember.objects.create(notebook=notebook, user_id=user.pk, may_write=False)
    row = f"teamnote:{note.pk}"

    told = run("explain", row, "anna@example.org", "update")
    assert told.startswith("update: no\n")
    assert "✗ one of notebook.members with may_write = true and user_id = the caller" in told
    assert "✓ user_id = the caller" in told and "✗ may_write = true" in told
    assert re.search(r"\[TeamNotebook.read at tests/access/test_command.py:\d+\]", told)
    assert "tests/access/test_command.py:" in told

    member.may_write = True
    member.save()
    assert f"(TeamNotebook {notebook.pk}, TeamNotebookMember {member.pk})" in run(
        "explain", row, str(user.pk)
    )
    answer: dict[str, Any] = json.loads(run("explain", row, "anna@example.org", "update", "--json"))
    assert (answer["allowed"], answer["needs"]["allowed"]) == (True, True)
    assert run("explain", row, "nobody").startswith("read: no\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["teamnote", "nobody"], "'teamnote' is not a valid row"),
        (["teamnot:1", "nobody"], "There is no model 'teamnot'"),
        (["teamnote:x", "nobody"], "'x' is not a valid key of teams.TeamNote"),
        (["teamnote:1:1", "nobody"], "'1:1' is not a valid key of teams.TeamNote"),
        (["teamnote:1000000", "nobody"], "There is no teams.TeamNote with the key 1000000"),
        (["session:1", "nobody"], "'session' is the name of several models"),
    ],
)
def test_words_that_name_no_row(words: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run("explain", *words)


def test_the_users_of_a_row() -> None:
    anna = User.objects.create(email="anna@example.org")
    nameless = User.objects.create()
    notebook = TeamNotebook.objects.create()
    for user in (anna, nameless):
        TeamNotebookMember.objects.create(notebook=notebook, user_id=user.pk, may_write=True)
    row = f"teamnote:{TeamNote.objects.create(notebook=notebook).pk}"

    expected = "  users with the scope 'moderator'\n  anna@example.org\n"
    assert run("who", row) == f"read teams.{row}\n{expected}  {nameless.pk}\n"
    assert run("who", row, "delete") == f"delete teams.{row}\n  nobody\n"
    found = json.loads(run("who", row, "update", "--json"))
    assert (found["groups"], found["users"][0]["id"]) == (["users with the scope 'moderator'"], str(anna.pk))


def test_the_rows_of_a_user() -> None:
    user = User.objects.create(email="anna@example.org")
    TeamNote.objects.create(owner_id=user.pk)
    TeamNote.objects.create()
    assert run("sees", "anna@example.org").endswith(
        "teams.TeamNote\n  read    1\n  update  1\n  delete  0\n  create  no\n"
    )
    assert json.loads(run("sees", "nobody", "--json"))["teams.TeamNote"] == {
        "read": 0,
        "update": 0,
        "delete": 0,
        "create": "no",
    }


@pytest.mark.parametrize("words", [["explain", "teamnote:1", "x@example.org"], ["sees", "x@example.org"]])
def test_a_user_that_does_not_exist(words: list[str]) -> None:
    TeamNote.objects.create(id=1)
    with pytest.raises(CommandError, match=r"or id 'x@example\.org'"):
        run(*words)
