"""`manage.py check`: endpoints whose signatures can't be served, and names that hide a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from podium.endpoints.asgi import check_settings
from podium.endpoints.registry import is_public_base, place, registry, strays


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
    pages = first_segments(get_resolver().url_patterns)
    for name in registry().names():
        if name in pages:
            found.append(
                Error(
                    f"The endpoint {name!r} hides the page /{name}/.",
                    hint="Rename the endpoint or move the page.",
                    id="endpoints.E002",
                )
            )
    if not apps.is_installed("realtime"):
        found += _streams()
    found += [
        Warning(
            f"{place(each)} {each.__name__} can't be called: endpoints are looked for in <app>/endpoints.py.",
            hint="Move it there, or into a module of the package <app>/endpoints/. A base for others: extend abc.ABC.",
            id="endpoints.W001",
        )
        for each in strays()
    ]
    return found + [
        Warning(
            f"{place(each)} {each.__name__} has the name of the class that it extends.",
            hint="Rename it. In Dart, your client and the package of the module would both have this name.",
            id="endpoints.W002",
        )
        for each in registry().classes
        if each.__name__ in {base.__name__ for base in each.__mro__[1:] if is_public_base(base)}
    ]


def _streams() -> Iterable[CheckMessage]:
    """Methods that need the app realtime, which this project leaves out."""
    for definition in registry().definitions() if not registry().faults else []:
        for method in definition.methods:
            if method.streams and not definition.abstract:
                yield Error(
                    f"{definition.name}.{method.wire_name} is a stream, but config/settings.py leaves out the app "
                    "realtime.",
                    hint='Remove the method, or remove "realtime" from leave_out(...).',
                    id="endpoints.E004",
                )


def first_segments(patterns: Iterable[URLPattern | URLResolver]) -> set[str]:
    """The first segments of the paths of pages: "admin", "api". Includes without a prefix are searched."""
    found = set()
    for each in patterns:
        prefix = str(each.pattern).removeprefix("^")
        if not prefix and isinstance(each, URLResolver):
            found |= first_segments(each.url_patterns)
        else:
            found.add(prefix.partition("/")[0].removesuffix("$"))
    return found
