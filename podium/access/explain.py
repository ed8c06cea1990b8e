"""Explanations of what a caller may do with a row: each alternative of the rule, each condition, the rows on the path.

Every answer is SQL with the same filters as the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from podium.access import words
from podium.access.alternatives import (
    Alternative,
    Atom,
    Literal,
    Not,
    Origin,
    Some,
    alternatives,
    followed,
    models_read,
    related_model,
)
from podium.access.callers import By, Caller, caller
from podium.access.conditions import Action
from podium.access.predicates import all_of, key_path, related_key, settled
from podium.access.rules import place, rules_of

SHOWN_ROWS = 3
"""Related rows that are named."""
NEAR_ROWS = 100
"""Related rows that are asked which of the conditions they meet, if none meets all."""


@dataclass(frozen=True, slots=True)
class PathRow:
    """A row on the path of a condition: "teams.TeamMember", "7"."""

    model: str
    key: str

    def __str__(self) -> str:
        return f"{self.model.rpartition('.')[2]} {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition.

    text    in words
    holds   for this row and caller
    rows    on its path to the columns that it compares; of a to-many relation, some that meet the condition
    inner   of a to-many relation or a negation that fails: the conditions inside, each with whether some related row
            meets it. Of a to-many relation that holds: those with further rows
    models  all other models whose rows the condition reads: "teams.TeamMember"
    origin  the rule it comes from by `through`: "TeamNotebook.read"
    place   where that rule is written, as "path:line"
    """

    text: str
    holds: bool
    rows: tuple[PathRow, ...] = ()
    inner: tuple[Reason, ...] = ()
    models: tuple[str, ...] = ()
    origin: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One alternative of a rule: it holds if all of its conditions do."""

    holds: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer for an action, a row and a caller, with its reasons.

    place  where the rule is written, as "path:line"; "" if the model has no rules
    needs  for "update" and "delete": the answer for "read", which must be yes as well
    """

    action: Action
    allowed: bool
    ways: tuple[Way, ...]
    place: str
    needs: Answer | None = None


def explain(action: Action, row: Model, by: By) -> Answer:
    """Explain what the rules answer for a stored row. Raises RuleError for a rule that can't be used."""
    asking, model = caller(by), type(row)
    ways = tuple(_way(model, row, each, asking) for each in alternatives(model, action))
    rules = rules_of(model)
    needs = explain("read", row, by) if action in ("update", "delete") else None
    return Answer(
        action=action,
        allowed=any(way.holds for way in ways) and (needs is None or needs.allowed),
        ways=ways,
        place=place(rules, action) if rules else "",
        needs=needs,
    )


def lines(answer: Answer) -> Iterator[str]:
    """Yield the answer as text for a terminal."""
    yield f"{answer.action}: {'yes' if answer.allowed else 'no'}"
    if not answer.ways:
        yield (
            "  There is no rule for this action, so nobody may do it."
            if answer.place
            else "  The model has no rules."
        )
    for way in answer.ways:
        yield f"  {'✓' if way.holds else '✗'} alternative" if len(answer.ways) > 1 else "  conditions"
        for reason in way.reasons:
            yield from _lines(reason, "    ")
    if answer.place:
        yield f"  written at {answer.place}"
    if answer.needs:
        yield from lines(answer.needs)


def _lines(reason: Reason, indent: str) -> Iterator[str]:
    rows = f" ({', '.join(map(str, reason.rows))})" if reason.rows else ""
    origin = f" [{reason.origin} at {reason.place}]" if reason.origin else ""
    yield f"{indent}{'✓' if reason.holds else '✗'} {reason.text}{rows}{origin}"
    for inner in reason.inner:
        yield from _lines(inner, f"{indent}  ")


def _way(model: type[Model], row: Model, alternative: Alternative, by: Caller | None) -> Way:
    rows = model._base_manager.filter(pk=row.pk)
    return Way(
        holds=settled(rows, all_of(model, alternative, by)).exists(),
        reasons=tuple(_reason(rows, literal, by) for literal in alternative),
    )


def _reason(rows: QuerySet[Any], literal: Literal, by: Caller | None) -> Reason:
    """Explain whether a condition holds for one of the rows."""
    model = rows.model
    met = settled(rows, all_of(model, (literal,), by))
    holds = met.exists()
    path = _path(met if holds else rows, literal)
    inner: tuple[Reason, ...] = ()
    if isinstance(literal, Some):
        ends, inner = _related(rows, literal, by)
        path += ends
    elif isinstance(literal, Not) and not holds:
        inner = tuple(_reason(rows, each, by) for way in literal.alternatives for each in way)
    origin: Origin | None = getattr(literal, "origin", None)
    rules = rules_of(origin[0]) if origin else None
    return Reason(
        text=words.of_literal(literal),
        holds=holds,
        rows=path,
        inner=inner,
        models=tuple(dict.fromkeys(each._meta.label for each in models_read(model, literal))),
        origin=f"{origin[0].__name__}.{origin[1]}" if origin else "",
        place=place(rules, origin[1]) if origin and rules else "",
    )


def _related(
    rows: QuerySet[Any], some: Some, by: Caller | None
) -> tuple[tuple[PathRow, ...], tuple[Reason, ...]]:
    """The related rows that meet a condition, with further rows on their paths; or what the others lack."""
    model = rows.model
    related, base = related_model(model, some.relation), related_model(model, some.relation)._base_manager
    owners = rows.values_list(key_path(model, some.relation), flat=True)
    found = base.filter(**{f"{related_key(model, some.relation)}__in": list(owners)}).order_by("pk")
    met = {
        each: list(settled(found, all_of(related, each, by)).values_list("pk", flat=True)[:SHOWN_ROWS])
        for each in some.alternatives
    }
    shown = list(dict.fromkeys(key for keys in met.values() for key in keys))[:SHOWN_ROWS]
    if shown:
        reasons = [
            _reason(base.filter(pk__in=keys), each, by) for way, keys in met.items() if keys for each in way
        ]
        inner = tuple(each for each in reasons if each.rows or each.inner)
    else:
        near = base.filter(pk__in=list(found.values_list("pk", flat=True)[:NEAR_ROWS]))
        inner = tuple(_reason(near, each, by) for way in some.alternatives for each in way)
    return tuple(PathRow(related._meta.label, str(key)) for key in shown), inner


def _path(rows: QuerySet[Any], literal: Literal) -> tuple[PathRow, ...]:
    """The rows behind the to-one relations that a condition follows."""
    if not isinstance(literal, Atom | Some):
        return ()
    path = literal.lookup if isinstance(literal, Atom) else literal.relation
    hops = followed(rows.model, path)
    if isinstance(literal, Some):
        hops = hops[:-1]
    if not hops:
        return ()
    labels = [related_model(rows.model, hop)._meta.label for hop in hops]
    keys = rows.order_by().values_list(*(f"{hop}__pk" for hop in hops))[:SHOWN_ROWS]
    found = (
        PathRow(label, str(key))
        for each in keys
        for label, key in zip(labels, each, strict=True)
        if key is not None
    )
    return tuple(dict.fromkeys(found))
