"""A read on Django's own connection by one blocking call of libpq, for the threads of a server.

psycopg sends, waits and receives step by step, so that signals can interrupt it, and releases the interpreter lock in
each step: with busy threads, it waits as often to get it back. A server's threads get no signals. The statement is
prepared once per connection, if settings allow it, so that Postgres need not plan it each time.

Inside a transaction psycopg reads, because a plan that a migration invalidated could not be prepared again there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from podium.reads import pipeline

numbered = lru_cache(1024)(pipeline.numbered)


def is_possible(connection: Connection[Any]) -> bool:
    """Return whether no transaction is open on this connection."""
    server = connection.pgconn
    return (
        connection.autocommit
        and server.transaction_status == TransactionStatus.IDLE
        and server.pipeline_status == PipelineStatus.OFF
    )


class Cursor:
    """The part of a cursor that Django's wrapper needs for one SELECT; the wrapper logs it and converts its errors."""

    only_reads = True

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._rows: list[tuple[Any, ...]] = []

    def anew(self, connection: Connection[Any]) -> Cursor:
        """The same cursor on another connection."""
        return Cursor(connection)

    def execute(self, sql: str, parameters: Sequence[Any]) -> None:
        """Run the SELECT. Raises psycopg.Error."""
        adapter = Transformer(self._connection)
        values = adapter.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        key = numbered(sql), tuple(adapter.types or ())
        with self._connection.lock:
            result = self._result(key, values, adapter.formats)
        if result.status != ExecStatus.TUPLES_OK:
            raise self._error(result)
        adapter.set_pgresult(result)
        self._rows = adapter.load_rows(0, result.ntuples, tuple)

    def _result(self, key: pipeline.Key, values: Any, formats: Any) -> PGresult:
        server = self._connection.pgconn
        statement, types = key
        names = _prepared.setdefault(self._connection, {})
        name = names.get(key)
        if name is None:
            if not settings.DATABASE_PREPARED_STATEMENTS or len(names) >= pipeline.MAX_STATEMENTS:
                return server.exec_params(statement, values, types, formats)
            name = b"sync_read_%d" % next(_numbers)
            made = server.prepare(name, statement, types)
            if made.status != ExecStatus.COMMAND_OK:
                return made
            names[key] = name
        result = server.exec_prepared(name, values, formats)
        if result.status == ExecStatus.FATAL_ERROR and isinstance(
            error_from_result(result), pipeline.STALE_PLAN
        ):
            del names[key]
            return server.exec_params(statement, values, types, formats)
        return result

    def _error(self, result: PGresult) -> psycopg.Error:
        if result.error_field(DiagnosticField.SQLSTATE) is None:  # libpq's own text: connection lost
            return psycopg.OperationalError(result.get_error_message())
        return error_from_result(result)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


_prepared: WeakKeyDictionary[Connection[Any], dict[pipeline.Key, bytes]] = WeakKeyDictionary()
"""The names of each connection's prepared statements."""
_numbers = count()
