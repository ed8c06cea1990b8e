"""Whether this server is alive, and whether it can do its work. Quick, and bounded in time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from monitoring.conf import conf

logger = logging.getLogger("podium.monitoring")


@dataclass(frozen=True)
class Check:
    """One thing a server needs. error: empty, or why it does not work."""

    name: str
    error: str = ""


def database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def bus() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=conf.CHECK_SECONDS) as client:
        client.ping()


CHECKS: dict[str, Callable[[], None]] = {"database": database, "bus": bus}
_threads = ThreadPoolExecutor(4, thread_name_prefix="health")


def run_checks() -> list[Check]:
    """Run all checks at once; each has MONITORING_CHECK_SECONDS."""
    running = {name: _threads.submit(check) for name, check in CHECKS.items()}
    return [_outcome(name, future) for name, future in running.items()]


def _outcome(name: str, future: Future[None]) -> Check:
    try:
        future.result(timeout=conf.CHECK_SECONDS)
    except Late:
        return Check(name, f"no answer within {conf.CHECK_SECONDS:g} s")
    except Exception as error:  # noqa: BLE001  whatever it is, the check has failed
        logger.error("health: %s failed: %s", name, error)
        return Check(name, f"{type(error).__name__}: {error}")
    return Check(name)


PATHS = ("/livez", "/readyz")


def ask_by_any_name(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, before what looks at the host: a supervisor asks an address, which ALLOWED_HOSTS does not hold."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path in PATHS:
            request.get_host = lambda: "localhost"  # type: ignore[method-assign]
        return get_response(request)

    return answer


def livez(request: HttpRequest) -> HttpResponse:
    """The process answers. For the supervisor that restarts it."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The server can do its work, or 503. What is wrong is told to staff and in development, others get the outcome."""
    checks = run_checks()
    ready = not any(check.error for check in checks)
    body: dict[str, object] = {"ready": ready}
    if settings.DEBUG or _is_staff(request):
        body["checks"] = {check.name: check.error or "ok" for check in checks}
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


def _is_staff(request: HttpRequest) -> bool:
    """Without a database nobody can be found to be staff."""
    try:
        return request.user.is_staff
    except DatabaseError:
        return False
