"""Django's Postgres backend with connections that survive outages. In settings: "podium.database.postgresql".

Its pool is database/connections.py. A statement is retried only if that cannot apply a change twice; the rules are in
docs/how-to/database-outages.md and in `Cursor`.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import psycopg
from django.db import DatabaseError, InternalError, OperationalError
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from podium.database import failures, watch
from podium.database.connections import Connections
from podium.database.postgresql.creation import DatabaseCreation

TRIES = 4
"""Maximum tries of a statement that conflicts with others, or whose connections are lost."""
PAUSE_SECONDS = 0.02
"""Wait before the second try. It doubles for each further try, plus a random wait of up to the same length."""


class Cursor(CursorWrapper):
    """Retries a statement that is the first of its transaction, or outside of one, in these cases:

    - It conflicted with others (a deadlock, a serialization failure): Postgres rolled it back.
    - It was the first on a connection that turned out to be lost, and one of these holds: Postgres reported that it
      ended the session, and so rolled the statement back; no COMMIT can have been sent; or the statement only reads
      (podium/reads/statements.py).
    - It was the first on a connection to a standby, which refused it.

    "The first on a connection" means since the pool handed it out, so that nothing (a lock, a setting) is lost with it.
    """

    db: DatabaseWrapper

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        return self._sent(CursorWrapper._execute, sql, params)  # type: ignore[attr-defined]

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        return self._sent(CursorWrapper._executemany, sql, list(param_list))  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        self.db.is_fresh = False  # COPY and similar
        return super().__getattr__(name)

    def _sent(self, send: Callable[..., Any], sql: Any, params: Any) -> Any:
        db = self.db
        is_first, db.is_fresh = db.is_fresh, False
        connection = db.connection
        at_start = connection is not None and connection.pgconn.transaction_status == TransactionStatus.IDLE
        tries = 0
        while True:
            try:
                return send(self, sql, params)
            except (OperationalError, InternalError) as error:  # InternalError: a read-only transaction
                tries += 1
                if not at_start or not self._may_send_again(error, is_first, tries):
                    if failures.state_of(error) in failures.ENDED:
                        connection.close()  # psycopg has not noticed; the next statement gets another
                    raise

    def _may_send_again(self, error: DatabaseError, is_first: bool, tries: int) -> bool:
        db, state = self.db, failures.state_of(error)
        if state in failures.CONFLICTS:
            if tries < TRIES:
                _pause(tries)
                db.connection.rollback()
            return tries < TRIES
        is_elsewhere = state == failures.READ_ONLY
        if is_elsewhere:
            db.avoid_connection()
        is_lost = failures.is_lost(db.connection, error) and self._did_nothing(state)
        if not is_first or not (tries < TRIES if is_lost else is_elsewhere and tries == 1):
            return False
        db.replace_connection()
        self.cursor = self._cursor_again()
        return True

    def _did_nothing(self, state: str) -> bool:
        """Return whether the statement changed nothing, although its connection is now lost."""
        is_transaction = not self.db.connection.autocommit  # its COMMIT was not sent yet
        return is_transaction or state in failures.ENDED or getattr(self.cursor, "only_reads", False)

    def _cursor_again(self) -> Any:
        """The same kind of cursor on the wrapper's current connection."""
        if (anew := getattr(self.cursor, "anew", None)) is not None:
            return anew(self.db.connection)
        return self.db.create_cursor(getattr(self.cursor, "name", None) or None)


class DebugCursor(Cursor, base.CursorDebugWrapper):
    """The same, used while statements are recorded for inspection."""


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend's wrapper. is_fresh: nothing has been sent on the connection since the pool handed it out."""

    creation_class = DatabaseCreation
    _connection_pools: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_fresh = False
        self._server_cursors: list[Any] = []

    @property
    def pool(self) -> Connections | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        pool: Connections | None = self._connection_pools.get(self.alias)
        if pool is None:
            connect = partial(psycopg.connect, **{**self.get_connection_params(), "autocommit": True})
            made = Connections(connect, self._set_up, watch.of(self), **options)
            pool = self._connection_pools.setdefault(self.alias, made)
        return pool

    def close_pool(self) -> None:
        pool: Connections | None = self._connection_pools.pop(self.alias, None)
        if pool is not None:
            pool.close()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self.is_fresh = True
        return connection

    def ensure_connection(self) -> None:
        """As in the base class, but also replaces a lost connection if no transaction is open."""
        if self.connection is not None and self.connection.closed and not self.in_atomic_block:
            self.close()
        super().ensure_connection()

    def close_if_unusable_or_obsolete(self) -> None:
        """Return the connection to the pool, which checks it. Django would query a Postgres that may not answer."""
        if self.pool is None:
            super().close_if_unusable_or_obsolete()
        else:
            self.close()

    def _set_up(self, connection: Any) -> None:
        self._configure_connection(connection)  # type: ignore[attr-defined]  # missing from the stubs

    def replace_connection(self) -> None:
        """Continue on a new connection in the same state: at the start of a transaction, or outside of one."""
        old, hooks, needs_rollback = self.connection, self.run_on_commit, self.needs_rollback
        old.close()
        self.close()  # if there is no new connection, this leaves what Django needs to end the transaction
        with self.wrap_database_errors:
            self.connection = self.get_new_connection(self.get_connection_params())
            if self.pool is None:
                self._set_up(self.connection)
            self.connection.autocommit = old.autocommit
        self.closed_in_transaction, self.needs_rollback, self.run_on_commit = False, needs_rollback, hooks
        connection_created.send(sender=type(self), connection=self)
        self.is_fresh = False  # the statement that is sent again is its first

    def avoid_connection(self) -> None:
        """Discard this connection when it is returned, and close the idle ones now."""
        if self.pool is not None:
            self.connection._expire_at = 0.0
            self.pool.drain()

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)
        if name:
            self._server_cursors.append(cursor)
        return cursor

    def _close(self) -> None:
        cursors, self._server_cursors = self._server_cursors, []
        if any(not each.closed for each in cursors):  # the next user's cursors may have the same names
            self.connection.close()
        super()._close()  # type: ignore[misc]

    def make_cursor(self, cursor: Any) -> Cursor:
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> DebugCursor:
        return DebugCursor(cursor, self)


def _pause(tries: int) -> None:
    time.sleep(PAUSE_SECONDS * 2 ** (tries - 1) * random.uniform(1, 2))


os.register_at_fork(after_in_child=DatabaseWrapper._connection_pools.clear)
