"""`manage.py check`: names of resources that can't be used, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from podium.access.rules import place, rules_of
from podium.rest.resources.registry import PREFIX, path_of
from podium.rows.classes import ruled

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TAKEN = {"schema", "docs"}
"""Names of the description and its pages."""


@register
def resources_have_names(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Two resources with one name, and names that addresses can't have."""
    return list(_faults())


def _faults() -> Iterator[CheckMessage]:
    found: dict[str, Any] = {}
    for model in ruled("rest"):
        rules, path = rules_of(model), path_of(model)
        assert rules is not None
        start = f"{place(rules, 'plural')}: {rules.__name__}"
        if not NAME.fullmatch(path):
            yield Error(
                f"{start}.plural: {path!r} is not a valid name. Write lower-case letters, digits and hyphens.",
                id="podium_rest.E004",
            )
        elif path in TAKEN or path in found:
            other = f"as {place(found[path])}" if path in found else "as a page of Podium"
            advice = f'Write plural = "..." in {rules.__name__}, or entries = ["client"].'
            yield Error(
                f"{start}: its resource is at {PREFIX}{path}, {other} is. {advice}", id="podium_rest.E005"
            )
        found.setdefault(path, rules)
