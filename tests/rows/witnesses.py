"""Allowed and refused callers for each alternative of a rule, with rows made for them, from the rule alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, UUIDField

from podium.access import Caller, Me, Scope, SignedIn
from podium.access.alternatives import (
    Alternative,
    Atom,
    Literal,
    Some,
    Test,
    alternatives,
    mentions_me,
    related_model,
    step,
)
from podium.access.conditions import Action
from podium.access.rules import rules_of
from podium.access.words import of_alternative, of_literal

ME, OTHER, THIRD = (uuid.UUID(int=number) for number in (1, 2, 3))
"""The witness, the caller who is somebody else, and the user of columns that no condition is about."""
Place = tuple[int, ...]
"""The place of a literal in an alternative: its number, and the number in a Some."""


@dataclass(frozen=True)
class Case:
    """An alternative as it is, asked by somebody else, or with one of its conditions removed."""

    model: type[Model]
    action: Action
    alternative: Alternative
    allowed: bool
    removed: Place = ()
    by_other: bool = False

    def __str__(self) -> str:
        text = f"{self.model.__name__}.{self.action}: {of_alternative(self.alternative)}"
        if self.by_other:
            text += ", for somebody else"
        return f"{text}, without: {of_literal(_at(self.alternative, self.removed))}" if self.removed else text

    def caller(self) -> Caller | None:
        """Return the caller; None if the condition that is removed is SignedIn."""
        if self.by_other:
            return Caller(str(OTHER))
        tests = [
            each.marker
            for number, each in enumerate(self.alternative)
            if isinstance(each, Test) and self.removed != (number,)
        ]
        removed = _at(self.alternative, self.removed) if self.removed else None
        if isinstance(removed, Test) and removed.marker == SignedIn:
            return None
        return Caller(str(ME), frozenset(each.name for each in tests if isinstance(each, Scope)))

    def row(self) -> Any:
        """Return the row, not stored if the action is "create"; the rows that it needs are stored."""
        plan = _Plan(self.model)
        _meet(plan, self.alternative, self.removed)
        return plan.make(store=self.action != "create")


def cases(model: type[Model], action: Action) -> Iterator[Case]:
    """Yield the cases of a rule. Its alternatives must exclude each other once a condition is removed."""
    rules = rules_of(model)
    filled = rules.fill if rules and action == "create" else {}
    for each in alternatives(model, action):
        own = tuple(one for one in each if not (isinstance(one, Atom) and one.lookup in filled))
        yield Case(model, action, each, True)
        scoped = any(isinstance(one, Test) and isinstance(one.marker, Scope) for one in own)
        yield Case(model, action, each, not (mentions_me(own) or scoped), by_other=True)
        for number, literal in enumerate(each):
            if literal in own:
                yield Case(model, action, each, False, (number,))
            if isinstance(literal, Some) and len(literal.alternatives[0]) > 1:
                for inner in range(len(literal.alternatives[0])):
                    yield Case(model, action, each, False, (number, inner))


def _at(alternative: Alternative, place: Place) -> Literal:
    literal = alternative[place[0]]
    if len(place) > 1:
        assert isinstance(literal, Some)
        return _at(literal.alternatives[0], place[1:])
    return literal


# Rows -----------------------------------------------------------------------------------------------------------------


@dataclass
class _Plan:
    """A row to make: its values, the rows that it refers to, and the rows that refer to it."""

    model: type[Model]
    values: dict[str, Any] = field(default_factory=dict)
    one: dict[str, _Plan | None] = field(default_factory=dict)
    many: list[tuple[str, _Plan]] = field(default_factory=list)

    def related(self, names: list[str]) -> _Plan:
        """Return the row behind a path of to-one relations, as it is in the plan."""
        if not names:
            return self
        found = self.one.get(names[0]) or _Plan(related_model(self.model, names[0]))
        self.one[names[0]] = found
        return found.related(names[1:])

    def make(self, *, store: bool = True) -> Any:
        """Make the row, and store it if asked."""
        for each in self.model._meta.concrete_fields:
            if each.is_relation and not each.null and each.attname not in self.values:
                self.related([each.name])
            elif isinstance(each, UUIDField) and not each.null and not each.has_default():
                self.values.setdefault(each.attname, THIRD)
        related = {name: plan and plan.make() for name, plan in self.one.items()}
        row = self.model(**self.values, **related)
        if store:
            row.save()
        for name, other in self.many:
            other.values[step(self.model, name).field.attname] = row.pk
            other.make()
        return row


def _meet(plan: _Plan, alternative: Alternative, removed: Place) -> None:
    """Plan a row for which an alternative holds, without the condition that is removed."""
    for number, literal in enumerate(alternative):
        if isinstance(literal, Atom):
            if removed != (number,):
                _set(plan, literal, ME if literal.value is Me else literal.value)
        elif isinstance(literal, Some):
            *hops, last = literal.relation.split("__")
            owner = plan.related(hops)
            if removed == (number,):
                continue
            member = _Plan(related_model(owner.model, last))
            owner.many.append((last, member))
            _meet(member, literal.alternatives[0], removed[1:] if removed[:1] == (number,) else ())
        else:
            assert isinstance(literal, Test), f"no witness for {literal}"
    if len(removed) == 1 and isinstance(literal := alternative[removed[0]], Atom):
        _set(plan, literal, _opposite(literal.value))


def _set(plan: _Plan, atom: Atom, value: Any) -> None:
    *hops, last = atom.lookup.split("__")
    if last == "isnull":
        value = None if value else ...
        *hops, last = hops
    owner = plan.related(hops)
    if not step(owner.model, last).is_relation:
        owner.values[last] = value
    elif value is None:
        owner.one[last] = None
    else:
        assert value is ..., f"no witness for {atom}"
        owner.related([last])


def _opposite(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if value is None:
        return ...
    assert value is Me, f"no opposite of {value!r}"
    return THIRD
