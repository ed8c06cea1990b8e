"""Health checks: apps declare them in `<app>/health.py`, on top of what every server checks (podium/server/probes.py).

    @health.check("printer", hint="Is the printer switched on?")
    def printer() -> str:
        return "" if is_on() else "it is off"

Each check runs on a thread of its own and is limited in time, even if a service hangs. /readyz, the admin and
`manage.py check --database default` show the outcome (podium/server/health.py).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from podium.core.conf import AppSettings

logger = logging.getLogger("podium.monitoring")

Status = Literal["pass", "warn", "fail"]
Problems = Mapping[str, str]
"""The failed checks: name and reason."""

UNKNOWN = "not known without the database"
FAILED_SECONDS = 0.5
"""Seconds for which a failed result is reused. Short, so that a server is back in rotation soon after its database."""
ABANDON_SECONDS = 60
"""A probe that hangs for this long is abandoned, and another is started."""
POLL_SECONDS = 0.01


class HealthSettings(AppSettings, prefix="MONITORING_"):
    CHECK_SECONDS: float = 2.0
    """Duration from which a health check counts as failed."""
    CHECK_EVERY_SECONDS: float = 5.0
    """Time for which the result of a check is reused."""
    STORAGE_EVERY_SECONDS: float = 30.0
    """The same for storage, where each check writes a small file."""
    FREE_BYTES: int = 200 * 1024 * 1024
    """A storage folder with less free space fails the check."""
    DUE_SECONDS: int = 30
    """A job that is late by this time fails the check."""
    TOKEN: str = ""
    """`Authorization: Bearer <token>` shows the details of /readyz; "": nobody sees them."""


conf = HealthSettings()


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
    """Work that makes one or more checks on its own thread, at most one run at a time.

    names  the checks it makes; if the work fails as a whole, the first check has failed and the others are unknown
    work   may block, raise, or return the problems by check name
    every  seconds for which a result is reused; a failed one is reused for FAILED_SECONDS at most
    """

    def __init__(
        self, names: tuple[str, ...], work: Callable[[], Problems], every: Callable[[], float]
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
        return [Check(first, error), *(Check(name, UNKNOWN) for name in others)]

    def _report(self, checks: list[Check]) -> None:
        """Log the changes."""
        before = {check.name for check in self._checks or [] if check.error}
        for check in checks:
            if check.error not in ("", UNKNOWN) and check.name not in before:
                logger.error("health: %s: %s", check.name, check.error)
            elif check.name in before and not check.error:
                logger.info("health: %s works again", check.name)


CRITICAL: set[str] = set()
"""Without these, this process cannot serve. Any other failure is a warning: all web servers share the other services,
so failing without one would turn a partial outage into a full one."""
HINTS: dict[str, str] = {}
PROBES: list[Probe] = []
IN_DATABASE: dict[tuple[str, ...], Callable[[Any], Problems]] = {}
"""Checks that read the database, over the one connection of the probe "database"."""


def check(
    name: str, *, hint: str, every: Callable[[], float] = lambda: conf.CHECK_EVERY_SECONDS
) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Declare a check: a function that returns what is wrong, or "". It may block; an exception counts as a failure.

    hint   what an operator can do
    every  seconds for which a result is reused
    """

    def declare(work: Callable[[], str]) -> Callable[[], str]:
        HINTS[name] = hint
        PROBES.append(Probe((name,), lambda: {name: work()}, every))
        return work

    return declare


def check_in_database(
    **hints: str,
) -> Callable[[Callable[[Any], Problems]], Callable[[Any], Problems]]:
    """Declare checks by name, with hints: a function of a cursor in autocommit that returns the problems by name."""

    def declare(work: Callable[[Any], Problems]) -> Callable[[Any], Problems]:
        HINTS.update(hints)
        IN_DATABASE[tuple(hints)] = work
        return work

    return declare


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
