"""`manage.py check`: mistakes in access rules, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP

from podium.access import rules as rule_classes
from podium.access.alternatives import alternatives, atoms, step
from podium.access.callers import Caller
from podium.access.conditions import ACTIONS, Action, Me
from podium.access.errors import RuleError
from podium.access.predicates import predicate
from podium.access.rules import Rules, place
from podium.access.words import COMPARISONS

SOMEBODY = Caller("00000000-0000-0000-0000-000000000001")


@register
def access_rules_can_be_used(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Unknown names and fields, values of another type, rules that lead back to themselves."""
    return [message for rules in _all() for message in _faults(rules)]


def _all() -> Iterator[type[Rules[Any]]]:
    for found in rule_classes.classes.values():
        yield from found


def _faults(rules: type[Rules[Any]]) -> Iterator[CheckMessage]:
    first, *_ = rule_classes.classes[rules.model]
    if rules is not first:
        yield _error(
            rules,
            "",
            f"{rules.model.__name__} has rules at {place(first)}. Write one class.",
        )
    for name in rule_classes.unknown_names(rules):
        known = ", ".join(Rules.__annotations__)
        yield _error(
            rules,
            name,
            f"{rules.__name__}.{name}: rules have no {name!r}, but: {known}.",
            "access.E002",
        )
    for action in ACTIONS:
        if fault := _fault_of(rules, action):
            yield _error(rules, action, f"{rules.__name__}.{action}: {fault}", "access.E003")
    for name in rules.fill:
        if step(rules.model, name) is None:
            message = f"{rules.__name__}.fill: {rules.model.__name__} has no field {name!r}"
            yield _error(rules, "fill", f"{message}{_nearest(rules.model, name)}", "access.E004")


def _fault_of(rules: type[Rules[Any]], action: Action) -> str:
    """Return what is wrong with a rule; "" if nothing is."""
    try:
        for alternative in alternatives(rules.model, action):
            for atom in atoms(alternative):
                if atom.value is Me and atom.lookup.rpartition(LOOKUP_SEP)[2] in COMPARISONS:
                    return f"{atom.lookup!r}: a column can only be equal to Me"
        found = predicate(rules.model, action, SOMEBODY)
        if not isinstance(found, bool):
            str(rules.model._base_manager.filter(found).query)
    except (RuleError, FieldError, FieldDoesNotExist, ValidationError, ValueError, TypeError) as error:
        return "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    return ""


def _nearest(model: type[Model], name: str) -> str:
    found = get_close_matches(
        name, [getattr(field, "attname", field.name) for field in model._meta.get_fields()], 1
    )
    return f"; did you mean {found[0]!r}?" if found else "."


def _error(rules: type[Rules[Any]], attribute: str, message: str, id: str = "access.E001") -> Error:
    return Error(f"{place(rules, attribute)}: {message}", id=id)
