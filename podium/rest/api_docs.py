"""Permission to see the description of the REST API: `API_DOCS` is "everybody", "staff" or "nobody"."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class SeesDescription(BasePermission):
    """Answers everyone else with 404: a refusal would reveal that the description exists."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if settings.API_DOCS == "everybody" or (settings.API_DOCS == "staff" and request.user.is_staff):
            return True
        raise Http404
