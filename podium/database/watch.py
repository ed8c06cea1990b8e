"""Detect, once for all connections of a process, that Postgres is unavailable or hangs, and when it is back.

One thread does this. While no connection can be opened, it alone retries, four times a second. Callers wait until
DATABASE_WAIT_SECONDS after the start of an outage; later callers are refused at once. A statement without a reply is
not a fault by itself. But if a new connection gets no reply either, Postgres hangs, and waiting callers are released.
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
"""Pause before each try to connect while Postgres is unavailable."""
PROBE_TIMEOUT_SECONDS = 2
"""Time limit of one try; psycopg supports no shorter one."""
SCAN_SECONDS = 0.5
"""Interval between scans for statements that wait for a reply."""
HANG_SECONDS = 1.5
"""After this long without any reply to pending statements, a new connection tests whether Postgres hangs."""


class Unavailable(psycopg.OperationalError):
    """No connection to Postgres is available, and nothing was sent."""


class Holder(Protocol):
    """An owner of connections: a pool."""

    def waiting(self) -> Collection[Hashable]:
        """Return the connections waiting for a reply. All methods are called from the watch's thread."""

    def release(self, connections: Collection[Any]) -> None:
        """Stop the waiting of these connections, and close idle ones: Postgres hangs."""

    def state_changed(self) -> None:
        """Have callers waiting for a connection check again: Postgres became unavailable or is back."""


class Watch:
    """The state of one database, as this process sees it.

    connect  opens and closes a connection within the given number of seconds; raises psycopg.Error
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
        self._waiting: dict[Hashable, float] = {}  # when a scan first saw each connection waiting

    def add(self, holder: Holder) -> None:
        """Watch the connections of a pool as long as the pool exists."""
        with self._lock:
            self._holders.add(holder)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="database watch", daemon=True)
                self._thread.start()

    def heard(self) -> None:
        """Record that Postgres replied."""
        self._heard_at = time.monotonic()

    @property
    def is_away(self) -> bool:
        """Return whether connections cannot be opened."""
        return self._error is not None

    @property
    def patience(self) -> float:
        """Seconds."""
        return float(settings.DATABASE_WAIT_SECONDS)

    @property
    def gives_up_at(self) -> float:
        """The time (time.monotonic) until which callers wait for Postgres."""
        return self._since + self.patience

    @property
    def error(self) -> Exception | None:
        """The reason why no connection can be opened."""
        return self._error

    def unavailable(self) -> Unavailable:
        """The error for callers that cannot get a connection."""
        return Unavailable(f"no connection to Postgres: {self._error}")

    def lost(self, error: Exception, *, since: float | None = None) -> None:
        """Record a failed attempt to connect. since: when it began, by time.monotonic()."""
        since = time.monotonic() if since is None else since
        with self._lock:
            is_news, self._error = self._error is None, error
            self._since = since if is_news else min(since, self._since)
        if is_news:
            logger.error("Postgres is unavailable: %s", error)
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
                logger.exception("the database watch failed and will continue")

    def _scan(self) -> None:
        now = time.monotonic()
        waiting = [each for holder in self._all() for each in holder.waiting()]
        self._waiting = {each: self._waiting.get(each, now) for each in waiting}

    def _may_hang(self) -> bool:
        """Return whether pending statements have had no reply for a while."""
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
                self.heard()  # a refusal is a reply: open connections still work
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
    """The watch for the database of a Django connection wrapper."""
    found = _watches.get(wrapper.alias)
    if found is None:
        found = _watches.setdefault(wrapper.alias, Watch(_connecting(wrapper.get_connection_params())))
    return found


def _connecting(parameters: dict[str, Any]) -> Callable[[int], None]:
    def connect(seconds: int) -> None:
        psycopg.connect(**{**parameters, "connect_timeout": seconds, "autocommit": True}).close()

    return connect


os.register_at_fork(after_in_child=_watches.clear)  # threads do not survive a fork
