"""Bearer tokens of clients for REST: DRF's authentication. podium/rest/description.py describes it in OpenAPI.

Operators who act as a user are refused, as in calls, unless the view allows them. A function does so with
@allow_impersonation above @api_view. A class lists the HTTP methods: impersonation_methods = SAFE_METHODS.
"""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.sessions import sessions
from podium.core.errors import PodiumError
from podium.endpoints.authorization import Rules, authorize
from podium.endpoints.calls import Call, Identity
from podium.endpoints.credentials import token_of
from podium.endpoints.endpoint import is_impersonation_allowed


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, with the token of a sign-in. `request.auth` is the Identity."""

    def authenticate(self, request: Request) -> tuple[User, Identity] | None:
        header = request.headers.get("Authorization")
        if header is None or not header.lower().startswith("bearer "):
            return None
        try:
            identity = sessions.look_up(token_of(header))
        except PodiumError as error:
            raise AuthenticationFailed(error.message) from None
        if identity is None:
            raise AuthenticationFailed("The token is invalid or no longer valid. Sign in again.")
        user = User.objects.filter(pk=identity.user_id, is_active=True).first()
        if user is None:
            raise AuthenticationFailed("The account is blocked or was deleted.")
        call = Call("rest", request.path, identity, _headers(request), request.META.get("REMOTE_ADDR") or "")
        rules = Rules(allow_impersonation=_allows_impersonation(request))
        authorize(rules, call, f"{request.method} {request.path}")
        return user, identity

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _allows_impersonation(request: Request) -> bool:
    view, match = request.parser_context.get("view"), request.resolver_match
    if request.method in getattr(view, "impersonation_methods", ()):
        return True
    return match is not None and is_impersonation_allowed(match.func)


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
