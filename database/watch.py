"""Notice that Postgres is away or hangs, once for all connections of a process, and when it is back.

One thread does it. While no connection can be opened it tries four times a second, and nobody else does: callers wait
for it for DATABASE_WAIT_SECONDS after the beginning of an outage, later ones are refused at once. A statement that has
no answer for a while is no fault by itself; when a new connection gets no answer either, Postgres hangs, and whoever
waits for it is released.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable, Collection, Hashable
from typing import Any, Protocol
from weakref import WeakSet

import psycopg
from django.conf import settings
from psycopg.errors import ConnectionTimeout

logger = logging.getLogger("podium.database")

PROBE_PAUSE_SECONDS = 0.25
"""Before each try to connect while Postgres is away."""
PROBE_TIMEOUT_SECONDS = 2
"""For one try; psycopg knows no shorter time."""
SCAN_SECONDS = 0.5
"""Between two looks at what waits for an answer."""
HANG_SECONDS = 1.5
"""When nothing was answered for so long although something is asked, a try to connect shows whether Postgres hangs."""


class Unavailable(psycopg.OperationalError):
    """There is no connection to Postgres, and nothing was sent."""


class Holder(Protocol):
    """What has connections: a pool."""

    def waiting(self) -> Collection[Hashable]:
        """Return the connections that wait for an answer of Postgres. Called from the watch's thread, as the others."""

    def release(self, connections: Collection[Any]) -> None:
        """Have those stop waiting, and keep no idle connection: Postgres hangs."""

    def state_changed(self) -> None:
        """Have whoever waits for a connection look again: Postgres went away, or is back."""


class Watch:
    """The state of one database as this process sees it.

    connect  opens and closes a connection within so many seconds; raises psycopg.Error
    """

    def __init__(self, connect: Callable[[int], None]) -> None:
        self._connect = connect
        self._holders: WeakSet[Holder] = WeakSet()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None
        self._since = 0.0
        self._heard_at = 0.0
        self._waiting: dict[Hashable, float] = {}  # since when a scan has seen it wait

    def add(self, holder: Holder) -> None:
        """Look after the connections of a pool as long as it lives."""
        with self._lock:
            self._holders.add(holder)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="database watch", daemon=True)
                self._thread.start()

    def heard(self) -> None:
        """Note an answer of Postgres."""
        self._heard_at = time.monotonic()

    @property
    def is_away(self) -> bool:
        """Whether no connection can be opened."""
        return self._error is not None

    @property
    def patience(self) -> float:
        """Seconds."""
        return float(settings.DATABASE_WAIT_SECONDS)

    @property
    def gives_up_at(self) -> float:
        """Until when (time.monotonic) callers wait for it to come back."""
        return self._since + self.patience

    @property
    def error(self) -> Exception | None:
        """Why no connection can be opened."""
        return self._error

    def unavailable(self) -> Unavailable:
        """The error for callers who can have no connection."""
        return Unavailable(f"no connection to Postgres: {self._error}")

    def lost(self, error: Exception, *, since: float | None = None) -> None:
        """Note that a connection could not be opened, tried since that moment of time.monotonic()."""
        since = time.monotonic() if since is None else since
        with self._lock:
            is_news, self._error = self._error is None, error
            self._since = since if is_news else min(since, self._since)
        if is_news:
            logger.error("Postgres is away: %s", error)
            self._wake.set()
        self._tell_holders()

    # The thread -------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            if not self.is_away:
                self._wake.wait(SCAN_SECONDS)
                self._wake.clear()
            if self.is_away:
                time.sleep(PROBE_PAUSE_SECONDS)
            try:
                self._scan()
                if self.is_away or self._may_hang():
                    self._probe()
            except Exception:
                logger.exception("the watch over the database failed and goes on")

    def _scan(self) -> None:
        now = time.monotonic()
        waiting = [each for holder in self._all() for each in holder.waiting()]
        self._waiting = {each: self._waiting.get(each, now) for each in waiting}

    def _may_hang(self) -> bool:
        """Whether nothing came for a while although something is asked."""
        silent_since = time.monotonic() - HANG_SECONDS
        return self._heard_at < silent_since and min(self._waiting.values(), default=math.inf) < silent_since

    def _probe(self) -> None:
        asked = list(self._waiting)
        try:
            self._connect(PROBE_TIMEOUT_SECONDS)
        except ConnectionTimeout as error:
            self.lost(error, since=time.monotonic() - self.patience)
            for holder in self._all():
                still = holder.waiting()
                holder.release([each for each in asked if each in still])
        except psycopg.Error as error:
            if self.is_away:
                self.lost(error)
            else:
                self.heard()  # a refusal is an answer: what is connected already is served
        else:
            self._back()

    def _back(self) -> None:
        self.heard()
        with self._lock:
            was_away, self._error = self._error is not None, None
        if was_away:
            logger.warning("Postgres is back after %.1f s", time.monotonic() - self._since)
            self._tell_holders()

    def _tell_holders(self) -> None:
        for holder in self._all():
            holder.state_changed()

    def _all(self) -> list[Holder]:
        with self._lock:
            return list(self._holders)


_watches: dict[str, Watch] = {}


def of(wrapper: Any) -> Watch:
    """The watch of the database that a wrapper of Django's is for."""
    found = _watches.get(wrapper.alias)
    if found is None:
        found = _watches.setdefault(wrapper.alias, Watch(_connecting(wrapper.get_connection_params())))
    return found


def _connecting(parameters: dict[str, Any]) -> Callable[[int], None]:
    def connect(seconds: int) -> None:
        psycopg.connect(**{**parameters, "connect_timeout": seconds, "autocommit": True}).close()

    return connect


os.register_at_fork(after_in_child=_watches.clear)  # threads stay behind
