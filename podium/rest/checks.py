"""`manage.py check`: @rate_limit and required_scopes of REST views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from podium.endpoints import quotas
from podium.endpoints.endpoint import rates_of
from podium.rest.permissions import RequiredScopes
from podium.rest.throttles import RateLimits, name_of


@register
def rates_and_scopes_of_views_are_valid(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Check that rates of views and of their methods are valid, and that rates and scopes are enforced."""
    callbacks = [each for each in _callbacks(get_resolver().url_patterns) if _view(each) is not None]
    found = dict.fromkeys(
        fault for callback in callbacks for fault in _faults(callback)
    )  # each once, in order
    return [Error(text, hint=hint, id=id) for id, text, hint in found]


def _faults(callback: Any) -> Iterator[tuple[str, str, str | None]]:
    """The faults of a view: id, text and hint of the check's message."""
    cls = _view(callback)
    assert cls is not None
    name, rated = name_of(cls), False
    for subject in (callback, cls, *_attributes(cls)):
        rated = rated or bool(rates_of(subject))
        for fault in quotas.faults(rates_of(subject)):
            yield "podium_rest.E001", f"{name}{fault}", None
    if rated and not _includes(cls.throttle_classes, RateLimits):
        hint = "Add podium.rest.throttles.RateLimits to its throttle_classes."
        yield "podium_rest.E002", f"{name}: nothing enforces its @rate_limit.", hint
    if getattr(cls, "required_scopes", None) and not _includes(cls.permission_classes, RequiredScopes):
        hint = "Add podium.rest.permissions.RequiredScopes to its permission_classes."
        yield "podium_rest.E003", f"{name}: nothing enforces its required_scopes.", hint


def _view(callback: Any) -> type[APIView] | None:
    cls = getattr(callback, "cls", None)
    return cls if isinstance(cls, type) and issubclass(cls, APIView) else None


def _includes(classes: Iterable[Any], wanted: type) -> bool:
    """Test for a class among others, also within `A & B` of REST framework."""
    return any(
        issubclass(each, wanted)
        if isinstance(each, type)
        else _includes([getattr(each, "op1_class", object), getattr(each, "op2_class", object)], wanted)
        for each in classes
    )


def _attributes(cls: type) -> Iterator[Any]:
    for base in cls.__mro__:
        yield from vars(base).values()


def _callbacks(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Any]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _callbacks(each.url_patterns)
        else:
            yield each.callback
