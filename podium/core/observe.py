"""Spans: completed work with its user, duration and outcome. Sinks decide where spans go; a sink only enqueues."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

logger = logging.getLogger("podium")

MAX_QUERIES_PER_SPAN = 200
"""Maximum queries that a span keeps; `query_count` counts all."""


@dataclass(slots=True)
class Query:
    """One statement on the database. The SQL has placeholders, never values."""

    sql: str
    seconds: float
    error: str = ""


@dataclass(slots=True)
class LogLine:
    """A line that a method logged."""

    time: datetime
    level: int
    message: str


@dataclass(slots=True)
class Span:
    """One call, stream or task.

    kind      "call", "stream" or "task"
    name      "notes.listNotes", as on the wire; for a task its name
    user_id   empty if nobody is signed in
    status    the HTTP status of a call, otherwise 0
    recorded  True if the sinks get it
    count     the number of calls it represents, if a sink counts similar calls instead of keeping each
    error     empty, or the exception with its traceback; a cancelled stream has one too
    """

    kind: str
    name: str
    started_at: datetime
    user_id: str = ""
    status: int = 0
    recorded: bool = True
    count: int = 1
    seconds: float = 0.0
    error: str = ""
    query_count: int = 0
    query_seconds: float = 0.0
    queries: list[Query] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)

    def add_query(self, query: Query) -> None:
        self.query_count += 1
        self.query_seconds += query.seconds
        if len(self.queries) < MAX_QUERIES_PER_SPAN:
            self.queries.append(query)


Sink = Callable[[Span], None]

_sinks: list[Sink] = []
_current: ContextVar[Span | None] = ContextVar("span", default=None)


def add_sink(sink: Sink) -> None:
    """Pass every ended span to `sink`, which must return at once. Its exceptions are logged and not raised."""
    if sink not in _sinks:
        _sinks.append(sink)


def current() -> Span | None:
    """The current span, if any; also in threads that `asgiref` starts."""
    return _current.get()


class span:
    """Measure the block and its outcome, then pass the record to the sinks. `with span(...) as record:`"""

    __slots__ = ("_record", "_started", "_token")

    def __init__(self, kind: str, name: str) -> None:
        self._record = Span(kind, name, started_at=datetime.now(UTC))

    def __enter__(self) -> Span:
        self._token = _current.set(self._record)
        self._started = time.perf_counter()
        return self._record

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        record = self._record
        record.seconds = time.perf_counter() - self._started
        if error is not None and not record.error:  # a cancelled stream is not a success either
            record.error = f"{type(error).__name__}: {error}"
        with suppress(ValueError):  # a stream may be closed by another task than the one that opened it
            _current.reset(self._token)
        for sink in _sinks if record.recorded else ():
            try:
                sink(record)
            except Exception:
                logger.exception("a span sink failed")
