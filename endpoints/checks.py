"""`manage.py check`: endpoints whose signatures can't be served, and names that hide a page."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import get_resolver

from endpoints.registry import registry


@register
def endpoints_can_be_served(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Faults of the registry, and endpoints whose name is the first segment of a page's path."""
    found: list[CheckMessage] = [Error(fault, id="endpoints.E001") for fault in registry().faults]
    pages = {str(each.pattern).partition("/")[0] for each in get_resolver().url_patterns}
    for name in registry().names():
        if name in pages:
            found.append(
                Error(
                    f"The endpoint {name!r} hides the page /{name}/.",
                    hint="Rename the endpoint or move the page.",
                    id="endpoints.E002",
                )
            )
    return found
