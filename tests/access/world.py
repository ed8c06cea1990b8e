"""Rows for the tests of rules, random rules over them, and their evaluation in Python, without podium/access."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import F, Model, Q

from podium.access import Caller, Everyone, Me, Scope, SignedIn
from podium.access.conditions import Condition
from tests.access.teams.models import Team, TeamMember, TeamNote, TeamNotebook, TeamNotebookMember

USERS = [uuid.UUID(int=number) for number in range(1, 5)]
CALLERS = [
    None,
    *(Caller(str(user)) for user in USERS),
    Caller(str(USERS[0]), frozenset({"moderator"})),
]
COLORS = ["red", "blue", None]


def make(seed: int) -> None:
    """Store teams, notebooks, members and notes, with absent and repeated relations."""
    pick = random.Random(seed)
    teams = [Team.objects.create(active=pick.random() < 0.7) for _ in range(3)]
    for team in teams:
        for user in pick.sample(USERS, pick.randrange(4)):
            TeamMember.objects.create(team=team, user_id=user, active=pick.random() < 0.6)
    notebooks = [
        TeamNotebook.objects.create(
            owner_id=pick.choice([*USERS, None]), public=pick.random() < 0.3, team=pick.choice([*teams, None])
        )
        for _ in range(8)
    ]
    for notebook in notebooks:
        for user in pick.choices(USERS, k=pick.randrange(4)):
            TeamNotebookMember.objects.create(notebook=notebook, user_id=user, may_write=pick.random() < 0.5)
    for _ in range(40):
        TeamNote.objects.create(
            color=pick.choice(COLORS),
            reminded=pick.random() < 0.5,
            owner_id=pick.choice([*USERS, None]),
            editor_id=pick.choice([*USERS, None]),
            notebook=pick.choice([*notebooks, None]),
        )


def random_rule(pick: random.Random, depth: int = 3) -> Condition:
    """A rule over up to three hops: own columns, members, teams, scopes, negations."""
    if depth and pick.random() < 0.7:
        left, right = random_rule(pick, depth - 1), random_rule(pick, depth - 1)
        joined: Condition = left & right if pick.random() < 0.5 else left | right
        return ~joined if pick.random() < 0.2 else joined
    found = pick.choice(LEAVES)(pick)
    return ~found if pick.random() < 0.15 else found


LEAVES: list[Any] = [
    lambda pick: Q(owner_id=Me),
    lambda pick: Q(notebook__owner_id=Me),
    lambda pick: Q(notebook__members__user_id=Me),
    lambda pick: Q(notebook__members__user_id=Me, notebook__members__may_write=True),
    lambda pick: Q(notebook__members__may_write=pick.random() < 0.5),
    lambda pick: Q(notebook__team__members__user_id=Me, notebook__team__members__active=True),
    lambda pick: Q(notebook__team__members__user_id=Me),
    lambda pick: Q(notebook__team__active=True),
    lambda pick: Q(notebook__public=True),
    lambda pick: Q(notebook__isnull=pick.random() < 0.5),
    lambda pick: Q(notebook__members__isnull=pick.random() < 0.5),
    lambda pick: Q(color=pick.choice(["red", "blue"])),
    lambda pick: Q(color__in=["red", "green"]),
    lambda pick: Q(reminded=True, color="red"),
    lambda pick: Q(owner_id=F("editor_id")),
    lambda pick: Q(notebook__owner_id=F("editor_id")),
    lambda pick: Q(SignedIn),
    lambda pick: Q(Everyone),
    lambda pick: Q(Scope("moderator")),
]


# Evaluation without SQL -----------------------------------------------------------------------------------------------


@dataclass
class Anonymous(Exception):
    """The condition compares with the caller, who is not signed in."""


def holds(rule: Any, row: Model, caller: Caller | None) -> bool:
    """Evaluate a rule for one row: some choice of one row for each to-many relation makes it true."""
    rule = rule if isinstance(rule, Q) else Q(rule)
    relations = sorted(set(_relations(rule)))
    choices = [[*_rows(row, relation), None] for relation in relations]
    return any(
        _true(rule, row, caller, dict(zip(relations, chosen, strict=True))) for chosen in product(*choices)
    )


def _true(rule: Any, row: Model, caller: Caller | None, chosen: dict[str, Any]) -> bool:
    if isinstance(rule, Q):
        if rule.negated:
            inner = rule.copy()
            inner.negated = False
            return not (caller is None and _mentions_me(inner)) and not holds(inner, row, caller)
        parts = (_true(child, row, caller, chosen) for child in rule.children)
        return any(parts) if rule.connector == Q.OR else all(parts)
    if isinstance(rule, tuple):
        lookup, value = rule
        return _compare(lookup, value, row, caller, chosen)
    if rule == SignedIn:
        return caller is not None
    return rule == Everyone or (caller is not None and rule.name in caller.scopes)


def _mentions_me(rule: Q) -> bool:
    return any(
        _mentions_me(child) if isinstance(child, Q) else isinstance(child, tuple) and child[1] is Me
        for child in rule.children
    )


def _relations(rule: Q) -> Iterator[str]:
    """The to-many relations of a rule's own scope, without those in negations and those that are only counted."""
    for child in rule.children:
        if isinstance(child, Q) and not child.negated:
            yield from _relations(child)
        elif isinstance(child, tuple) and "members" in child[0] and not child[0].endswith("members__isnull"):
            yield child[0].rpartition("members")[0] + "members"


def _rows(row: Model, path: str) -> list[Any]:
    owner: Any = row
    for name in path.split("__")[:-1]:
        owner = getattr(owner, name) if owner else None
    return list(owner.members.all()) if owner else []


def _compare(lookup: str, value: Any, row: Any, caller: Caller | None, chosen: dict[str, Any]) -> bool:
    if lookup.endswith("members__isnull"):
        return (not _rows(row, lookup.removesuffix("__isnull"))) == value
    if value is Me:
        if caller is None:
            return False
        value = uuid.UUID(caller.user_id)
    elif isinstance(value, F):
        value = getattr(row, str(vars(value)["name"]))
        if value is None:
            return False
    base, names = row, lookup.split("__")
    relation = lookup.rpartition("members")[0] + "members" if "members" in names else ""
    if relation:
        base, names = chosen[relation], names[names.index("members") + 1 :]
        if base is None:
            return False
    for number, name in enumerate(names):
        if name == "isnull":
            return (base is None) == value
        if name == "in":
            return base in value
        base = getattr(base, name) if base is not None else None
        if base is None and names[number + 1 :] != ["isnull"]:
            return False
    return bool(base == value)
