"""Mistakes in rules are reported by `manage.py check`, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import new_class
from typing import Any

import pytest
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat

from podium.access import Everyone, Me, Rules, through
from podium.access import rules as rule_classes
from podium.access.checks import access_rules_can_be_used
from tests.access import teams_app
from tests.access.teams.models import Team, TeamMember, TeamNote, TeamNotebook


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    rule_classes.forget(Team, TeamMember, TeamNote, TeamNotebook)


def faults() -> list[str]:
    return [message.msg.removeprefix("tests/access/") for message in access_rules_can_be_used(None)]


def test_good_rules_have_no_faults() -> None:
    class NoteRules(Rules[TeamNote]):
        read = Q(owner_id=Me, notebook__team__members__active=True) | ~Q(color="red")
        update = Q(title=Concat(Value("a"), Value("b"))) & Q(owner_id=F("editor_id"))
        fill = {"owner_id": Me}

    assert faults() == []


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (Q(onwer_id=Me), "Cannot resolve keyword 'onwer_id' into field."),
        (Q(reminded=Me), "value must be either True or False"),
        (Q(owner_id="x"), "is not a valid UUID"),
        (Q(owner_id__in=Me), "'owner_id__in': a column can only be equal to Me"),
        (Q(notebook__members__user_id__gt=Me), "'user_id__gt': a column can only be equal to Me"),
        (Q(), "Q() without conditions is not a rule"),
        (Q(color="red") ^ Q(owner_id=Me), "can't be made with ^"),
        (through("noteboook"), "TeamNote has no relation 'noteboook'"),
        (through("title"), "TeamNote has no relation 'title'"),
        (Q(notebook__members__user_id=F("owner_id")), "can't be compared with F(...)"),
        (Q(title=Concat(F("color"), Value("x"))), "can be compared with F(...) alone"),
        (Q(id__in=[F("notebook_id")]), "can be compared with F(...) alone"),
        (Q(owner_id=OuterRef("editor_id")), "can be compared with F(...) alone"),
        (Q(id__in=TeamNote.objects.values("id")), "can be compared with F(...) alone"),
        (Q(Exists(TeamNote.objects.all())), "is not a condition"),
        ("everyone", "'everyone' is not a condition"),
    ],
)
def test_a_rule_that_cannot_be_used(condition: Any, reason: str) -> None:
    class NoteRules(Rules[TeamNote]):
        update = Everyone
        read = condition

    (fault,) = faults()
    line = next(
        number
        for number, text in enumerate(Path(__file__).read_text(encoding="utf-8").splitlines(), 1)
        if text.strip() == "read = condition"
    )
    assert fault.startswith(f"test_checks.py:{line}: NoteRules.read: ")
    assert reason in fault


def test_rules_that_lead_back_to_themselves() -> None:
    class NoteRules(Rules[TeamNote]):
        read = through("notebook")

    class NotebookRules(Rules[TeamNotebook]):
        read = Q(owner_id=Me) | through("members__notebook")

    for fault in faults():
        assert "through() leads back to the same rule: " in fault
        assert "TeamNotebook.read -> TeamNotebook.read" in fault
    assert len(faults()) == 2


def test_unknown_names_and_fields() -> None:
    class NoteRules(Rules[TeamNote]):
        raed = Q(owner_id=Me)
        fill = {"remindet": False}

    unknown, field = faults()
    assert "NoteRules.raed: rules have no 'raed'" in unknown
    assert "NoteRules.fill: TeamNote has no field 'remindet'; did you mean 'reminded'?" in field


def test_two_classes_for_one_model() -> None:
    class NoteRules(Rules[TeamNote]):
        read = Everyone

    class MoreNoteRules(Rules[TeamNote]):
        read = Q(owner_id=Me)

    (fault,) = faults()
    assert "TeamNote has rules at" in fault


def test_the_app_of_these_tests_is_up_to_date() -> None:
    for path, text in teams_app.sources().items():
        assert text == path.read_text(encoding="utf-8")


def test_good_field_rules_have_no_faults() -> None:
    class NotebookRules(Rules[TeamNotebook]):
        read = Everyone

    class NoteRules(Rules[TeamNote]):
        read = Everyone
        fill = {"owner_id": Me}
        fixed = ["reminded"]
        readable = ["title", "reminded", "notebook"]
        writable = {"create": ["title", "notebook"], "update": ["title"]}
        filter = ["notebook", "title"]
        expand = ["notebook"]

    assert faults() == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"filter": ["titel"]}, "NoteRules.filter: TeamNote has no field 'titel'; did you mean 'title'?"),
        ({"fixed": ["x"]}, "NoteRules.fixed: TeamNote has no field 'x'."),
        ({"filter": ["notebook__owner_id"]}, "TeamNote has no field 'notebook__owner_id'"),
        ({"readable": ["title"]}, "reminded is left out, but is not nullable"),
        (
            {"readable": ["title", "reminded"], "filter": ["color"]},
            "color can't be used: clients do not see it.",
        ),
        ({"expand": ["title"]}, "title can't be used: clients do not see it."),
        ({"expand": ["notebook"]}, "nobody may read TeamNotebook: write rules with `read` for it."),
        ({"fixed": ["color"], "writable": ["color"]}, "color is in `fixed` as well"),
        ({"writable": {"read": ["color"]}}, '\'read\' is not one of "create" and "update".'),
        ({"api_keys": ["list"]}, "'list' is not one of read, create, update, delete."),
        ({"api_keys": ["update"]}, 'a changed row is shown to the program: add "read".'),
        ({"entries": ["http"]}, "'http' is not one of"),
    ],
)
def test_field_rules_that_cannot_be_used(given: dict[str, Any], reason: str) -> None:
    new_class("NoteRules", (Rules[TeamNote],), {}, lambda own: own.update(read=Everyone, **given))
    assert any(reason in fault for fault in faults()), faults()
