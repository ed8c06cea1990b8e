"""The connection pool for threads. It replaces psycopg_pool, whose retries become slower and slower in an outage.

A look at the socket shows whether Postgres has closed a connection, before it is used and without a round trip.
A thread that needs a new connection opens it. If that fails, podium/database/watch.py keeps trying until Postgres is
back.
Why: docs/explanation/decisions/0002-connections-to-postgres.md.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg.pq import TransactionStatus

from podium.database.watch import Unavailable, Watch

Connection = psycopg.Connection[Any]

MAX_AGE_SECONDS = 3600
"""Maximum age of a connection. The server process behind an old connection uses more memory."""
MAX_IDLE_SECONDS = 600


class Connections:
    """The pool. Django's database wrapper calls open, getconn, putconn and close.

    connect   opens a connection; raises psycopg.Error
    set_up    configures it for Django
    max_size  maximum number of connections
    timeout   seconds that a caller waits while all are in use
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        set_up: Callable[[Connection], object],
        watch: Watch,
        *,
        max_size: int,
        timeout: float = 10,
    ) -> None:
        self._connect = connect
        self._set_up = set_up
        self._watch = watch
        self._max_size = max_size
        self._timeout = timeout
        self._idle: deque[tuple[float, Connection]] = deque()  # idle since; last used at the end
        self._out: WeakSet[Connection] = WeakSet()  # weak: a leaked connection frees its place
        self._opening = 0
        self._changed = threading.Condition()
        self._closed = False
        watch.add(self)

    def open(self) -> None:
        """Do nothing: connections are opened on demand."""

    def getconn(self) -> Connection:
        """Return an open connection for the caller alone, until putconn(). Raises psycopg.OperationalError."""
        began = time.monotonic()
        while True:
            connection = self._idle_or_room(began)
            if connection is None:
                connection = self._opened()
            if connection is not None:
                connection._pool = self  # type: ignore[assignment]
                return connection

    def putconn(self, connection: Connection) -> None:
        """Take back a connection in whatever state its user left it."""
        connection._pool = None
        now = time.monotonic()
        is_good = not self._closed and now < connection._expire_at and _is_clean(connection)
        unneeded: list[Connection] = []
        with self._changed:
            self._out.discard(connection)
            if is_good:
                self._watch.heard()
                self._idle.append((now, connection))
            while self._idle and self._idle[0][0] < now - MAX_IDLE_SECONDS:
                unneeded.append(self._idle.popleft()[1])
            self._changed.notify()
        for each in unneeded if is_good else [*unneeded, connection]:
            each.close()

    def drain(self) -> None:
        """Close the idle connections, because they lead to the wrong server."""
        with self._changed:
            idle, self._idle = self._idle, deque()
        for _, connection in idle:
            connection.close()

    def close(self) -> None:
        """Keep no connections from now on. Those in use are closed when they are returned."""
        self._closed = True
        self.drain()

    def get_stats(self) -> dict[str, int]:
        """Numbers under psycopg_pool's names: connections, idle connections, and the maximum."""
        with self._changed:
            idle, out = len(self._idle), len(self._out)
        return {"pool_size": idle + out, "pool_available": idle, "pool_max": self._max_size}

    # Connecting -------------------------------------------------------------------------------------------------------

    def _idle_or_room(self, began: float) -> Connection | None:
        """Wait for an idle connection or for room to open one.

        Return the idle connection, or None after reserving a place for a new one.
        """
        with self._changed:
            while True:
                if (connection := self._first_alive()) is not None:
                    self._out.add(connection)
                    return connection
                if not self._watch.is_away and len(self._out) + self._opening < self._max_size:
                    self._opening += 1
                    return None
                self._changed.wait(self._patience(began))

    def _first_alive(self) -> Connection | None:
        """Return the most recently used idle connection that is alive.

        This keeps a few connections busy rather than all of them a little, so their cached plans are used.
        """
        while self._idle:
            _, connection = self._idle.pop()
            if not _is_readable(connection.pgconn.socket):
                return connection
            connection.close()  # Postgres closed it: an idle connection has nothing else to read
        return None

    def _patience(self, began: float) -> float:
        """Return how many seconds to wait. Raises Unavailable when the time is over."""
        now = time.monotonic()
        if self._watch.is_away:
            until, error = began + self._watch.patience, self._watch.unavailable
            if not self._out:  # otherwise one may be returned: Postgres may only be refusing new connections
                until = min(until, self._watch.gives_up_at)
        else:
            until, error = began + self._timeout, self._exhausted
        if now >= until:
            raise error()
        return until - now

    def _exhausted(self) -> Unavailable:
        return Unavailable(
            f"all {self._max_size} connections to Postgres were in use for {self._timeout:g} s; see DATABASE_POOL_SIZE"
        )

    def _opened(self) -> Connection | None:
        """Open a connection. Return None, and inform the watch, if Postgres is unavailable or ended it at once."""
        began = time.monotonic()
        connection: Connection | None = None
        try:
            connection = self._connect()
            self._set_up(connection)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if not isinstance(error, psycopg.OperationalError):
                raise
            self._watch.lost(error, since=began)
            return None
        finally:
            with self._changed:
                self._opening -= 1
                if connection is not None and not connection.closed:
                    self._out.add(connection)
                self._changed.notify()
        connection._expire_at = time.monotonic() + MAX_AGE_SECONDS
        self._watch.heard()
        return connection

    # For the watch ----------------------------------------------------------------------------------------------------

    def waiting(self) -> Collection[Connection]:
        with self._changed:
            return [each for each in self._out if each.pgconn.transaction_status == TransactionStatus.ACTIVE]

    def release(self, connections: Collection[Connection]) -> None:
        self.drain()
        for connection in connections:
            # A thread waiting for a reply sees the connection end instead.
            with (
                suppress(OSError, psycopg.Error),
                socket.socket(fileno=os.dup(connection.pgconn.socket)) as line,
            ):
                line.shutdown(socket.SHUT_RDWR)

    def state_changed(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _is_readable(descriptor: int) -> bool:
    looking = select.poll()
    looking.register(descriptor, select.POLLIN)
    return bool(looking.poll(0))


def _is_clean(connection: Connection) -> bool:
    """Return whether the connection is idle, after rolling back an unfinished transaction."""
    status = connection.pgconn.transaction_status
    if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        try:
            connection.rollback()
        except psycopg.Error:
            return False
        status = connection.pgconn.transaction_status
    return status == TransactionStatus.IDLE
