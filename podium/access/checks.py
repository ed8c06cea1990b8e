"""`manage.py check`: mistakes in access rules, with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP

from podium.access import rules as rule_classes
from podium.access.alternatives import alternatives, atoms, related_model, step
from podium.access.callers import Caller
from podium.access.conditions import ACTIONS, Action, Me
from podium.access.errors import RuleError
from podium.access.fields import attribute_of, field_rules
from podium.access.predicates import predicate
from podium.access.rules import Rules, condition_of, place, rules_of
from podium.access.words import COMPARISONS
from podium.wire.classes import WireClass, by_python
from podium.wire.parse import parse_type

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
        if fault := fault_of(rules, action):
            yield _error(rules, action, f"{rules.__name__}.{action}: {fault}", "access.E003")
    unknown = [
        (attribute, name) for attribute, name in _named_fields(rules) if step(rules.model, name) is None
    ]
    for attribute, name in unknown:
        message = f"{rules.__name__}.{attribute}: {rules.model.__name__} has no field {name!r}"
        yield _error(rules, attribute, f"{message}{_nearest(rules.model, name)}", "access.E004")
    if not unknown:
        for attribute, message in _field_faults(rules):
            yield _error(rules, attribute, f"{rules.__name__}.{attribute}: {message}", "access.E005")


def _named_fields(rules: type[Rules[Any]]) -> Iterator[tuple[str, str]]:
    """Yield the fields that the field rules name: the attribute, and the name."""
    lists: dict[str, list[str]] = {
        "fill": list(rules.fill),
        "fixed": list(rules.fixed),
        "readable": list(rules.readable or ()),
        "writable": _writable(rules),
        "filter": list(rules.filter),
        "expand": list(rules.expand),
    }
    for attribute, names in lists.items():
        for name in names:
            yield attribute, name


def _writable(rules: type[Rules[Any]]) -> list[str]:
    given = rules.writable or ()
    return [name for names in given.values() for name in names] if isinstance(given, Mapping) else list(given)


def _field_faults(rules: type[Rules[Any]]) -> Iterator[tuple[str, str]]:
    """Yield the faults of field rules whose names are right: the attribute, and the message."""
    model, found = rules.model, field_rules(rules.model)
    if not isinstance(by_python.get(model), WireClass):
        return  # without a model file, no client sees the model
    for field in found.hidden:
        if not parse_type(field.type).nullable:
            text = f"{field.attribute} is left out, but is not nullable: clients' classes need a value"
            yield "readable", f"{text}. Write `{field.type}?`, or scope=serverOnly, in the model file."
    for attribute, seen in (("filter", found.filter), ("expand", found.expand)):
        attributes = {each.attribute for each in seen}
        for name in getattr(rules, attribute):
            if attribute_of(model, name) not in attributes and name not in attributes:
                yield attribute, f"{name} can't be used: clients do not see it."
    for field in found.expand:
        related = related_model(model, field.attribute)
        if condition_of(related, "read") is None:
            yield "expand", f"nobody may read {related.__name__}: write rules with `read` for it."
    closed = {attribute_of(model, name): "fixed" for name in rules.fixed}
    closed |= {attribute_of(model, name): "fill" for name in rules.fill}
    for name in _writable(rules):
        if other := closed.get(attribute_of(model, name)):
            yield "writable", f"{name} is in `{other}` as well, so that clients can't write it."
    if isinstance(rules.writable, Mapping):
        for action in set(rules.writable) - {"create", "update"}:
            yield "writable", f'{action!r} is not one of "create" and "update".'
    for action in set(rules.api_keys) - set(ACTIONS):
        yield "api_keys", f"{action!r} is not one of {', '.join(ACTIONS)}."
    if {"update", "delete"} & set(rules.api_keys) and "read" not in rules.api_keys:
        yield "api_keys", 'a changed row is shown to the program: add "read".'
    for field in found.expand if "read" in rules.api_keys else ():
        others = rules_of(related_model(model, field.attribute))
        if others is not None and "read" not in others.api_keys:
            text = f"programs would read {others.model.__name__} by `expand`, which is closed to them"
            yield "api_keys", f'{text}: add "read" to `api_keys` of {others.__name__}, or remove it here.'
    for entry in set(rules.entries) - {"client", "rest"}:
        yield "entries", f'{entry!r} is not one of "client" and "rest".'


def fault_of(rules: type[Rules[Any]], action: Action) -> str:
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
