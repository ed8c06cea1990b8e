"""Bearer tokens in the description of the REST API. drf_spectacular imports this when it makes the description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Registered by its definition."""

    target_class = "accounts.sessions.bearer.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def described(endpoints: list[Any]) -> list[Any]:
    """Return the endpoints unchanged. A hook of drf_spectacular, which imports this module for it."""
    return endpoints
