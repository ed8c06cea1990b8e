"""The users who may do something with one row, as grants: named users, or all users with certain scopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from django.db.models import Model, QuerySet

from podium.access.alternatives import Alternative, Literal, Not, Some, Test, alternatives
from podium.access.conditions import Action, Scope
from podium.access.errors import RuleError
from podium.access.inverse import Inverse, Users, union

MOST_SCOPES = 4
"""Scopes behind relations or in negations of one alternative: each combination is asked on its own."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Signed-in users with all of some scopes, and none of others, to whom an action is allowed."""

    users: Users
    needed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    def applies(self, user_id: str, scopes: frozenset[str]) -> bool:
        """Test whether a user is among them."""
        return self.needed <= scopes and not self.refused & scopes and user_id in self.users


def grants(action: Action, row: Model, *, most: int | None = None) -> list[Grant]:
    """Return the grants of an action for a stored row. To update or delete it, a user must be allowed to read it.

    most  users that a rule may name

    The number of queries depends on the rules alone. Raises RuleError, or TooManyUsers.
    """
    rows = type(row)._base_manager.filter(pk=row.pk)
    found = list(_granted(rows, action, most))
    if action in ("update", "delete"):
        readers = list(_granted(rows, "read", most))
        found = [_both(one, other) for one in found for other in readers]
    return _joined(each for each in found if each.users and not each.needed & each.refused)


def _granted(rows: QuerySet[Model], action: Action, most: int | None) -> Iterator[Grant]:
    for alternative in alternatives(rows.model, action):
        plain = {each.marker.name for each in alternative if _is_scope(each)}  # type: ignore[union-attr]
        rest = tuple(each for each in alternative if not _is_scope(each))
        inner = frozenset(_scopes(rest))
        if len(inner) > MOST_SCOPES:
            raise RuleError(f"an alternative has more than {MOST_SCOPES} scopes behind relations or in ~")
        for held in _subsets(inner):
            for users in Inverse(held, most).all_of(rows, rest).values():
                yield Grant(users, frozenset(plain) | held, inner - held)


def _is_scope(literal: Literal) -> bool:
    return isinstance(literal, Test) and isinstance(literal.marker, Scope)


def _scopes(alternative: Alternative) -> Iterator[str]:
    """The scopes that an alternative mentions at any depth."""
    for literal in alternative:
        if isinstance(literal, Test) and isinstance(literal.marker, Scope):
            yield literal.marker.name
        elif isinstance(literal, Not | Some):
            for each in literal.alternatives:
                yield from _scopes(each)


def _subsets(names: frozenset[str]) -> Iterator[frozenset[str]]:
    in_order = sorted(names)
    sizes = (combinations(in_order, size) for size in range(len(in_order) + 1))
    return map(frozenset, chain.from_iterable(sizes))


def _both(one: Grant, other: Grant) -> Grant:
    return Grant(one.users & other.users, one.needed | other.needed, one.refused | other.refused)


def _joined(found: Iterable[Grant]) -> list[Grant]:
    """Join grants for the same scopes, and leave out those that a grant to all users covers."""
    alike: dict[tuple[frozenset[str], frozenset[str]], list[Users]] = {}
    for each in found:
        alike.setdefault((each.needed, each.refused), []).append(each.users)
    joined = [Grant(union(users), *scopes) for scopes, users in alike.items()]
    joined = [each for each in joined if not _is_covered(each, joined)]
    return sorted(joined, key=lambda each: (len(each.needed), sorted(each.needed), sorted(each.refused)))


def _is_covered(grant: Grant, others: Sequence[Grant]) -> bool:
    return grant.users.all_but and any(
        other is not grant
        and other.users.all_but
        and not other.users.keys - grant.users.keys
        and other.needed <= grant.needed
        and other.refused <= grant.refused
        for other in others
    )
