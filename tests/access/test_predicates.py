"""A rule means the same everywhere, for random rules over three hops."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from podium import access
from podium.access import Caller, Rules, alternatives, inverse
from podium.access import rules as rule_classes
from podium.access.conditions import Condition
from podium.access.errors import RuleError
from podium.access.explain import explain
from podium.access.grants import grants
from tests.access import world
from tests.access.teams.models import TeamNote

RULES = int(os.environ.get("PODIUM_RANDOM_RULES", "40"))
"""More rules: PODIUM_RANDOM_RULES=2000."""


@pytest.mark.django_db
def test_filter_single_check_explanation_and_inverse_agree_with_an_evaluation_in_python() -> None:
    world.make(seed=1)
    notes = list(TeamNote.objects.select_related("notebook__team"))
    pick, some = random.Random(RULES), 0
    for _ in range(RULES):
        rule = world.random_rule(pick)
        with rules_of_notes(rule):
            try:
                alternatives.alternatives(TeamNote, "read")
            except RuleError as error:
                assert "alternatives" in str(error)
                continue
            expected = {
                (note.pk, caller)
                for caller in world.CALLERS
                for note in notes
                if world.holds(rule, note, caller)
            }
            for caller in world.CALLERS:
                found = set(access.visible(TeamNote, caller).values_list("pk", flat=True))
                assert found == {key for key, each in expected if each == caller}, f"{rule} {caller}"
                some += 0 < len(found) < len(notes)
            signed_in = [caller for caller in world.CALLERS if caller and not caller.scopes]
            assert inverse.allowed(TeamNote, "read", [note.pk for note in notes], signed_in) == {
                (key, caller.user_id) for key, caller in expected if caller and not caller.scopes
            }, rule
            for note in pick.sample(notes, 2):
                given = grants("read", note)
                for caller in filter(None, world.CALLERS):
                    is_granted = any(each.applies(caller.user_id, caller.scopes) for each in given)
                    assert is_granted == ((note.pk, caller) in expected), f"{rule} {caller}"
                caller = pick.choice(world.CALLERS)
                answer = explain("read", note, caller)
                assert answer.allowed == ((note.pk, caller) in expected) == is_allowed(note, caller), (
                    f"{rule} {caller}"
                )
                for way in answer.ways:
                    assert way.holds <= all(reason.holds for reason in way.reasons), f"{rule} {caller}"
    assert some > RULES, "the rules should divide the rows"


@contextmanager
def rules_of_notes(rule: Condition) -> Iterator[None]:
    class NoteRules(Rules[TeamNote]):
        read = rule

    try:
        yield
    finally:
        rule_classes.forget(TeamNote)


def is_allowed(note: TeamNote, caller: Caller | None) -> bool:
    try:
        access.require("read", note, caller)
    except access.RowNotFound:
        return False
    return True
