"""Spans to the call log. Taking one only enqueues; a thread of each process writes them in batches."""

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

from core.logs import one_line, storable
from core.observe import Span
from database import failures
from monitoring.conf import conf
from monitoring.models import CallLog, LogEntry, QueryLog

logger = logging.getLogger("podium.monitoring")

BATCH = 500
SERVER = socket.gethostname()[:80]
TEXT_LENGTH = 20_000
"""Characters kept of an error, a statement or a line: strangers can cause long ones, and the log has a million rows."""


class Alike:
    """The quick successes of one method since the last writing. last: of those that have no record of their own."""

    __slots__ = ("count", "last")

    def __init__(self) -> None:
        self.count = 0
        self.last: Span | None = None


def _is_unremarkable(span: Span) -> bool:
    """Whether nothing of it is worth a record, but that it was."""
    return (
        span.status == 200
        and span.kind == "call"
        and not span.logs
        and not span.error
        and span.seconds < conf.SLOW_SECONDS
    )


class Recorder:
    """The queue and the thread of one process. A forked process begins with its own."""

    def __init__(self) -> None:
        self._waiting: deque[Span] = (
            deque()
        )  # the locks of queue.Queue would cost a call more than its log does
        self._limit = conf.QUEUE
        self._alike: dict[str, Alike] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._dropped = 0

    def take(self, span: Span) -> None:
        """The sink: returns at once, never raises. What does not fit is counted, and told in the log."""
        if not conf.ENABLED or (_is_unremarkable(span) and self._is_counted(span)):
            return
        if len(self._waiting) >= self._limit:
            self._dropped += 1
            return
        self._waiting.append(span)
        if self._thread is None:
            self._start()

    def _is_counted(self, span: Span) -> bool:
        """Whether its method had enough records since the last writing: then it is counted, and kept if it is the last.

        So the log costs a busy server next to nothing, and its room lasts for days instead of minutes.
        """
        with self._lock:
            alike = self._alike.get(span.name)
            if alike is None:
                alike = self._alike[span.name] = Alike()
            alike.count += 1
            if alike.count <= conf.ALIKE:
                return False
            alike.last = span
            return True

    def _collect_counted(self) -> None:
        with self._lock:
            counted, self._alike = self._alike, {}
        for alike in counted.values():
            if alike.last is not None:
                alike.last.count = alike.count - conf.ALIKE
                self._waiting.append(alike.last)

    def flush(self) -> None:
        """Write all pending records now, in this thread. Records taken earlier are also in the database on return.

        Without a database, the records stay pending.
        """
        with self._writing:
            self._collect_counted()
            while (batch := self._next_batch()) and self._write(batch):
                pass

    def stop(self) -> None:
        """Write what waits and end the thread. For the end of the process."""
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
        if not self._waiting and not self._alike:
            return
        try:
            self.flush()
        finally:
            connection.close()

    def _next_batch(self) -> list[Span]:
        """Up to BATCH of what waits. Called under `_writing`, so nobody else takes any."""
        return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    def _write(self, batch: list[Span]) -> bool:
        """Return whether the database took the records. Those it can't take now stay pending, at the front."""
        dropped, self._dropped = self._dropped, 0
        if dropped:
            logger.error("%s calls were not logged: more came than could be written", dropped)
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
    """Write spans to the call log, by COPY: to INSERT one takes more time than most calls do."""
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
    """The sink that `monitoring` adds to `core.observe`."""
    recorder.take(span)


def stop(**kwargs: Any) -> None:
    """Write what waits, at the end of the process: of any by atexit, of a Celery worker's children by its signal."""
    recorder.stop()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(stop)
