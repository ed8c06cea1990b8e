"""Connections for reads on the event loop: a few per process and loop, in addition to Django's own for threads.

Reads that arrive while all connections are busy are sent together (podium/reads/pipeline.py). psycopg's own adapters,
as configured by Django, convert values to parameters and rows to values.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import Transformer

from podium.core import cancellation
from podium.database import watch
from podium.reads import connecting
from podium.reads.connecting import APPLICATION_NAME as APPLICATION_NAME
from podium.reads.pipeline import PipelinedConnection, Read, Row

MAX_SIZE = 4
"""Connections of one process. A read occupies one for well under a millisecond, so few are enough."""
MAX_BATCH = 8
"""Maximum reads in one batch: a slow read delays those behind it."""
TRIES = 4
"""Maximum tries of a read whose connections are lost."""
LOOK_SECONDS = 0.05
"""Seconds between two checks of waiting callers for the return of Postgres."""

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Pool] = WeakKeyDictionary()


async def fetch(statement: bytes, values: Sequence[Any]) -> list[Row]:
    """The rows of a SELECT with its values ($1, $2, ...), by a connection of the running loop's pool.

    Raises psycopg.Error: OperationalError if there is no connection or it was lost.
    """
    loop = asyncio.get_running_loop()
    pool = _pools.get(loop)
    if pool is None:
        pool = _pools[loop] = Pool()
    return await pool.fetch(statement, values)


async def close() -> None:
    """Close the running loop's connections. Called when a server stops."""
    if (pool := _pools.pop(asyncio.get_running_loop(), None)) is not None:
        await pool.close()


class Pool:
    """The connections of one loop, and the reads that wait for one."""

    def __init__(self) -> None:
        self._parameters = connecting.parameters()
        self._watch = watch.of(connections.create_connection(DEFAULT_DB_ALIAS))
        self._loop = asyncio.get_running_loop()
        self._dumper = Transformer(self._parameters.get("context"))
        self._waiting: deque[Read] = deque()
        self._connections: set[PipelinedConnection] = set()
        self._idle: list[PipelinedConnection] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._closed = False
        self._watch.add(self)

    async def fetch(self, statement: bytes, values: Sequence[Any]) -> list[Row]:
        read = Read(statement, values, self._dumper)
        connection: PipelinedConnection | None = None
        if self._idle:
            connection = (
                self._idle.pop()
            )  # the most recently used one, which keeps a few busy rather than all of them a little
            connection.send([read])
        else:
            self._waiting.append(read)
            self._open_another()
        try:
            return await read.rows
        except asyncio.CancelledError:
            for connection in self._connections:
                connection.give_up(read)
            raise

    def is_free(self, connection: PipelinedConnection) -> None:
        """Send the next batch to a connection that is newly open or has answered everything."""
        batch: list[Read] = []
        # the other connections get an equal share
        fair = -(-len(self._waiting) // (len(self._connections) + len(self._opening)))
        while self._waiting and len(batch) < min(fair, MAX_BATCH):
            read = self._waiting.popleft()
            if not read.rows.done():  # otherwise nobody waits for it any more
                batch.append(read)
        if batch:
            connection.send(batch)
        else:
            self._idle.append(connection)

    def again(self, read: Read) -> None:
        """Retry a read after another one in its batch failed."""
        self._waiting.appendleft(read)

    def again_elsewhere(self, read: Read, error: Exception) -> None:
        """Retry a read on another connection after its own was lost: reads can be sent again."""
        read.losses += 1
        if read.losses == TRIES or self._closed:
            read.fail(error)
        else:
            self.again(read)

    def is_answered(self) -> None:
        self._watch.heard()

    # For the watch, from its thread -----------------------------------------------------------------------------------

    def waiting(self) -> Collection[PipelinedConnection]:
        return [connection for connection in list(self._connections) if connection.is_waiting]

    def release(self, connections: Collection[PipelinedConnection]) -> None:
        error = watch.Unavailable("Postgres gave no answer")
        with suppress(RuntimeError):  # the loop is closed, and so are its connections
            for connection in connections:
                self._loop.call_soon_threadsafe(self._release, connection, error)

    def _release(self, connection: PipelinedConnection, error: psycopg.Error) -> None:
        if connection in self._connections:  # otherwise it was lost in the meantime
            connection.lose(error)

    def state_changed(self) -> None:
        """Do nothing: tasks that open connections check the state themselves."""

    # ------------------------------------------------------------------------------------------------------------------

    def is_lost(self, connection: PipelinedConnection) -> None:
        self._connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        if self._waiting:
            self._open_another()

    def _open_another(self) -> None:
        if len(self._connections) + len(self._opening) < MAX_SIZE and not self._closed:
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
                    self._add(PipelinedConnection(self, await connecting.connect(self._parameters)))
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

    def _add(self, connection: PipelinedConnection) -> None:
        self._connections.add(connection)
        self.is_free(connection)

    def _fail_waiting(self, error: Exception) -> None:
        if not self._connections:  # otherwise the waiting reads can use an existing connection
            while self._waiting:
                self._waiting.popleft().fail(error)

    async def close(self) -> None:
        """Close all connections. Reads that still wait fail."""
        self._closed = True
        await cancellation.end(*self._opening)
        ended = psycopg.OperationalError("the server is shutting down")
        for connection in list(self._connections):
            connection.lose(ended)
        while self._waiting:
            self._waiting.popleft().fail(ended)
