"""Security headers for pages: Content-Security-Policy (django-csp) and Permissions-Policy."""

from __future__ import annotations

from csp.constants import UNSAFE_EVAL
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeaders(CSPMiddleware):
    """Add CONTENT_SECURITY_POLICY to every page that does not set its own; the admin also gets 'unsafe-eval'.

    Unfold's pages use Alpine.js, which compiles attributes into functions. Scripts from other origins and inline
    scripts stay forbidden there too.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.resolver_match and "admin" in request.resolver_match.app_names:
            parts.update = {"script-src": [UNSAFE_EVAL], **(parts.update or {})}
        return parts
