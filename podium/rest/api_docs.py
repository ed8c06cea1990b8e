"""The description of the REST API, as OpenAPI and as a page, and who may see it.

`API_DOCS` is "everybody", "staff" or "nobody".
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class SeesDescription(BasePermission):
    """Answers everyone else with 404: a refusal would reveal that the description exists."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if settings.API_DOCS == "everybody" or (settings.API_DOCS == "staff" and request.user.is_staff):
            return True
        raise Http404


schema = SpectacularAPIView.as_view(permission_classes=[SeesDescription])
docs = SpectacularSwaggerView.as_view(url_name="schema", permission_classes=[SeesDescription])
