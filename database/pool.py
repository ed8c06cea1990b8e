"""Connections for reads on the event loop: one pool per process and loop, beside Django's own for threads.

Each statement is a transaction of its own (autocommit), so nothing of one reader stays for the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.psycopg_any import get_adapters_template
from psycopg import AsyncConnection, AsyncCursor, sql
from psycopg_pool import AsyncConnectionPool

MAX_SIZE = 8
"""Connections of one process. A read takes well under a millisecond of one, so few are enough."""
PREPARE_AFTER = 2
"""Runs of a statement after which the server keeps its plan."""

APPLICATION_NAME = "podium reads"
"""What pg_stat_activity shows."""

_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Loop] = WeakKeyDictionary()


@dataclass
class _Loop:
    """What one event loop has. To wait for a turn costs far less than to wait in the pool."""

    pool: AsyncConnectionPool[Any]
    turns: asyncio.Semaphore


@asynccontextmanager
async def connection() -> AsyncIterator[AsyncConnection[Any]]:
    """A connection of the running loop's pool, which is opened at its first use."""
    loop = asyncio.get_running_loop()
    own = _loops.get(loop)
    if own is None:
        own = _loops[loop] = _Loop(_make(), asyncio.Semaphore(MAX_SIZE))
        await own.pool.open()
    async with own.turns:
        found = await own.pool.getconn()
        try:
            yield found
        finally:
            await own.pool.putconn(found)


def _make() -> AsyncConnectionPool[Any]:
    wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
    parameters = wrapper.get_connection_params()
    prepared = settings.DATABASE_PREPARED_STATEMENTS
    parameters |= {
        "autocommit": True,
        "application_name": APPLICATION_NAME,
        "cursor_factory": AsyncCursor,
        "prepare_threshold": PREPARE_AFTER if prepared else None,
        # As Django reads values: its own loaders, and times in UTC.
        "context": get_adapters_template(settings.USE_TZ, wrapper.timezone),
    }
    return AsyncConnectionPool(
        kwargs=parameters,
        configure=_configure,
        min_size=0,
        max_size=MAX_SIZE,
        timeout=10,
        open=False,
        name="reads",
    )


async def _configure(connection: AsyncConnection[Any]) -> None:
    """As Django sets up its own connections."""
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    zone = database.get("TIME_ZONE") or "UTC"
    await connection.execute("SELECT set_config('TimeZone', %s, false)", [zone])
    if role := database.get("OPTIONS", {}).get("assume_role"):
        await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


async def close() -> None:
    """Close the running loop's pool. At the end of a server."""
    if (own := _loops.pop(asyncio.get_running_loop(), None)) is not None:
        await own.pool.close()
