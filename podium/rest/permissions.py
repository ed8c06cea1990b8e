"""Scopes of REST resources: `required_scopes` of a view, as of an endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from podium.endpoints.calls import Identity
from podium.endpoints.errors import NotSignedIn, ScopeMissing


class RequiredScopes(BasePermission):
    """Refuses callers without all of the view's `required_scopes`. A view without them is open to it.

    One of the default permissions. A view with its own `permission_classes` lists it there.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise NotSignedIn (401), ScopeMissing (403)."""
        required = frozenset(getattr(view, "required_scopes", ()))
        if required and not request.user.is_authenticated:
            raise NotSignedIn
        if not required <= _scopes(request):
            raise ScopeMissing
        return True


def _scopes(request: Request) -> frozenset[str]:
    """The scopes of a token or an API key, which may have fewer than its user; without either, those of the user."""
    if isinstance(request.auth, Identity):
        return request.auth.scopes
    names: Iterable[str] = getattr(request.user, "scope_names", ())
    return frozenset(names)
