"""Liveness, readiness and the checks behind them. Answers are fast and limited in time, even if a service hangs.

/livez       this process responds: for the supervisor that restarts it
/readyz      this process can serve, else 503: for the load balancer
/readyz?full the whole installation works, else 503: for alerting

A failed check in CRITICAL means that this process cannot serve. Any other failure (workers, scheduler, Redis, storage)
is a warning: all web servers share these services, so failing without one would turn a partial outage into a full one.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monitoring import probes
from monitoring.conf import conf

logger = logging.getLogger("podium.monitoring")

Status = Literal["pass", "warn", "fail"]

CRITICAL = {"database", "migrations"}
HINTS = {
    "database": "Is Postgres running, and is DATABASE_URL right?",
    "migrations": "Run python3 manage.py migrate.",
    "workers": "Start one: celery -A config.celery worker",
    "scheduler": "Start it: celery -A config.celery beat",
    "scheduled_calls": "Workers are stopped, busy or too few. See Scheduled calls in the admin.",
    "redis": "Is Redis or Valkey running, and is REDIS_URL right?",
    "storage": "Check FILES_URL or MEDIA_ROOT: permissions, credentials, free space.",
}
FAILED_SECONDS = 0.5
"""Seconds for which a failed result is reused. Short, so that a server is back in rotation soon after its database."""
ABANDON_SECONDS = 60
"""A probe that hangs for this long is abandoned, and another is started."""
POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Check:
    """The check of one component. error: the reason for its failure, or empty."""

    name: str
    error: str = ""

    @property
    def label(self) -> str:
        """The name for display."""
        return self.name.replace("_", " ").capitalize()

    @property
    def status(self) -> Status:
        if not self.error:
            return "pass"
        return "fail" if self.name in CRITICAL else "warn"

    @property
    def hint(self) -> str:
        return HINTS.get(self.name, "") if self.error else ""


class Probe:
    """A piece of work that makes one or more checks on its own thread, at most one run at a time.

    names  the checks it makes; if the work fails as a whole, the first check has failed and the others are unknown
    work   may block, raise, or return the problems by check name
    every  seconds for which a result is reused; a failed one is reused for FAILED_SECONDS at most
    """

    def __init__(
        self, names: tuple[str, ...], work: Callable[[], probes.Problems], every: Callable[[], float]
    ) -> None:
        self.names = names
        self._work = work
        self._every = every
        self._checks: list[Check] | None = None
        self._begun: float | None = None  # None: not running
        self._ended = 0.0
        self._lock = threading.Lock()

    def start_if_due(self) -> None:
        now = time.monotonic()
        with self._lock:
            if self._begun is not None and now - self._begun < ABANDON_SECONDS:
                return
            if (
                self._begun is None
                and self._checks is not None
                and now - self._ended < self._reused(self._checks)
            ):
                return
            self._begun = now
        threading.Thread(target=self._run, args=[now], name=f"health {self.names[0]}", daemon=True).start()

    def _reused(self, checks: list[Check]) -> float:
        """Return the number of seconds for which a result is reused."""
        return min(self._every(), FAILED_SECONDS) if any(check.error for check in checks) else self._every()

    def is_waited_for(self) -> bool:
        """Return whether it is running and not yet late."""
        begun = self._begun
        return begun is not None and time.monotonic() - begun < conf.CHECK_SECONDS

    def checks(self) -> list[Check]:
        if self._begun is not None and not self.is_waited_for():
            return self._failed(f"no answer within {conf.CHECK_SECONDS:g} s")
        return self._checks or self._failed("not checked yet")

    def forget(self) -> None:
        """Check again at the next request."""
        self._checks = None

    def _run(self, begun: float) -> None:
        try:
            problems = self._work()
            checks = [Check(name, problems.get(name, "")) for name in self.names]
        except Exception as error:  # noqa: BLE001  any exception means that the check failed
            checks = self._failed(f"{type(error).__name__}: {error}".strip())
        with self._lock:
            if self._begun == begun:  # otherwise another run was started meanwhile
                self._report(checks)
                self._checks, self._begun, self._ended = checks, None, time.monotonic()

    def _failed(self, error: str) -> list[Check]:
        first, *others = self.names
        return [Check(first, error), *(Check(name, probes.UNKNOWN) for name in others)]

    def _report(self, checks: list[Check]) -> None:
        """Log what changed."""
        before = {check.name for check in self._checks or [] if check.error}
        for check in checks:
            if check.error not in ("", probes.UNKNOWN) and check.name not in before:
                logger.error("health: %s: %s", check.name, check.error)
            elif check.name in before and not check.error:
                logger.info("health: %s works again", check.name)


PROBES = [
    Probe(
        ("database", "migrations", "workers", "scheduler", "scheduled_calls"),
        probes.database,
        lambda: conf.CHECK_EVERY_SECONDS,
    ),
    Probe(("redis",), probes.bus, lambda: conf.CHECK_EVERY_SECONDS),
    Probe(("storage",), probes.files, lambda: conf.STORAGE_EVERY_SECONDS),
]


def run_checks() -> list[Check]:
    """Return all checks, at most MONITORING_CHECK_EVERY_SECONDS old. Takes at most MONITORING_CHECK_SECONDS."""
    _start()
    while any(probe.is_waited_for() for probe in PROBES):
        time.sleep(POLL_SECONDS)
    return _outcome()


async def arun_checks() -> list[Check]:
    """The same on the event loop."""
    _start()
    while any(probe.is_waited_for() for probe in PROBES):
        await asyncio.sleep(POLL_SECONDS)
    return _outcome()


def _start() -> None:
    for probe in PROBES:
        probe.start_if_due()


def _outcome() -> list[Check]:
    return [check for probe in PROBES for check in probe.checks()]


def overall(checks: Iterable[Check]) -> Status:
    """The worst status among the checks."""
    found = {check.status for check in checks}
    return "fail" if "fail" in found else "warn" if "warn" in found else "pass"


# Answers --------------------------------------------------------------------------------------------------------------

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
    """Middleware, before what looks at the host: a supervisor asks an address, which ALLOWED_HOSTS does not hold."""

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
    """Without a database nobody can be found to be staff."""
    try:
        return request.user.is_staff
    except DatabaseError:
        return False
