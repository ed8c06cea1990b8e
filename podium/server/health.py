"""/livez and /readyz: liveness and readiness of this server, answered fast even if a service hangs.

/livez       this process responds: for the supervisor that restarts it
/readyz      this process can serve, else 503: for the load balancer
/readyz?full the whole installation works, else 503: for alerting
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from podium.core.health import Check, arun_checks, conf, overall, run_checks

PATHS = ("/livez", "/readyz")
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _readiness(checks: list[Check], query: str, *, detailed: bool) -> tuple[int, str]:
    """The status and body of /readyz: names and outcomes for everyone, error details for authorized callers."""
    status = overall(checks)
    full = "full" in parse_qs(query, keep_blank_values=True)
    ready = status == "pass" or (status == "warn" and not full)
    body: dict[str, object] = {
        "ready": ready,
        "status": status,
        "checks": {check.name: check.status for check in checks},
    }
    if detailed:
        body["details"] = {check.name: check.error for check in checks if check.error}
    return 200 if ready else 503, json.dumps(body)


def _may_know(authorization: str) -> bool:
    given = authorization.removeprefix("Bearer ").encode()
    return settings.DEBUG or (bool(conf.TOKEN) and hmac.compare_digest(given, conf.TOKEN.encode()))


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """ASGI 3, for PATHS. Runs on the event loop, so it responds even if all threads wait for the database."""
    headers = dict(scope["headers"])
    if scope["path"] == PATHS[0]:
        status, body, kind = 200, "ok\n", "text/plain"
    else:
        detailed = _may_know(headers.get(b"authorization", b"").decode("latin-1"))
        query = scope["query_string"].decode("latin-1")
        status, body = _readiness(await arun_checks(), query, detailed=detailed)
        kind = "application/json"
    fields = {**HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}
    pairs = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body.encode()})


def is_asked(scope: MutableMapping[str, Any]) -> bool:
    """Return whether `application` answers. Requests with cookies go to Django, which knows the staff."""
    if scope["path"] not in PATHS or scope["method"] not in ("GET", "HEAD"):
        return False
    return scope["path"] == PATHS[0] or not any(name == b"cookie" for name, _ in scope["headers"])


def ask_by_any_name(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, before any that checks the host: a supervisor uses an IP address, which is not in ALLOWED_HOSTS."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path in PATHS:
            request.get_host = lambda: "localhost"  # type: ignore[method-assign]
        return get_response(request)

    return answer


def livez(request: HttpRequest) -> HttpResponse:
    """Answer that the process is running."""
    return HttpResponse("ok\n", content_type="text/plain", headers=HEADERS)


def readyz(request: HttpRequest) -> HttpResponse:
    """The same as `application`, for servers without it. Staff see the details."""
    checks = run_checks()
    works = not any(check.error for check in checks if check.name == "database")
    detailed = _may_know(request.headers.get("authorization", "")) or (works and _is_staff(request))
    status, body = _readiness(checks, request.META.get("QUERY_STRING", ""), detailed=detailed)
    return HttpResponse(body, status=status, content_type="application/json", headers=HEADERS)


def _is_staff(request: HttpRequest) -> bool:
    """Without a database, nobody counts as staff."""
    try:
        return request.user.is_staff
    except DatabaseError:
        return False
