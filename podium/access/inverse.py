"""Rules turned round: which callers may do something with given rows.

A condition with `Me` names users in a column: their keys are read together with the rows, so the cost does not grow
with the number of users. An alternative without `Me`, such as Everyone or a Scope, is the same for all callers with the
same scopes. What remains, such as "the caller is not a member", is asked caller by caller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet

from podium.access.alternatives import (
    Alternative,
    Atom,
    Literal,
    Some,
    alternatives,
    mentions_me,
    related_model,
)
from podium.access.callers import Caller
from podium.access.conditions import Action, Me
from podium.access.predicates import all_of, key_path, related_key, settled

Pair: TypeAlias = tuple[Any, str]
"""The key of a row, and the key of a user as text."""


def allowed(model: type[Model], action: Action, keys: Iterable[Any], callers: Sequence[Caller]) -> set[Pair]:
    """Return the pairs of rows and callers for which the rule of an action holds. Raises RuleError.

    For "update" and "delete" it is that rule alone; a caller must be allowed to read the row as well.
    """
    rows = model._base_manager.filter(pk__in=list(keys))
    alike = defaultdict(list)
    for caller in callers:
        alike[caller.scopes].append(caller)
    return {
        pair
        for alternative in alternatives(model, action)
        for same_scopes in alike.values()
        for pair in _pairs(rows, alternative, same_scopes)
    }


def named(model: type[Model], action: Action, key: Any, scopes: frozenset[str] = frozenset()) -> set[str]:
    """Return the users with these scopes whom a rule names for a row. Others may be allowed as Everyone."""
    rows = model._base_manager.filter(pk=key)
    nobody = Caller("", scopes)
    users = {
        user
        for alternative in alternatives(model, action)
        if (naming := _naming(alternative)) is not None
        for _, user in _named(rows, alternative, naming, nobody)
    }
    return {user for _, user in allowed(model, action, [key], [Caller(user, scopes) for user in users])}


def _pairs(rows: QuerySet[Any], alternative: Alternative, callers: Sequence[Caller]) -> Iterator[Pair]:
    """The pairs for callers who all have the same scopes."""
    if not mentions_me(alternative):
        keys = settled(rows, all_of(rows.model, alternative, callers[0])).values_list("pk", flat=True)
        yield from ((key, caller.user_id) for key in keys for caller in callers)
        return
    naming = _naming(alternative)
    found: dict[str, set[Any]] = defaultdict(set)
    if naming is not None:
        for key, user in _named(rows, alternative, naming, callers[0]):
            found[user].add(key)
    for caller in callers:
        if naming is None or (found[caller.user_id] and mentions_me(_without(alternative, naming))):
            its = rows if naming is None else rows.filter(pk__in=found[caller.user_id])
            asked = settled(its, all_of(rows.model, alternative, caller)).values_list("pk", flat=True)
            yield from ((key, caller.user_id) for key in asked)
        else:
            yield from ((key, caller.user_id) for key in found[caller.user_id])


def _naming(alternative: Alternative) -> Literal | None:
    """The condition that names the caller outside a negation, if possible by a column of the row; None if none does."""
    for literal in alternative:
        if isinstance(literal, Atom) and literal.value is Me:
            return literal
    for literal in alternative:
        if isinstance(literal, Some) and all(_naming(each) is not None for each in literal.alternatives):
            return literal
    return None


def _without(alternative: Alternative, literal: Literal) -> Alternative:
    return tuple(each for each in alternative if each is not literal)


def _named(rows: QuerySet[Any], alternative: Alternative, naming: Literal, alike: Caller) -> Iterator[Pair]:
    """The rows for which the alternative holds, with the users that `naming` names.

    Other conditions with `Me` are left out: they have to be asked with the user. alike: a caller with the same scopes.
    """
    others = tuple(each for each in _without(alternative, naming) if not mentions_me((each,)))
    left = settled(rows, all_of(rows.model, others, alike))
    if isinstance(naming, Atom):
        pairs = left.exclude(**{naming.lookup: None}).values_list("pk", naming.lookup)
        yield from ((key, str(user)) for key, user in pairs if user is not None)
        return
    assert isinstance(naming, Some)
    owners: dict[Any, list[Any]] = defaultdict(list)
    for key, owner in left.values_list("pk", key_path(rows.model, naming.relation)):
        owners[owner].append(key)
    for owner, user in _named_behind(rows.model, naming, owners, alike):
        yield from ((key, user) for key in owners[owner])


def _named_behind(model: type[Model], some: Some, owners: Iterable[Any], alike: Caller) -> Iterator[Pair]:
    """The owners of related rows for which the condition holds, with the users that these rows name."""
    related, column = related_model(model, some.relation), related_key(model, some.relation)
    rows = related._base_manager.filter(**{f"{column}__in": [owner for owner in owners if owner is not None]})
    for alternative in some.alternatives:
        naming = _naming(alternative)
        assert naming is not None
        pairs = list(_named(rows, alternative, naming, alike))
        if mentions_me(_without(alternative, naming)):
            pairs = [pair for pair in pairs if _holds(rows.filter(pk=pair[0]), alternative, pair[1], alike)]
        owner_of = dict(rows.filter(pk__in={key for key, _ in pairs}).values_list("pk", column))
        yield from ((owner_of[key], user) for key, user in pairs)


def _holds(row: QuerySet[Any], alternative: Alternative, user: str, alike: Caller) -> bool:
    return bool(settled(row, all_of(row.model, alternative, Caller(user, alike.scopes))).exists())
