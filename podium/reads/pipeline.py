"""A connection in libpq's pipeline mode: sends reads in batches and hands out rows as they arrive.

psycopg's asynchronous cursor registers its connection with the event loop for each wait, which takes as long as a small
read. Here a connection stays registered while it is open, and a batch of reads is one write and one answer:
https://www.postgresql.org/docs/current/libpq-pipeline-mode.html

Each batch is a separate transaction with reads only, so no state is left for the next reader.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

import psycopg
from django.conf import settings
from psycopg import AsyncConnection, abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from podium.database import failures

MAX_STATEMENTS = 1000
"""Maximum number of plans that the server keeps for a connection."""
MAX_AGE_SECONDS = 3600
"""Age at which a connection is replaced, because the server process behind it grows."""

STALE_PLAN = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
"""Errors of Postgres for a kept plan whose result types have changed, or that it doesn't know."""

Row = tuple[Any, ...]
Key = tuple[bytes, tuple[int, ...]]
"""The key of a plan: a statement and the types (oids) of its values."""


def numbered(statement: str) -> bytes:
    """Convert a statement from Django's form, with %s for its values, to the server's, with $1, $2, ..."""
    count = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        count += 1
        return f"${count}"

    return re.sub("%[%s]", replaced, statement).encode()


class Read:
    """A statement with its values as they are sent, and a future for its rows."""

    __slots__ = ("formats", "is_planned_again", "key", "losses", "rows", "values")

    def __init__(self, statement: bytes, values: Sequence[Any], dumper: abc.Transformer) -> None:
        self.values = dumper.dump_sequence(values, [PyFormat.AUTO] * len(values))
        self.key = statement, tuple(dumper.types or ())
        self.formats = dumper.formats
        self.is_planned_again = False
        self.losses = 0  # connections lost while it waited for its rows
        self.rows: asyncio.Future[list[Row]] = asyncio.get_running_loop().create_future()

    def fail(self, error: BaseException) -> None:
        """Raise this to the code that awaits the rows, if it still does."""
        if not self.rows.done():
            self.rows.set_exception(error)


class Owner(Protocol):
    """The part of a pool that a connection uses."""

    def is_free(self, connection: Any) -> None:
        """Send the next batch to a connection that is newly open or has answered everything."""

    def is_lost(self, connection: Any) -> None:
        """Remove a closed connection."""

    def is_answered(self) -> None:
        """Record that Postgres replied."""

    def again(self, read: Read) -> None:
        """Send a read with the next batch."""

    def again_elsewhere(self, read: Read, error: Exception) -> None:
        """Send a read on another connection, unless it has lost too many."""


class PipelinedConnection:
    """An open connection in pipeline mode: sends a batch of reads, hands out their rows as they arrive."""

    def __init__(self, pool: Owner, connection: AsyncConnection[Any]) -> None:
        self._pool = pool
        self._connection = connection
        self._server = connection.pgconn
        self._server.nonblocking = 1
        self._server.enter_pipeline_mode()
        self._loader = Transformer(connection)
        self._statements: dict[Key, bytes] = {}
        self._prepared = 0
        self._keeps = settings.DATABASE_PREPARED_STATEMENTS
        self._sent: deque[Read | Preparation | None] = deque()
        self._failed: psycopg.Error | None = None
        self._giving_up: asyncio.Task[None] | None = None
        self._opened = time.monotonic()
        self._loop = asyncio.get_running_loop()
        self._socket = self._server.socket
        self._loop.add_reader(self._socket, self._readable)

    def send(self, batch: Sequence[Read]) -> None:
        try:
            for read in batch:
                self._send(read)
            self._server.pipeline_sync()
            self._sent.append(None)
            self._flush()
        except psycopg.Error as error:
            self._sent.extend(read for read in batch if read not in self._sent)
            self.lose(error)

    def _send(self, read: Read) -> None:
        statement, types = key = read.key
        name = self._statements.get(key)
        if name is None and self._keeps and len(self._statements) < MAX_STATEMENTS:
            self._prepared += 1
            name = self._statements[key] = b"read_%d" % self._prepared
            self._server.send_prepare(name, statement, types)
            self._sent.append(Preparation(key))
        if name is None:
            self._server.send_query_params(statement, read.values, types, read.formats)
        else:
            self._server.send_query_prepared(name, read.values, read.formats)
        self._sent.append(read)

    def _flush(self) -> None:
        """Write as much as fits now, and the rest when there is room."""
        if self._server.flush():
            self._loop.add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        self._loop.remove_writer(self._socket)
        try:
            self._flush()
        except psycopg.Error as error:
            self.lose(error)

    def _readable(self) -> None:
        server = self._server
        try:
            server.consume_input()
            while self._sent and not server.is_busy():
                result = server.get_result()
                if result is not None:  # None ends the results of one statement
                    self._take(result)
        except psycopg.Error as error:
            self.lose(error)

    def _take(self, result: PGresult) -> None:
        """Hand a result to the oldest pending statement."""
        sent = self._sent.popleft()
        status = result.status
        if sent is None:
            self._failed = None
            self._answered()
        elif status == ExecStatus.TUPLES_OK:
            if isinstance(sent, Read) and not sent.rows.done():
                self._hand_out(sent, result)
        elif status == ExecStatus.FATAL_ERROR:
            self._failed = error_from_result(result)
            if self._failed.sqlstate in failures.ENDED:
                self._sent.appendleft(sent)
                self.lose(self._failed)
            elif isinstance(sent, Preparation):
                del self._statements[sent.key]
            else:
                self._refused(sent, self._failed)
                self._failed = None
        elif status == ExecStatus.PIPELINE_ABORTED:
            self._aborted(sent)

    def _answered(self) -> None:
        self._pool.is_answered()
        if time.monotonic() - self._opened > MAX_AGE_SECONDS:
            self.close()
            self._pool.is_lost(self)
        else:
            self._pool.is_free(self)

    def _refused(self, read: Read, error: psycopg.Error) -> None:
        """Prepare a plan again, once, if a migration invalidated it or a pooler's other server never had it."""
        if (
            isinstance(error, STALE_PLAN)
            and self._statements.pop(read.key, b"")
            and not read.is_planned_again
        ):
            read.is_planned_again = True
            self._pool.again(read)
        else:
            read.fail(error)

    def _hand_out(self, read: Read, result: PGresult) -> None:
        try:
            self._loader.set_pgresult(result)
            read.rows.set_result(self._loader.load_rows(0, result.ntuples, tuple))
        except Exception as error:  # noqa: BLE001  a value that its loader can't read: told to who asked
            read.fail(error)

    def _aborted(self, sent: Read | Preparation) -> None:
        """Handle a statement that was skipped after an earlier failure, of its preparation or of another one."""
        if isinstance(sent, Preparation):
            del self._statements[sent.key]
        elif self._failed is not None:
            sent.fail(self._failed)
            self._failed = None
        else:
            self._pool.again(sent)

    def give_up(self, read: Read) -> None:
        """Drop a read that nobody waits for; cancel it on the server if the server works on nothing else."""
        if read in self._sent and all(not isinstance(each, Read) or each.rows.done() for each in self._sent):
            self._giving_up = self._loop.create_task(self._connection.cancel_safe())

    @property
    def is_waiting(self) -> bool:
        """Return whether Postgres has not yet answered something that was sent."""
        return bool(self._sent)

    def lose(self, error: psycopg.Error) -> None:
        """Give up a connection that is lost or must not be used. Its reads move to another one."""
        self.close()
        for sent in reversed(self._sent):
            if isinstance(sent, Read):
                self._pool.again_elsewhere(sent, error)
        self._sent.clear()
        self._pool.is_lost(self)

    def close(self) -> None:
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._server.finish()


class Preparation:
    """A statement whose plan the server was asked to keep."""

    __slots__ = ("key",)

    def __init__(self, key: Key) -> None:
        self.key = key
