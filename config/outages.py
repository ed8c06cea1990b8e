"""Pages while the database is unavailable or overloaded: a short 503 or 409 instead of the server error page."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.defaults import server_error as program_error

from database import failures

logger = logging.getLogger("podium.pages")


class Outages:
    """Middleware that handles database errors raised by views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _answer(request, error)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500: handle errors raised by other middleware, such as sessions, in the same way."""
    error = sys.exception()
    return (_answer(request, error) if error is not None else None) or program_error(request)


def _answer(request: HttpRequest, error: BaseException) -> HttpResponse | None:
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
