"""A rule as a filter agrees with its evaluation in Python, for random rules over three hops."""

from __future__ import annotations

import os
import random

import pytest

from podium.access import predicates
from podium.access.alternatives import of_condition
from podium.access.errors import RuleError
from tests.access import world
from tests.access.teams.models import TeamNote

RULES = int(os.environ.get("PODIUM_RANDOM_RULES", "100"))
"""More rules: PODIUM_RANDOM_RULES=2000."""


@pytest.mark.django_db
def test_random_rules_agree_with_their_evaluation_in_python() -> None:
    world.make(seed=1)
    notes = list(TeamNote.objects.select_related("notebook__team"))
    pick, compared, some = random.Random(RULES), 0, 0
    for _ in range(RULES):
        rule = world.random_rule(pick)
        try:
            found = of_condition(TeamNote, rule)
        except RuleError as error:
            assert "alternatives" in str(error)
            continue
        for caller in world.CALLERS:
            rows = predicates.settled(TeamNote.objects.all(), predicates.any_of(TeamNote, found, caller))
            by_sql = sorted(rows.values_list("pk", flat=True))
            in_python = sorted(note.pk for note in notes if world.holds(rule, note, caller))
            assert by_sql == in_python, f"{rule} {caller} {rows.query}"
            compared += len(notes)
            some += 0 < len(by_sql) < len(notes)
    assert compared > RULES * 150
    assert some > RULES / 2, "the rules should divide the rows"
