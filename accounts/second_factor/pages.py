"""Restrict a user without a demanded second factor to the pages that set one up.

podium/endpoints/authorization.py has the same rule for calls (`Identity.unfinished`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from accounts.models import User
from accounts.second_factor import factors
from podium.endpoints.errors import SignInUnfinished

OPEN = (
    "mfa_",
    "account_reauthenticate",
    "account_logout",
    "account_email",  # an address must be confirmed before a second factor is added
    "account_confirm_email",
    "admin:logout",
    "headless:browser:mfa:",
    "headless:browser:config",
    "headless:browser:account:current_session",
    "headless:browser:account:reauthenticate",
    "headless:browser:account:manage_email",
    "headless:browser:account:verify_email",
)
"""Prefixes of the names of the views that such a user needs."""
DATA = ("/_allauth/", "/api/")


class SecondFactorDemanded:
    """Middleware: redirect to the set-up pages, and serve public pages as to a visitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if not isinstance(user, User) or _is_open(request) or not factors.is_missing(user):
            return None
        if request.path.startswith(DATA):
            body = {"error": {"code": SignInUnfinished.code, "message": SignInUnfinished().message}}
            return JsonResponse(body, status=SignInUnfinished.status)
        if request.path.startswith((reverse("admin:index"), "/account/")):  # the admin may have been moved
            messages.warning(request, SignInUnfinished().message)
            return HttpResponseRedirect(reverse("mfa_index"))
        request.user = AnonymousUser()
        return None


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.view_name or "").startswith(OPEN)
