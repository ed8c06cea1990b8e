"""Django's backend for Postgres with connections that survive Postgres: settings name it "database.postgresql".

Its pool is database/connections.py. A statement is sent again where that can't do anything twice; the rule is in
docs/database-outages.md and in `Cursor`.
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

from database import failures, watch
from database.connections import Connections

TRIES = 4
"""Of a statement that conflicts with others."""
PAUSE_SECONDS = 0.02
"""Before the second try; twice as long before each further one, and by chance up to as long again."""


class Cursor(CursorWrapper):
    """Sends a statement again, which is the first of its transaction or outside of one, in these cases:

    - It conflicted with others (a deadlock, a serialization failure): Postgres has undone it.
    - It was the first on a connection that turned out to be lost, and Postgres says that it ended the session and so
      undid the statement, or no COMMIT can have been sent, or the statement only reads (database/statements.py).
    - It was the first on a connection that leads to a standby, which refused it.

    "The first on a connection": since it was taken from the pool, so that nothing (a lock, a setting) is lost with it.
    """

    db: DatabaseWrapper

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        return self._sent(CursorWrapper._execute, sql, params)  # type: ignore[attr-defined]

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        return self._sent(CursorWrapper._executemany, sql, list(param_list))  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        self.db.is_fresh = False  # COPY and the like
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
            except (OperationalError, InternalError) as error:  # the latter: a transaction that may only read
                tries += 1
                if not at_start or not self._may_send_again(error, is_first, tries):
                    if failures.state_of(error) in failures.ENDED:
                        connection.close()  # it does not know yet; the next statement has another
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
        if not is_first or tries > 1:
            return False
        if is_elsewhere or (failures.is_lost(db.connection, error) and self._did_nothing(state)):
            db.replace_connection()
            self.cursor = self._cursor_again()
            return True
        return False

    def _did_nothing(self, state: str) -> bool:
        """Whether the statement, on a connection that is lost now, has changed nothing."""
        is_transaction = not self.db.connection.autocommit  # whose COMMIT was not sent yet
        return is_transaction or state in failures.ENDED or getattr(self.cursor, "only_reads", False)

    def _cursor_again(self) -> Any:
        """The same kind of cursor, on the wrapper's connection."""
        if (anew := getattr(self.cursor, "anew", None)) is not None:
            return anew(self.db.connection)
        return self.db.create_cursor(getattr(self.cursor, "name", None) or None)


class DebugCursor(Cursor, base.CursorDebugWrapper):
    """The same where statements are kept for inspection."""


class DatabaseWrapper(base.DatabaseWrapper):
    """is_fresh: nothing was sent on the connection since it was taken from the pool."""

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
        """As in the base; a connection that was lost meanwhile is replaced, where no transaction is open on it."""
        if self.connection is not None and self.connection.closed and not self.in_atomic_block:
            self.close()
        super().ensure_connection()

    def close_if_unusable_or_obsolete(self) -> None:
        """Give the connection back. The pool looks at it; Django would ask a Postgres that may not answer."""
        if self.pool is None:
            super().close_if_unusable_or_obsolete()
        else:
            self.close()

    def _set_up(self, connection: Any) -> None:
        self._configure_connection(connection)  # type: ignore[attr-defined]  # the stubs leave it out

    def replace_connection(self) -> None:
        """Go on with another connection, in the same state: at the start of the transaction or outside of one."""
        old, hooks, needs_rollback = self.connection, self.run_on_commit, self.needs_rollback
        old.close()
        self.close()  # leaves what Django needs to end the transaction where there is no other connection
        with self.wrap_database_errors:
            self.connection = self.get_new_connection(self.get_connection_params())
            if self.pool is None:
                self._set_up(self.connection)
            self.connection.autocommit = old.autocommit
        self.closed_in_transaction, self.needs_rollback, self.run_on_commit = False, needs_rollback, hooks
        connection_created.send(sender=type(self), connection=self)

    def avoid_connection(self) -> None:
        """Use neither this connection nor the idle ones for anybody else."""
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
        if any(not each.closed for each in cursors):  # the next user's may have the same names
            self.connection.close()
        super()._close()  # type: ignore[misc]

    def make_cursor(self, cursor: Any) -> Cursor:
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> DebugCursor:
        return DebugCursor(cursor, self)


def _pause(tries: int) -> None:
    time.sleep(PAUSE_SECONDS * 2 ** (tries - 1) * random.uniform(1, 2))


os.register_at_fork(after_in_child=DatabaseWrapper._connection_pools.clear)
