"""`manage.py check`: models with rules whose row methods can't be made, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from podium.access.fields import attribute_of, field_rules
from podium.access.rules import place, rules_of
from podium.rows import operators
from podium.rows.classes import row_classes, ruled
from podium.wire import classes as wire


@register
def row_methods_can_be_made(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Filters of types that have no operators, and names of classes that are taken."""
    return [*_filters(), *_names()]


def _filters() -> Iterator[CheckMessage]:
    for model in ruled("client"):
        rules = rules_of(model)
        assert rules is not None
        written = {attribute_of(model, name) for name in rules.filter}
        for field in field_rules(model).filter:
            if field.attribute in written and not operators.of_field(field.type):
                yield Error(
                    f"{place(rules, 'filter')}: {rules.__name__}.filter: {field.attribute} is of type {field.type}, "
                    "which clients can't filter by. Remove it from the list.",
                    id="rows.E001",
                )


def _names() -> Iterator[CheckMessage]:
    for model in ruled("client"):
        rules, described = rules_of(model), row_classes(model)
        assert rules is not None
        keys = [each.key for each in described.where]
        for key in {each for each in keys if keys.count(each) > 1}:
            yield Error(
                f"{place(rules, 'filter')}: {rules.__name__}.filter: two filters are called {key!r}. "
                "Rename one of the fields in the model file, or remove it from the list.",
                id="rows.E002",
            )
        for name in described.names():
            taken = wire.registered.get(f"{described.prefix}.{name}" if described.prefix else name)
            if taken is not None and not getattr(taken.python, "made_for_rows", False):
                yield Error(
                    f"{place(rules)}: the row methods of {described.name} need a class {name}, which a model file has. "
                    f'Rename that, or set entries = ["rest"] in {rules.__name__}.',
                    id="rows.E003",
                )
