"""What errors of Postgres mean for whoever made the call: try again now, later, or never.

docs/database-outages.md has the rules for users. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import Error as DjangoError

from core.errors import PodiumError
from database.watch import Unavailable

CONFLICTS = frozenset(["40001", "40P01"])
"""serialization_failure and deadlock_detected: Postgres has undone the transaction, or the statement outside of one."""
ENDED = frozenset(["57P01", "57P02", "57P05"])
"""Postgres ended the session (admin_shutdown, crash_shutdown, idle_session_timeout) and undid what ran in it."""
READ_ONLY = "25006"
"""read_only_sql_transaction: after a failover the connection leads to a server that is a standby now."""


class DatabaseUnavailable(PodiumError):
    """The database is not available at the moment. Try again in a second."""

    status = 503
    code = "database.unavailable"


class ConnectionLost(PodiumError):
    """The connection to the database was lost. The last change may have been made or not: look before trying again."""

    status = 503
    code = "database.connection_lost"


class TookTooLong(PodiumError):
    """The database took longer for a statement than it may (statement_timeout)."""

    status = 503
    code = "database.timeout"


class Conflict(PodiumError):
    """The call conflicted with another one at the same time, and nothing of its transaction was kept. Try again."""

    status = 409
    code = "database.conflict"


class Locked(PodiumError):
    """Another call holds a lock on what this one needs (lock_timeout, NOWAIT). Try again."""

    status = 409
    code = "database.locked"


RETRY_AFTER_SECONDS = 1

_BY_STATE: dict[str, type[PodiumError]] = {
    **dict.fromkeys(CONFLICTS, Conflict),
    **dict.fromkeys((*ENDED, "57P03", "53300", READ_ONLY), DatabaseUnavailable),
    "55P03": Locked,
    "57014": TookTooLong,
    "40003": ConnectionLost,
}


def cause_of(error: BaseException) -> psycopg.Error | None:
    """The error of psycopg in one of Django's, or in itself."""
    found = error.__cause__ if isinstance(error, DjangoError) else error
    return found if isinstance(found, psycopg.Error) else None


def state_of(error: BaseException) -> str:
    """The five characters of Postgres' code; "" where it sent none."""
    cause = cause_of(error)
    return (cause.sqlstate or "") if cause is not None else ""


def refusal(error: BaseException) -> PodiumError | None:
    """What a client is told about an error of the database that is no fault of the program; None for all others."""
    cause = cause_of(error)
    if cause is None:
        return None
    if isinstance(cause, Unavailable):
        return DatabaseUnavailable(retry_after=RETRY_AFTER_SECONDS)
    state = cause.sqlstate or ""
    if (kind := _BY_STATE.get(state)) is not None:
        return kind(retry_after=RETRY_AFTER_SECONDS) if kind is DatabaseUnavailable else kind()
    if state.startswith("08") or (not state and isinstance(cause, psycopg.OperationalError)):
        return ConnectionLost()
    return None


def is_lost(connection: Any, error: BaseException) -> bool:
    """Whether the connection on which a statement failed can be used no more."""
    return bool(connection.closed) or state_of(error) in ENDED
