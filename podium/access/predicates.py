"""A rule and a caller as a Q for Django. Each to-many relation becomes an EXISTS, so that no row comes twice.

All conditions of an alternative behind the same to-many relation are about one related row:
`Q(members__user_id=Me, members__may_write=True)` holds for a row with one member who is the caller and may write.
`~Q(...)` holds where its content does not, so `~Q(members__user_id=Me)` means that no member is the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeAlias, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    ForeignKey,
    ManyToOneRel,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.constants import LOOKUP_SEP

from podium.access.alternatives import (
    Alternative,
    Atom,
    Literal,
    Not,
    Some,
    Test,
    alternatives,
    mentions_me,
    related_model,
    step,
)
from podium.access.callers import Caller
from podium.access.conditions import Action, Everyone, Me, Scope, SignedIn
from podium.access.errors import RuleError

ModelT = TypeVar("ModelT", bound=Model)
Predicate: TypeAlias = Q | bool
"""The rows that a caller may act on: a filter, or all, or none."""


def predicate(model: type[Model], action: Action, caller: Caller | None) -> Predicate:
    """Return the rows of a model that a caller may act on; the caller's reading is not part of it. Raises RuleError."""
    return any_of(model, alternatives(model, action), caller)


def both(left: Predicate, right: Predicate) -> Predicate:
    """Return the rows that both hold for."""
    if isinstance(left, bool):
        return right if left else False
    if isinstance(right, bool):
        return left if right else False
    return left & right


def any_of(model: type[Model], found: Sequence[Alternative], caller: Caller | None) -> Predicate:
    """Return the rows for which one of the alternatives holds."""
    parts = [all_of(model, each, caller) for each in found]
    if any(part is True for part in parts):
        return True
    filters = [part for part in parts if isinstance(part, Q)]
    return reduce(or_, filters) if filters else False


def all_of(model: type[Model], alternative: Alternative, caller: Caller | None) -> Predicate:
    """Return the rows for which all literals of an alternative hold."""
    if caller is None and mentions_me(
        alternative
    ):  # also inside of Not: an unknown caller is not "somebody else"
        return False
    found: Predicate = True
    for literal in alternative:
        found = both(found, _one(model, literal, caller))
        if found is False:
            return False
    return found


def _one(model: type[Model], literal: Literal, caller: Caller | None) -> Predicate:
    match literal:
        case Atom():
            return Q((literal.lookup, value_of(literal, caller)))
        case Test():
            return holds(literal, caller)
        case Not():
            inner = any_of(model, literal.alternatives, caller)
            return not inner if isinstance(inner, bool) else _negated(model, literal, inner)
        case Some():
            return _some(model, literal, caller)


def _negated(model: type[Model], literal: Not, inner: Q) -> Q:
    """Return the rows for which a condition does not hold, also where SQL does not know: `NOT NULL` is not true.

    Django asks for NULL itself, but not behind relations that another part of the filter joins, nor in a double Not.
    """
    if len(literal.alternatives) == 1 and len(literal.alternatives[0]) == 1:
        (only,) = literal.alternatives[0]
        if isinstance(only, Some) or (isinstance(only, Atom) and not _leads_away(model, only)):
            return ~inner
    return Q(Case(When(inner, then=Value(False)), default=Value(True), output_field=BooleanField()))


def _leads_away(model: type[Model], atom: Atom) -> bool:
    first = step(model, atom.lookup.split(LOOKUP_SEP)[0])
    return isinstance(atom.value, F) or (bool(first.is_relation) and LOOKUP_SEP in atom.lookup)


def holds(test: Test, caller: Caller | None) -> bool:
    """Test whether SignedIn, Everyone or a Scope holds for a caller."""
    if test.marker == Everyone:
        return True
    if test.marker == SignedIn:
        return caller is not None
    assert isinstance(test.marker, Scope)
    return caller is not None and test.marker.name in caller.scopes


def value_of(atom: Atom, caller: Caller | None) -> Any:
    """Return the value that an atom's column is compared with."""
    if atom.value is not Me:
        return atom.value
    assert caller is not None  # all_of has refused the alternative
    return caller.user_id


def settled(rows: QuerySet[ModelT], predicate: Predicate) -> QuerySet[ModelT]:
    """Return those of the rows that a predicate holds for."""
    if isinstance(predicate, bool):
        return rows if predicate else rows.none()
    return rows.filter(predicate)


def related_key(model: type[Model], relation: str) -> str:
    """The column by which the rows behind a to-many relation refer to their owner: "notebook_id". Raises RuleError."""
    return str(_many(model, relation).field.attname)


def key_path(model: type[Model], relation: str) -> str:
    """The path to the column that the rows behind a to-many relation refer to. Raises RuleError.

    `notebook_id` for `notebook__members`, not `notebook__id`, which would join another table.
    """
    target = _many(model, relation).field.target_field
    hops = relation.split(LOOKUP_SEP)[:-1]
    if hops:
        last = step(related_model(model, LOOKUP_SEP.join(hops[:-1])) if hops[:-1] else model, hops[-1])
        if isinstance(last, ForeignKey) and last.target_field == target:
            return LOOKUP_SEP.join([*hops[:-1], last.attname])
    return LOOKUP_SEP.join([*hops, target.attname])


def _many(model: type[Model], relation: str) -> ManyToOneRel:
    *hops, last = relation.split(LOOKUP_SEP)
    many = step(related_model(model, LOOKUP_SEP.join(hops)) if hops else model, last)
    if not isinstance(many, ManyToOneRel):
        text = f"{relation!r} is a relation of a kind that rules can't use: name the model in between"
        raise RuleError(text)
    return many


def _some(model: type[Model], some: Some, caller: Caller | None) -> Predicate:
    related = related_model(model, some.relation)
    inner = any_of(related, some.alternatives, caller)
    if inner is False:
        return False
    owner = {related_key(model, some.relation): OuterRef(key_path(model, some.relation))}
    return Q(Exists(settled(related._base_manager.filter(**owner), inner)))
