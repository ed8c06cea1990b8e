"""Inverse of the rules: which signed-in users may do something with given rows.

A condition with `Me` names users in a column. Their keys are read together with the rows, and sets of users are
combined as the rule combines its conditions. The number of queries depends on the rule, not on that of rows or users.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet

from podium.access.alternatives import (
    Alternative,
    Atom,
    Literal,
    Not,
    Some,
    alternatives,
    mentions_me,
    related_model,
)
from podium.access.callers import Caller
from podium.access.conditions import Action
from podium.access.predicates import all_of, key_path, related_key, settled

Pair: TypeAlias = tuple[Any, str]
"""The key of a row, and the key of a user as text."""


class TooManyUsers(Exception):
    """A rule names more users for a row than were asked for."""


@dataclass(frozen=True, slots=True)
class Users:
    """Some of the signed-in users: those with these keys, or all others."""

    keys: frozenset[str] = frozenset()
    all_but: bool = False

    def __contains__(self, key: object) -> bool:
        return (key in self.keys) != self.all_but

    def __bool__(self) -> bool:
        return self.all_but or bool(self.keys)

    def __invert__(self) -> Users:
        return Users(self.keys, not self.all_but)

    def __and__(self, other: Users) -> Users:
        return ~union([~self, ~other])


ALL = Users(all_but=True)
NONE = Users()


def union(many: Iterable[Users]) -> Users:
    """Return the users that are in one of the sets. Linear in the number of keys."""
    named: set[str] = set()
    left_out: frozenset[str] | None = None
    for each in many:
        if each.all_but:
            left_out = each.keys if left_out is None else left_out & each.keys
        else:
            named |= each.keys
    return Users(frozenset(named)) if left_out is None else Users(left_out - named, all_but=True)


def allowed(model: type[Model], action: Action, keys: Iterable[Any], callers: Sequence[Caller]) -> set[Pair]:
    """Return the pairs of rows and callers for which the rule of an action holds. Raises RuleError.

    For "update" and "delete" it is that rule alone; a caller must be allowed to read the row as well.
    """
    rows = model._base_manager.filter(pk__in=list(keys))
    alike = defaultdict(list)
    for caller in callers:
        alike[caller.scopes].append(caller.user_id)
    return {
        (key, user)
        for scopes, same_scopes in alike.items()
        for key, users in Inverse(scopes).any_of(rows, alternatives(model, action)).items()
        for user in same_scopes
        if user in users
    }


@dataclass(frozen=True, slots=True)
class Inverse:
    """Reads the users for whom conditions hold, by row. A row that is missing in a result has none.

    scopes  those of the users
    most    keys that one query reads; more raise TooManyUsers
    """

    scopes: frozenset[str] = frozenset()
    most: int | None = None

    def any_of(self, rows: QuerySet[Any], found: Sequence[Alternative]) -> dict[Any, Users]:
        """Return the users for whom one of the alternatives holds."""
        return _united((key, users) for each in found for key, users in self.all_of(rows, each).items())

    def all_of(self, rows: QuerySet[Any], alternative: Alternative) -> dict[Any, Users]:
        """Return the users for whom all literals of an alternative hold."""
        mine = [literal for literal in alternative if mentions_me((literal,))]
        others = tuple(literal for literal in alternative if not mentions_me((literal,)))
        left = settled(rows, all_of(rows.model, others, Caller("", self.scopes)))
        if not mine:
            return dict.fromkeys(self._read(left, "pk"), ALL)
        first, *rest = (self._one(left, literal) for literal in mine)
        for each in rest:
            first = {key: first[key] & each[key] for key in first.keys() & each.keys()}
        return first

    def _one(self, rows: QuerySet[Any], literal: Literal) -> dict[Any, Users]:
        if isinstance(literal, Atom):
            named = rows.filter(**{f"{literal.lookup}__isnull": False})
            return _united(
                (key, Users(frozenset([str(user)]))) for key, user in self._read(named, "pk", literal.lookup)
            )
        if isinstance(literal, Not):
            inner = self.any_of(rows, literal.alternatives)
            return {key: ~inner.get(key, NONE) for key in self._read(rows, "pk")}
        assert isinstance(literal, Some)  # a Test has no Me
        return self._some(rows, literal)

    def _some(self, rows: QuerySet[Any], some: Some) -> dict[Any, Users]:
        """The users for whom a related row meets a condition."""
        related, column = related_model(rows.model, some.relation), related_key(rows.model, some.relation)
        owners: dict[Any, list[Any]] = defaultdict(list)
        for key, owner in self._read(rows, "pk", key_path(rows.model, some.relation)):
            owners[owner].append(key)
        behind = related._base_manager.filter(
            **{f"{column}__in": [each for each in owners if each is not None]}
        )
        inner = self.any_of(behind, some.alternatives)
        owner_of = self._read(behind.filter(pk__in=list(inner)), "pk", column)
        return _united((key, inner[each]) for each, owner in owner_of for key in owners[owner])

    def _read(self, rows: QuerySet[Any], *columns: str) -> list[Any]:
        values = rows.order_by().values_list(*columns, flat=len(columns) == 1)
        found = list(values if self.most is None else values[: self.most + 1])
        if self.most is not None and len(found) > self.most:
            raise TooManyUsers
        return found


def _united(pairs: Iterable[tuple[Any, Users]]) -> dict[Any, Users]:
    found: dict[Any, list[Users]] = defaultdict(list)
    for key, users in pairs:
        found[key].append(users)
    return {key: users[0] if len(users) == 1 else union(users) for key, users in found.items()}
