"""`manage.py check`: endpoints whose signatures can't be served, and names that hide a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from endpoints.asgi import check_settings
from endpoints.registry import place, registry, strays


@register
def endpoints_settings_are_good(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """ENDPOINTS_RATE, ENDPOINTS_MIDDLEWARE and ENDPOINTS_TRUSTED_PROXIES."""
    try:
        check_settings()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="endpoints.E003")]
    return []


@register
def endpoints_can_be_served(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Faults of the registry, and endpoints whose name is the first segment of a page's path."""
    found: list[CheckMessage] = [Error(fault, id="endpoints.E001") for fault in registry().faults]
    pages = _first_segments(get_resolver().url_patterns)
    for name in registry().names():
        if name in pages:
            found.append(
                Error(
                    f"The endpoint {name!r} hides the page /{name}/.",
                    hint="Rename the endpoint or move the page.",
                    id="endpoints.E002",
                )
            )
    return found + [
        Warning(
            f"{place(each)} {each.__name__} can't be called: endpoints are looked for in <app>/endpoints.py.",
            hint="Move it there, or into a module of the package <app>/endpoints/. A base for others: extend abc.ABC.",
            id="endpoints.W001",
        )
        for each in strays()
    ]


def _first_segments(patterns: Iterable[URLPattern | URLResolver]) -> set[str]:
    """Where pages begin: "admin", "api"; what is included without a prefix is looked into."""
    found = set()
    for each in patterns:
        prefix = str(each.pattern).removeprefix("^")
        if not prefix and isinstance(each, URLResolver):
            found |= _first_segments(each.url_patterns)
        else:
            found.add(prefix.partition("/")[0].removesuffix("$"))
    return found
