"""Pages while Redis is unavailable: a clear 503 instead of a server error."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from redis.exceptions import RedisError

logger = logging.getLogger("podium.monitoring")

RETRY_SECONDS = 5


class RedisAway:
    """Middleware: answers 503 with Retry-After if a page failed because it could not reach Redis."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RedisError):
            return None
        logger.error("%s %r failed without Redis: %r", request.method, request.path, exception)
        return HttpResponse(
            "This request needs a service that is currently unavailable. Try again soon.\n",
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"},
        )
