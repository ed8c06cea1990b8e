"""A rule as a list of alternatives: one is enough, and all literals of an alternative must hold.

Filters, single checks, explanations and generated tests all start from this form, so they can't disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any, TypeAlias

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, Subquery
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import BaseExpression

from podium.access.conditions import Action, Condition, Marker, Me, through
from podium.access.errors import RuleError
from podium.access.rules import condition_of, when_added

MOST_ALTERNATIVES = 64
"""Alternatives of a rule; `A & (B | C)` has two."""


Origin: TypeAlias = tuple[type[Model], Action]
"""The model and the action whose rule a literal comes from, by `through`."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition on a column of the row, or of the one row that a path leads to: `notebook__owner_id`, Me."""

    lookup: str
    value: Any
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Some:
    """There is a row behind a to-many relation for which one of the alternatives holds.

    relation  a path whose last step is to-many: "notebook__members"
    """

    relation: str
    alternatives: tuple[Alternative, ...]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """SignedIn, Everyone or a Scope."""

    marker: Marker


@dataclass(frozen=True, slots=True)
class Not:
    """None of these alternatives holds."""

    alternatives: tuple[Alternative, ...]


Literal: TypeAlias = Atom | Some | Test | Not
Alternative: TypeAlias = tuple[Literal, ...]


@cache
def alternatives(model: type[Model], action: Action) -> tuple[Alternative, ...]:
    """Return the alternatives of a model's rule; none if nobody may do it. Raises RuleError."""
    return _of_rule(model, action, ())


when_added.append(alternatives.cache_clear)


def of_condition(
    model: type[Model], condition: Condition, action: Action = "read"
) -> tuple[Alternative, ...]:
    """Return the alternatives of a condition that is not in a class of rules. Raises RuleError."""
    return _of_condition(model, condition, action, ())


def mentions_me(alternative: Alternative) -> bool:
    """Test whether a literal, at any depth, compares with the caller."""
    return any(atom.value is Me for atom in atoms(alternative))


def atoms(alternative: Alternative) -> Iterator[Atom]:
    """Yield all atoms, also those inside of Not and Some."""
    for literal in alternative:
        if isinstance(literal, Atom):
            yield literal
        elif isinstance(literal, Not | Some):
            for inner in literal.alternatives:
                yield from atoms(inner)


def step(model: type[Model], name: str) -> Any:
    """Return the field or relation of that name; None for a transform or lookup, such as "isnull"."""
    if name == "pk":
        return model._meta.pk
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def to_many(model: type[Model], path: str) -> str:
    """Return a path up to and with its first to-many relation; "" if there is none."""
    related: Any = model
    parts = path.split(LOOKUP_SEP)
    for number, name in enumerate(parts):
        field = step(related, name)
        if field is None or not field.is_relation:
            return ""
        if field.one_to_many or field.many_to_many:
            return LOOKUP_SEP.join(parts[: number + 1])
        related = field.related_model
    return ""


def related_model(model: type[Model], path: str) -> type[Model]:
    """Return the model that a path of relations leads to. Raises RuleError."""
    related: Any = model
    for name in path.split(LOOKUP_SEP):
        field = step(related, name)
        if field is None or not field.is_relation or field.related_model is None:
            raise RuleError(f"{related.__name__} has no relation {name!r}")
        related = field.related_model
    assert isinstance(related, type)
    return related


def followed(model: type[Model], path: str) -> list[str]:
    """Return the relations of a path that lead to columns of other rows: "notebook" and "notebook__team" of
    "notebook__team__active". A column with the other row's key is the row's own: there is none in "notebook__isnull".
    """
    found: list[str] = []
    related: Any = model
    parts = path.split(LOOKUP_SEP)
    for number, name in enumerate(parts):
        field = step(related, name)
        if field is None or not field.is_relation or field.related_model is None:
            break
        related = field.related_model
        is_many = field.one_to_many or field.many_to_many
        if is_many or (parts[number + 1 :] and step(related, parts[number + 1]) is not None):
            found.append(LOOKUP_SEP.join(parts[: number + 1]))
    return found


def models_read(model: type[Model], literal: Literal) -> Iterator[type[Model]]:
    """Yield the models of the other rows that a literal reads, some of them more than once."""
    if isinstance(literal, Atom):
        paths = [literal.lookup, *([literal.value.name] if isinstance(literal.value, F) else [])]  # type: ignore[attr-defined]
        yield from (related_model(model, hop) for path in paths for hop in followed(model, path))
    elif isinstance(literal, Some):
        yield from (related_model(model, hop) for hop in followed(model, literal.relation))
        model = related_model(model, literal.relation)
    if isinstance(literal, Not | Some):
        for alternative in literal.alternatives:
            for inner in alternative:
                yield from models_read(model, inner)


# From Q to alternatives -----------------------------------------------------------------------------------------------

_Seen: TypeAlias = tuple[Origin, ...]


def _of_rule(model: type[Model], action: Action, seen: _Seen) -> tuple[Alternative, ...]:
    if (model, action) in seen:
        path = " -> ".join(f"{each.__name__}.{name}" for each, name in (*seen, (model, action)))
        raise RuleError(f"through() leads back to the same rule: {path}")
    condition = condition_of(model, action)
    if condition is None:
        return ()
    return _of_condition(model, condition, action, (*seen, (model, action)))


def _of_condition(
    model: type[Model], condition: Condition, action: Action, seen: _Seen
) -> tuple[Alternative, ...]:
    return tuple(_grouped(model, each) for each in _expand(model, condition, action, seen))


def _expand(model: type[Model], condition: Any, action: Action, seen: _Seen) -> tuple[Alternative, ...]:
    if isinstance(condition, through):
        return _through(model, condition.relation, condition.action or _default_action(action), seen)
    if isinstance(condition, Marker):
        return ((Test(condition),),)
    if isinstance(condition, tuple):
        return ((_atom(*condition),),)
    if isinstance(condition, Q):
        return _of_q(model, condition, action, seen)
    raise RuleError(
        f"{condition!r} is not a condition: use Q(...), SignedIn, Everyone, Scope(...) or through(...)"
    )


def _atom(lookup: str, value: Any) -> Atom:
    """Return the atom of a lookup. Raises RuleError for a value whose columns `through` could not follow."""
    values = value if isinstance(value, list | tuple | set) else [value]
    if type(value) is not F and any(map(_has_columns, values)):
        raise RuleError(
            f"{lookup!r} can be compared with F(...) alone, not with other expressions that have columns"
        )
    return Atom(lookup.removesuffix(f"{LOOKUP_SEP}exact"), value)


def _has_columns(value: Any) -> bool:
    """Test whether a value has columns of some row in it; Now() and Value() have none."""
    if isinstance(value, BaseExpression) and not isinstance(value, Subquery):
        return any(isinstance(part, F | Subquery) for part in value.flatten())
    return hasattr(value, "resolve_expression")  # F, OuterRef, a query set


def _of_q(model: type[Model], q: Q, action: Action, seen: _Seen) -> tuple[Alternative, ...]:
    if not q.children:
        raise RuleError("Q() without conditions is not a rule: write Everyone for a rule that is open to all")
    parts = [_expand(model, child, action, seen) for child in q.children]
    if q.connector == Q.OR:
        found = tuple(alternative for part in parts for alternative in part)
    elif q.connector == Q.AND:
        found = tuple(tuple(literal for each in chosen for literal in each) for chosen in _product(parts))
    else:
        raise RuleError("a rule can't be made with ^: write it with &, | and ~")
    if len(found) > MOST_ALTERNATIVES:
        raise RuleError(_TOO_MANY)
    return ((Not(tuple(_grouped(model, each) for each in found)),),) if q.negated else found


_TOO_MANY = f"the rule has more than {MOST_ALTERNATIVES} alternatives: write fewer | inside of &"


def _product(parts: list[tuple[Alternative, ...]]) -> Iterator[tuple[Alternative, ...]]:
    size = 1
    for part in parts:
        size *= len(part)
        if size > MOST_ALTERNATIVES:
            raise RuleError(_TOO_MANY)
    return product(*parts)


def _default_action(action: Action) -> Action:
    """The action of the related row: to add to a row or change what hangs on it is to update it."""
    return "read" if action == "read" else "update"


def _through(model: type[Model], relation: str, action: Action, seen: _Seen) -> tuple[Alternative, ...]:
    prefix = to_many(model, relation)
    related = related_model(model, prefix or relation)
    if not prefix:
        found = _of_rule(related, action, seen)
        origin = (related, action)
        exists = Atom(
            f"{relation}{LOOKUP_SEP}isnull", False, origin
        )  # a Not holds where there is no related row, too
        return tuple((exists, *_prefixed(each, relation, origin)) for each in found)
    rest = relation[len(prefix) + len(LOOKUP_SEP) :]
    found = _through(related, rest, action, seen) if rest else _of_rule(related, action, seen)
    return ((Some(prefix, found, (related, action)),),) if found else ()


def _prefixed(alternative: Alternative, relation: str, origin: Origin) -> Alternative:
    return tuple(_prefix(literal, relation + LOOKUP_SEP, origin) for literal in alternative)


def _prefix(literal: Literal, prefix: str, origin: Origin) -> Literal:
    if isinstance(literal, Atom):
        value: Any = literal.value
        if isinstance(value, F):
            value = F(prefix + value.name)  # type: ignore[attr-defined]  # missing in the stubs
        return Atom(prefix + literal.lookup, value, literal.origin or origin)
    if isinstance(literal, Some):
        return Some(prefix + literal.relation, literal.alternatives, literal.origin or origin)
    if isinstance(literal, Not):
        return Not(
            tuple(_prefixed(each, prefix.removesuffix(LOOKUP_SEP), origin) for each in literal.alternatives)
        )
    return literal


# Conditions about the same related row --------------------------------------------------------------------------------


def _grouped(model: type[Model], alternative: Alternative) -> Alternative:
    """Join the atoms behind the same to-many relation: they are about one related row."""
    found: list[Literal] = []
    behind: dict[str, list[Atom]] = {}
    for literal in alternative:
        prefix = to_many(model, literal.lookup) if isinstance(literal, Atom) else ""
        if not prefix:
            found.append(literal)
            continue
        assert isinstance(literal, Atom)
        inner = _behind(related_model(model, prefix), prefix, literal)
        if inner.lookup == "isnull":
            some = Some(prefix, ((),))
            found.append(Not(((some,),)) if literal.value else some)
        else:
            behind.setdefault(prefix, []).append(inner)
    for prefix, inner_atoms in behind.items():
        found.append(Some(prefix, (_grouped(related_model(model, prefix), tuple(inner_atoms)),)))
    return tuple(found)


def _behind(related: type[Model], prefix: str, atom: Atom) -> Atom:
    """Return the atom as the related model has it. Raises RuleError for F, which means the rule's own row."""
    if isinstance(atom.value, F):
        raise RuleError(
            f"{atom.lookup!r} is behind the to-many relation {prefix!r} and can't be compared with F(...)"
        )
    rest = atom.lookup[len(prefix) + len(LOOKUP_SEP) :]
    if rest != "isnull" and step(related, rest.split(LOOKUP_SEP)[0]) is None:  # members=5, members__in=[5]
        rest = f"pk{LOOKUP_SEP}{rest}" if rest else "pk"
    return replace(atom, lookup=rest)
