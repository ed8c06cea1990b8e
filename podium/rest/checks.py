"""`manage.py check`: @rate_limit of REST views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from podium.endpoints import quotas
from podium.endpoints.endpoint import rates_of
from podium.rest.throttles import name_of


@register
def rates_of_views_are_valid(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Rates of views, their methods and actions, and of functions with @api_view."""
    subjects = {
        id(subject): (cls, subject)
        for callback in _callbacks(get_resolver().url_patterns)
        if issubclass(cls := getattr(callback, "cls", object), APIView)
        for subject in (callback, cls, *_attributes(cls))
    }
    return [
        Error(f"{name_of(cls)}{fault}", id="podium_rest.E001")
        for cls, subject in subjects.values()
        for fault in quotas.faults(rates_of(subject))
    ]


def _attributes(cls: type) -> Iterator[Any]:
    for base in cls.__mro__:
        yield from vars(base).values()


def _callbacks(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Any]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _callbacks(each.url_patterns)
        else:
            yield each.callback
