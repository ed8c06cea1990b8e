"""The clients' bearer tokens for REST: DRF's authentication and its description in OpenAPI.

Operators who act as a user are refused, as in calls, unless the view allows them. A function does so with
@allow_impersonation above @api_view. A class lists the HTTP methods: impersonation_methods = SAFE_METHODS.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import User
from core.errors import PodiumError
from endpoints.calls import Call, Identity
from endpoints.dispatch import refuse_impersonation, token_of
from endpoints.endpoint import is_impersonation_allowed
from endpoints.errors import SignInUnfinished


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, with the token of a sign-in. `request.auth` is the Identity."""

    def authenticate(self, request: Request) -> tuple[User, Identity] | None:
        header = request.headers.get("Authorization")
        if header is None or not header.lower().startswith("bearer "):
            return None
        try:
            identity = tokens.look_up(token_of(header))
        except PodiumError as error:
            raise AuthenticationFailed(error.message) from None
        if identity is None:
            raise AuthenticationFailed("The token is not or no longer good. Sign in again.")
        user = User.objects.filter(pk=identity.user_id, is_active=True).first()
        if user is None:
            raise AuthenticationFailed("The account is blocked or gone.")
        if identity.operator and not _allows_impersonation(request):
            call = Call(
                "rest", request.path, identity, _headers(request), request.META.get("REMOTE_ADDR") or ""
            )
            refuse_impersonation(call, f"{request.method} {request.path}")
        if identity.unfinished:
            raise SignInUnfinished
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


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
