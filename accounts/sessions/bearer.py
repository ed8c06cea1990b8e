"""Bearer tokens of clients and API keys for REST: DRF's authentication. podium/rest/description.py is for OpenAPI.

Operators who act as a user and API keys are refused, as in calls, unless the view allows them. A function does so with
@allow_impersonation or @allow_api_keys above @api_view. A class lists the HTTP methods: impersonation_methods or
api_key_methods = SAFE_METHODS.
"""

from __future__ import annotations

from collections.abc import Callable

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import User
from accounts.sessions import sessions
from podium.core.errors import PodiumError
from podium.endpoints.authorization import Rules, authorize
from podium.endpoints.calls import Call, Identity
from podium.endpoints.credentials import token_of
from podium.endpoints.endpoint import is_api_key_allowed, is_impersonation_allowed
from podium.endpoints.errors import CallError


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, with the token of a sign-in or an API key. `request.auth` is the Identity."""

    is_that_of_calls = True
    """Generated resources may identify the caller as calls do, without Django (podium/rest/resources/asgi.py)."""

    def authenticate(self, request: Request) -> tuple[User, Identity] | None:
        header = request.headers.get("Authorization")
        if header is None or not header.lower().startswith("bearer "):
            return None
        try:
            identity = sessions.look_up(token_of(header))
        except PodiumError as error:
            raise AuthenticationFailed(error.message) from None
        if identity is None:
            raise AuthenticationFailed(
                "The token is invalid or no longer valid. Sign in again, or use another API key."
            )
        user = User.objects.filter(pk=identity.user_id, is_active=True).first()
        if user is None:
            raise AuthenticationFailed("The account is blocked or was deleted.")
        call = Call("rest", request.path, identity, _headers(request), request.META.get("REMOTE_ADDR") or "")
        rules = Rules(
            allow_impersonation=_allows(request, "impersonation_methods", is_impersonation_allowed),
            allow_api_keys=_allows(request, "api_key_methods", is_api_key_allowed),
        )
        try:
            authorize(rules, call, f"{request.method} {request.path}")
        except (
            CallError
        ) as error:  # with REST framework's own error it does not authenticate again for the answer
            raise PermissionDenied(error.message, error.code) from None
        return user, identity

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _allows(request: Request, attribute: str, is_marked: Callable[[object], bool]) -> bool:
    """Test whether the view lists the HTTP method in this attribute, or is a function with the mark."""
    view, match = request.parser_context.get("view"), request.resolver_match
    if request.method in getattr(view, attribute, ()):
        return True
    return match is not None and is_marked(match.func)


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
