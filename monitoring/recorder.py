"""Write spans to the call log. `take` only puts a span in a queue; a thread of each process writes batches."""

from __future__ import annotations

import atexit
import logging
import os
import socket
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model
from psycopg import sql

from monitoring.conf import conf
from monitoring.models import CallLog, LogEntry, QueryLog
from monitoring.slow_calls import is_slow
from podium.core.logs import one_line, storable
from podium.core.observe import Span
from podium.database import failures

logger = logging.getLogger("podium.monitoring")

BATCH = 500
SERVER = socket.gethostname()[:80]
TEXT_LENGTH = 20_000
"""Characters stored of an error, a statement or a line. Clients can cause long ones, and the log has a million rows."""


class Aggregate:
    """The quick successes of one method since the last flush.

    count  all of them
    last   the last one without a record of its own; its record counts the others
    """

    __slots__ = ("count", "last")

    def __init__(self) -> None:
        self.count = 0
        self.last: Span | None = None


def _is_unremarkable(span: Span) -> bool:
    """Return whether the span only counts: a quick success that wrote nothing."""
    return (
        span.status == 200 and span.kind == "call" and not span.logs and not span.error and not is_slow(span)
    )


class Recorder:
    """The queue and the thread of one process. A forked process starts its own."""

    def __init__(self) -> None:
        self._waiting: deque[Span] = (
            deque()
        )  # the locks of queue.Queue would cost more than the rest of a call's log
        self._limit = conf.QUEUE
        self._aggregates: dict[str, Aggregate] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._dropped = 0

    def take(self, span: Span) -> None:
        """Take a span: the sink. Returns at once, and never raises. Spans that do not fit are counted and logged."""
        if not conf.ENABLED or (_is_unremarkable(span) and self._is_aggregated(span)):
            return
        if len(self._waiting) >= self._limit:
            self._dropped += 1
            return
        self._waiting.append(span)
        if self._thread is None:
            self._start()

    def _is_aggregated(self, span: Span) -> bool:
        """Only count the span if its method had enough records since the last flush, and keep the last one.

        So the log costs a busy server almost nothing, and its size lasts for days instead of minutes.
        """
        with self._lock:
            aggregate = self._aggregates.get(span.name)
            if aggregate is None:
                aggregate = self._aggregates[span.name] = Aggregate()
            aggregate.count += 1
            if aggregate.count <= conf.RECORDS_PER_METHOD:
                return False
            aggregate.last = span
            return True

    def _queue_aggregates(self) -> None:
        with self._lock:
            aggregates, self._aggregates = self._aggregates, {}
        for aggregate in aggregates.values():
            if aggregate.last is not None:
                aggregate.last.count = aggregate.count - conf.RECORDS_PER_METHOD
                self._waiting.append(aggregate.last)

    def flush(self) -> None:
        """Write all pending records now, in this thread. Records taken earlier are also in the database on return.

        Without a database, the records stay pending.
        """
        with self._writing:
            self._queue_aggregates()
            while (batch := self._next_batch()) and self._write(batch):
                pass

    def stop(self) -> None:
        """Write the waiting records and end the thread, at the end of the process."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        if self._waiting:
            logger.error("%s calls were not logged: the database is not available", len(self._waiting))

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="call log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._stopping.wait(conf.FLUSH_SECONDS):
            self._write_waiting()
        self._write_waiting()

    def _write_waiting(self) -> None:
        if not self._waiting and not self._aggregates:
            return
        try:
            self.flush()
        finally:
            connection.close()

    def _next_batch(self) -> list[Span]:
        """Up to BATCH waiting records. Called under `_writing`, so no other thread takes any."""
        return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    def _write(self, batch: list[Span]) -> bool:
        """Write records, and return whether the database took them. The others stay pending, at the front."""
        dropped, self._dropped = self._dropped, 0
        if dropped:
            logger.error("%s calls were not logged: there were more than could be written", dropped)
        unwritten = _store_what_can_be(batch)
        self._waiting.extendleft(reversed(unwritten))
        return not unwritten


def _store_what_can_be(batch: list[Span]) -> list[Span]:
    """Store a batch, and return the records that must wait until the database is available.

    A record that the database refuses is logged, and does not affect the others of its batch.
    """
    try:
        store(batch)
    except Exception as error:
        if failures.refusal(error) is not None:
            return batch
        is_of_a_record = isinstance(error, DataError | IntegrityError) or not failures.state_of(error)
        if is_of_a_record and len(batch) > 1:
            half = len(batch) // 2
            return _store_what_can_be(batch[:half]) + _store_what_can_be(batch[half:])
        names = batch[0].name if len(batch) == 1 else f"{batch[0].name} and {len(batch) - 1} others"
        logger.exception("the record of %s could not be written to the call log", names)
    return []


def store(spans: list[Span]) -> None:
    """Write spans to the call log, by COPY: an INSERT takes longer than most calls."""
    server = f"{SERVER}:{os.getpid()}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NEW_IDS, [len(spans)])
        calls = [(call, span) for (call,), span in zip(cursor.fetchall(), spans, strict=True)]
        _copy(cursor, CallLog, CALL_COLUMNS, (_call(call, span, server) for call, span in calls))
        queries = [
            (call, number, _text(each.sql), each.seconds, _text(each.error))
            for call, span in calls
            for number, each in enumerate(span.queries)
        ]
        lines = [
            (call, number, line.time, line.level, _text(line.message))
            for call, span in calls
            for number, line in enumerate(span.logs)
        ]
        if queries:
            _copy(cursor, QueryLog, QUERY_COLUMNS, queries)
        if lines:
            _copy(cursor, LogEntry, LINE_COLUMNS, lines)


NEW_IDS = (
    f"SELECT nextval(pg_get_serial_sequence('{CallLog._meta.db_table}', 'id')) FROM generate_series(1, %s)"
)
CALL_COLUMNS = (
    "id",
    "time",
    "kind",
    "name",
    "user_id",
    "status",
    "seconds",
    "error",
    "query_count",
    "query_seconds",
    "server",
    "count",
)
QUERY_COLUMNS = ("call_id", "order", "sql", "seconds", "error")
LINE_COLUMNS = ("call_id", "order", "time", "level", "message")

Row = tuple[Any, ...]


def _copy(cursor: Any, model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _call(call: int, span: Span, server: str) -> Row:
    """In the order of CALL_COLUMNS."""
    return (
        call,
        span.started_at,
        span.kind,
        one_line(_text(span.name))[:200],
        _text(span.user_id)[:64],
        span.status,
        span.seconds,
        _text(span.error),
        span.query_count,
        span.query_seconds,
        server,
        span.count,
    )


def _text(text: str) -> str:
    """The text to store, without secret addresses, NUL or lone surrogates. Long texts keep both ends."""
    return storable(text, TEXT_LENGTH)


recorder = Recorder()


def _begin_anew(*args: Any) -> None:
    global recorder
    recorder = Recorder()


def take(span: Span) -> None:
    """The sink that `monitoring` adds to `podium.core.observe`."""
    recorder.take(span)


def stop(**kwargs: Any) -> None:
    """Write waiting records at the end of the process: by atexit, and for children of a Celery worker by its signal."""
    recorder.stop()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(stop)
