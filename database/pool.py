"""Connections for reads on the event loop: a few per process and loop, beside Django's own for threads.

psycopg's asynchronous cursor has the event loop watch its connection anew for each wait, which takes as long as a small
read. Here a connection is watched for as long as it is open, and reads that came while all were busy are sent together,
with one write and one answer (libpq's pipeline mode: https://www.postgresql.org/docs/current/libpq-pipeline-mode.html).
Values become parameters and rows become values by psycopg's own adapters, as Django sets them up.

Each batch is a transaction of its own, of reads alone, so nothing of one reader stays for the next.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import AsyncConnection, abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from core import cancellation
from database import connecting, failures, watch
from database.connecting import APPLICATION_NAME as APPLICATION_NAME

MAX_SIZE = 4
"""Connections of one process. A read takes well under a millisecond of one, so few are enough."""
MAX_BATCH = 8
"""Reads that are sent together at most: one that takes long holds up those behind it in its batch."""
MAX_STATEMENTS = 1000
"""Plans that a connection has the server keep."""
MAX_AGE_SECONDS = 3600
"""After that a connection makes room for a new one: the server's side of an old one has grown."""

LOOK_SECONDS = 0.05
"""How often waiting callers check whether Postgres is back."""

STALE_PLAN = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
"""What Postgres says of a kept plan whose result has other types by now, or that it doesn't know."""

Row = tuple[Any, ...]
Key = tuple[bytes, tuple[int, ...]]
"""A statement and the types (oids) of its values: what a plan is for."""

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Pool] = WeakKeyDictionary()


async def fetch(statement: bytes, values: Sequence[Any]) -> list[Row]:
    """The rows of a SELECT with its values ($1, $2, ...), by a connection of the running loop's pool.

    Raises psycopg.Error: OperationalError where there is no connection or it was lost.
    """
    loop = asyncio.get_running_loop()
    pool = _pools.get(loop)
    if pool is None:
        pool = _pools[loop] = Pool()
    return await pool.fetch(statement, values)


def numbered(statement: str) -> bytes:
    """A statement as Django writes it, with %s for its values, as the server takes it, with $1, $2, ..."""
    count = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        count += 1
        return f"${count}"

    return re.sub("%[%s]", replaced, statement).encode()


async def close() -> None:
    """Close the running loop's connections. At the end of a server."""
    if (pool := _pools.pop(asyncio.get_running_loop(), None)) is not None:
        await pool.close()


class Read:
    """One statement with its values as they are sent, and where its rows go."""

    __slots__ = ("formats", "is_second_try", "key", "rows", "values")

    def __init__(self, statement: bytes, values: Sequence[Any], dumper: abc.Transformer) -> None:
        self.values = dumper.dump_sequence(values, [PyFormat.AUTO] * len(values))
        self.key = statement, tuple(dumper.types or ())
        self.formats = dumper.formats
        self.is_second_try = False
        self.rows: asyncio.Future[list[Row]] = asyncio.get_running_loop().create_future()

    def fail(self, error: BaseException) -> None:
        """Whoever awaits it may be gone."""
        if not self.rows.done():
            self.rows.set_exception(error)


class Pool:
    """The connections of one loop, and the reads that wait for one."""

    def __init__(self) -> None:
        self._parameters = connecting.parameters()
        self._watch = watch.of(connections.create_connection(DEFAULT_DB_ALIAS))
        self._loop = asyncio.get_running_loop()
        self._dumper = Transformer(self._parameters.get("context"))
        self._waiting: deque[Read] = deque()
        self._lines: set[Line] = set()
        self._idle: list[Line] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._closed = False
        self._watch.add(self)

    async def fetch(self, statement: bytes, values: Sequence[Any]) -> list[Row]:
        read = Read(statement, values, self._dumper)
        line: Line | None = None
        if self._idle:
            line = self._idle.pop()  # the one that was used last: few stay busy rather than all a little
            line.send([read])
        else:
            self._waiting.append(read)
            self._open_another()
        try:
            return await read.rows
        except asyncio.CancelledError:
            for line in self._lines:
                line.give_up(read)
            raise

    def is_free(self, line: Line) -> None:
        """It is open, or has answered all that it was sent."""
        batch: list[Read] = []
        fair = -(-len(self._waiting) // (len(self._lines) + len(self._opening)))  # the others get as many
        while self._waiting and len(batch) < min(fair, MAX_BATCH):
            read = self._waiting.popleft()
            if not read.rows.done():  # else nobody waits for it any more
                batch.append(read)
        if batch:
            line.send(batch)
        else:
            self._idle.append(line)

    def again(self, read: Read) -> None:
        """Another of its batch failed, and took it along."""
        self._waiting.appendleft(read)

    def again_elsewhere(self, read: Read, error: Exception) -> None:
        """Retry a read once on another connection after its own was lost: reads can be sent twice."""
        if read.is_second_try or self._closed:
            read.fail(error)
        else:
            read.is_second_try = True
            self.again(read)

    def is_answered(self) -> None:
        self._watch.heard()

    # For the watch, from its thread -----------------------------------------------------------------------------------

    def waiting(self) -> Collection[Line]:
        return [line for line in list(self._lines) if line.is_waiting]

    def release(self, connections: Collection[Line]) -> None:
        error = watch.Unavailable("Postgres gave no answer")
        with suppress(RuntimeError):  # the loop is closed, and so are its connections
            for line in connections:
                self._loop.call_soon_threadsafe(self._release, line, error)

    def _release(self, line: Line, error: psycopg.Error) -> None:
        if line in self._lines:  # otherwise it was lost in the meantime
            line.lose(error)

    def state_changed(self) -> None:
        """Do nothing: tasks that open connections check the state themselves."""

    # ------------------------------------------------------------------------------------------------------------------

    def is_lost(self, line: Line) -> None:
        self._lines.discard(line)
        if line in self._idle:
            self._idle.remove(line)
        if self._waiting:
            self._open_another()

    def _open_another(self) -> None:
        if len(self._lines) + len(self._opening) < MAX_SIZE and not self._closed:
            task = asyncio.get_running_loop().create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self) -> None:
        """Open one more connection. While Postgres is unavailable, wait for it as long as callers may wait."""
        until = time.monotonic() + self._watch.patience
        error: Exception | None = None
        while self._waiting:
            if not self._watch.is_away:
                began = time.monotonic()
                try:
                    self._add(Line(self, await connecting.connect(self._parameters)))
                    return
                except psycopg.OperationalError as failure:
                    error = failure
                    self._watch.lost(failure, since=began)
                except Exception as failure:  # noqa: BLE001  any error is passed on to the waiting callers
                    self._fail_waiting(failure)
                    return
            if time.monotonic() >= (min(until, self._watch.gives_up_at) if self._watch.is_away else until):
                self._fail_waiting(
                    watch.Unavailable(f"no connection to Postgres: {error or self._watch.error}")
                )
                return
            await asyncio.sleep(LOOK_SECONDS)

    def _add(self, line: Line) -> None:
        self._lines.add(line)
        self.is_free(line)

    def _fail_waiting(self, error: Exception) -> None:
        if not self._lines:  # otherwise the waiting reads can use an existing connection
            while self._waiting:
                self._waiting.popleft().fail(error)

    async def close(self) -> None:
        """Whoever still waits is told."""
        self._closed = True
        await cancellation.end(*self._opening)
        ended = psycopg.OperationalError("the server is shutting down")
        for line in list(self._lines):
            line.lose(ended)
        while self._waiting:
            self._waiting.popleft().fail(ended)


class Line:
    """An open connection: sends a batch of reads, hands out their rows as they come."""

    def __init__(self, pool: Pool, connection: AsyncConnection[Any]) -> None:
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
        """Write what fits now; the rest when there is room."""
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
                if result is not None:  # None ends what one statement gave
                    self._take(result)
        except psycopg.Error as error:
            self.lose(error)

    def _take(self, result: PGresult) -> None:
        """What came is for what was sent first."""
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
        """A plan that a migration made useless, or that a pooler's other server never had, is made anew, once."""
        if isinstance(error, STALE_PLAN) and self._statements.pop(read.key, b"") and not read.is_second_try:
            read.is_second_try = True
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
        """It was not run, since something before it failed: its own preparation, or what has nothing to do with it."""
        if isinstance(sent, Preparation):
            del self._statements[sent.key]
        elif self._failed is not None:
            sent.fail(self._failed)
            self._failed = None
        else:
            self._pool.again(sent)

    def give_up(self, read: Read) -> None:
        """Nobody waits for this read any more: have the server stop where it works for nobody else."""
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
    """A statement that the server was asked to keep the plan of."""

    __slots__ = ("key",)

    def __init__(self, key: Key) -> None:
        self.key = key
