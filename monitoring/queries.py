"""Record the statements of a call on its span: text with placeholders, and duration. Values are never recorded."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from podium.core import observe
from podium.core.observe import Query


def watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Record the statements of this connection. Receiver of `connection_created`."""
    if _note not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note)


def _note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    span = observe.current()
    if span is None:
        return execute(sql, params, many, context)
    started = time.perf_counter()
    error = ""
    try:
        return execute(sql, params, many, context)
    except BaseException as failure:
        error = type(failure).__name__  # its text may contain values
        raise
    finally:
        span.add_query(Query(str(sql), time.perf_counter() - started, error))
