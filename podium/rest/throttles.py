"""Quotas of REST resources, declared with @rate_limit and counted like those of methods."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from podium.endpoints import quotas
from podium.endpoints.calls import Identity
from podium.endpoints.endpoint import rates_of
from podium.endpoints.rates import By


class RateLimits(BaseThrottle):
    """Counts requests for the @rate_limit of an action, or else of the view. Its answers report what is left.

    A rate of the view is for all its requests together, one of an action for the action alone. The default throttle; a
    view with its own `throttle_classes` lists it there.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request. Raises TooManyCalls (429)."""
        name, found = of_request(request, view)
        limits = quotas.of_marks(found)
        if limits:
            usage = quotas.take(name, limits, _identity(request), request.META.get("REMOTE_ADDR") or "")
            view.headers |= quotas.headers(limits, usage)  # which DRF adds to the answer, whatever it is
            quotas.check(usage)
        return True


def of_request(request: Request, view: Any) -> tuple[str, tuple[tuple[str, By], ...]]:
    """Return the rates that apply to a request, and the name under which it is counted."""
    action = getattr(view, "action", None) or str(request.method).lower()
    resource = name_of(type(view))
    if own := rates_of(getattr(view, action, None)):
        return f"rest:{resource}.{action}", own
    match = request.resolver_match
    return f"rest:{resource}", rates_of(type(view)) or rates_of(match.func if match is not None else None)


def name_of(view: type) -> str:
    """The name of a view. Not its qualified name, which is the same for all functions with @api_view."""
    return f"{view.__module__}.{view.__name__}"


def _identity(request: Request) -> Identity | None:
    """The caller of a token or an API key; with a browser's session, its user."""
    if isinstance(request.auth, Identity):
        return request.auth
    return Identity(str(request.user.pk)) if request.user.is_authenticated else None
