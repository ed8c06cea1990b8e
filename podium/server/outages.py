"""Pages while the database or Redis is unavailable: a short 503 or 409 instead of the server error page."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.defaults import server_error as program_error

from podium.core.lazy import redis
from podium.database import failures
from podium.endpoints import tracebacks

logger = logging.getLogger("podium.pages")


REDIS_RETRY_SECONDS = 5


class Outages:
    """Middleware that handles errors of the database and of Redis raised by views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _answer(request, error) or _in_development(request, error)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500: handle errors raised by other middleware, such as sessions, in the same way."""
    error = sys.exception()
    return (_answer(request, error) if error is not None else None) or program_error(request)


def _in_development(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Answer a failure of REST with its traceback as JSON. Pages get Django's own error page."""
    match = request.resolver_match
    if match is None or not hasattr(match.func, "cls") or not (body := tracebacks.body(error)):
        return None
    got_request_exception.send(sender=None, request=request)
    logging.getLogger("django.request").error("Internal Server Error: %s", request.path, exc_info=error)
    return HttpResponse(body, status=500, content_type="application/json")


def _answer(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    if isinstance(error, redis.RedisError):
        return _without_redis(request, error)
    refusal = failures.refusal(error)
    if refusal is None:
        return None
    logger.warning("%s: %s", request.path, refusal.message)
    response = HttpResponse(f"{refusal.message}\n", status=refusal.status, content_type="text/plain")
    response.headers["X-Error-Code"] = refusal.code
    response.headers["Cache-Control"] = "no-store"
    if "retry_after" in refusal.details:
        response.headers["Retry-After"] = str(refusal.details["retry_after"])
    return response


def _without_redis(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %r failed without Redis: %r", request.method, request.path, error)
    return HttpResponse(
        "This request needs a service that is currently unavailable. Try again soon.\n",
        status=503,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(REDIS_RETRY_SECONDS), "Cache-Control": "no-store"},
    )
