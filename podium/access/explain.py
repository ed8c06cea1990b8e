"""Explanations of what a caller may do with a row: each alternative of the rule, each condition, the rows on the path.

Every answer is SQL with the same filters as the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from podium.access import words
from podium.access.alternatives import Alternative, Literal, Not, Origin, Some, alternatives, related_model
from podium.access.callers import By, Caller, caller
from podium.access.conditions import Action
from podium.access.predicates import Predicate, all_of, key_path, related_key, settled
from podium.access.rules import place, rules_of

SHOWN_ROWS = 3
"""Related rows that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition.

    text    in words
    holds   for this row and caller
    rows    of a to-many relation: keys of some related rows that meet the condition, as "TeamMember 7"
    inner   of a to-many relation or a negation: the conditions inside, each with whether some related row meets it
    origin  the rule it comes from by `through`: "TeamNotebook.read"
    """

    text: str
    holds: bool
    rows: tuple[str, ...] = ()
    inner: tuple[Reason, ...] = ()
    origin: str = ""


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
    rows = f" ({', '.join(reason.rows)})" if reason.rows else ""
    origin = f" [{reason.origin}]" if reason.origin else ""
    yield f"{indent}{'✓' if reason.holds else '✗'} {reason.text}{rows}{origin}"
    if not reason.holds:
        for inner in reason.inner:
            yield from _lines(inner, f"{indent}  ")


def _way(model: type[Model], row: Model, alternative: Alternative, by: Caller | None) -> Way:
    return Way(
        holds=_holds(model, [row.pk], all_of(model, alternative, by)),
        reasons=tuple(_reason(model, [row.pk], literal, by) for literal in alternative),
    )


def _reason(model: type[Model], keys: list[Any], literal: Literal, by: Caller | None) -> Reason:
    rows: tuple[str, ...] = ()
    inner: tuple[Reason, ...] = ()
    if isinstance(literal, Some):
        rows, inner = _related(model, keys, literal, by)
    elif isinstance(literal, Not):
        inner = tuple(_reason(model, keys, each, by) for way in literal.alternatives for each in way)
    return Reason(
        text=words.of_literal(literal),
        holds=_holds(model, keys, all_of(model, (literal,), by)),
        rows=rows,
        inner=inner,
        origin=_origin(getattr(literal, "origin", None)),
    )


def _related(
    model: type[Model], keys: list[Any], some: Some, by: Caller | None
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The related rows that meet a condition, and what the others lack."""
    related = related_model(model, some.relation)
    owners = model._base_manager.filter(pk__in=keys).values_list(key_path(model, some.relation), flat=True)
    found = related._base_manager.filter(**{f"{related_key(model, some.relation)}__in": list(owners)})
    met = [
        row for each in some.alternatives for row in settled(found, all_of(related, each, by))[:SHOWN_ROWS]
    ]
    near = list(found.values_list("pk", flat=True)[:100])
    inner = tuple(_reason(related, near, literal, by) for each in some.alternatives for literal in each)
    shown = tuple(dict.fromkeys(f"{related.__name__} {row.pk}" for row in met))
    return shown[:SHOWN_ROWS], inner


def _holds(model: type[Model], keys: list[Any], predicate: Predicate) -> bool:
    """Test whether a condition holds for one of the rows."""
    return bool(settled(model._base_manager.filter(pk__in=keys), predicate).exists())


def _origin(origin: Origin | None) -> str:
    return f"{origin[0].__name__}.{origin[1]}" if origin else ""
