"""Rules as text, for explanations, pages and OpenAPI."""

from __future__ import annotations

import enum
from typing import Any

from django.db.models import F
from django.db.models.constants import LOOKUP_SEP

from podium.access.alternatives import Alternative, Atom, Literal, Not, Some, Test, alternatives
from podium.access.conditions import Everyone, Me, Scope
from podium.access.grants import Grant

COMPARISONS = {
    "exact": "=",
    "gt": ">",
    "gte": "≥",
    "lt": "<",
    "lte": "≤",
    "in": "is one of",
    "contains": "contains",
    "icontains": "contains, in any case,",
    "startswith": "starts with",
    "istartswith": "starts, in any case, with",
    "endswith": "ends with",
    "iendswith": "ends, in any case, with",
    "iexact": "is, in any case,",
    "regex": "matches",
    "iregex": "matches, in any case,",
    "range": "is between",
}
EVERY_USER = "all signed-in users"


def of_rule(model: Any, action: Any) -> str:
    """Return the whole rule of an action: "owner_id = the caller, or has the scope 'moderator'"."""
    found = alternatives(model, action)
    return ", or ".join(of_alternative(each) for each in found) if found else "nobody"


def of_alternative(alternative: Alternative) -> str:
    """Return all conditions of an alternative."""
    return " and ".join(of_literal(literal) for literal in alternative)


def of_literal(literal: Literal) -> str:
    """Return one condition."""
    match literal:
        case Atom():
            return _atom(literal)
        case Test():
            if isinstance(literal.marker, Scope):
                return f"the caller has the scope {literal.marker.name!r}"
            return "everyone" if literal.marker == Everyone else "the caller is signed in"
        case Not():
            return f"not ({', or '.join(of_alternative(each) for each in literal.alternatives)})"
        case Some():
            path = literal.relation.replace(LOOKUP_SEP, ".")
            inner = ", or ".join(filter(None, map(of_alternative, literal.alternatives)))
            return f"one of {path}{' with ' + inner if inner else ' exists'}"


def of_grant(grant: Grant) -> str:
    """Return the users of a grant to all but some: "users with the scope 'moderator', except 2"."""
    text = "users" if grant.needed or grant.refused else EVERY_USER
    text += _scopes(" with the scope", grant.needed) + _scopes(" without the scope", grant.refused)
    return f"{text}, except {len(grant.users.keys):,}" if grant.users.keys else text


def _scopes(text: str, names: frozenset[str]) -> str:
    plural = "s" if len(names) > 1 else ""
    return f"{text}{plural} {' and '.join(map(repr, sorted(names)))}" if names else ""


def _atom(atom: Atom) -> str:
    parts = atom.lookup.split(LOOKUP_SEP)
    comparison = "="
    if parts[-1] == "isnull":
        return f"{'.'.join(parts[:-1])} is {'empty' if atom.value else 'not empty'}"
    if parts[-1] in COMPARISONS:
        comparison = COMPARISONS[parts.pop()]
    return f"{'.'.join(parts)} {comparison} {_value(atom.value)}"


def _value(value: Any) -> str:
    if value is Me:
        return "the caller"
    if isinstance(value, F):
        return str(value.name).replace(LOOKUP_SEP, ".")  # type: ignore[attr-defined]  # missing in the stubs
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, list | tuple | set):
        return ", ".join(map(_value, value))
    return "empty" if value is None else repr(value) if isinstance(value, str) else str(value)
