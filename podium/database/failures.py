"""Translate Postgres errors for callers: retry now, retry later, or do not retry. Broken rules of fields too.

docs/how-to/database-outages.md explains the rules.
Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import Error as DjangoError

from podium.core.errors import PodiumError
from podium.database import broken_rules
from podium.database.watch import Unavailable

CONFLICTS = frozenset(["40001", "40P01"])
"""serialization_failure and deadlock_detected: Postgres rolled back the transaction, or the single statement."""
ENDED = frozenset(["57P01", "57P02", "57P05"])
"""Postgres ended the session (admin_shutdown, crash_shutdown, idle_session_timeout) and rolled back its work."""
BROKEN_RULE = "23514"
"""check_violation: the rules of fields are CHECKs."""
READ_ONLY = "25006"
"""read_only_sql_transaction: after a failover, the connection leads to a server that is now a standby."""


class DatabaseUnavailable(PodiumError):
    """The database is not available at the moment. Try again in a second."""

    status = 503
    code = "database.unavailable"


class ConnectionLost(PodiumError):
    """The connection to the database was lost. Check whether the last change was made before you try again."""

    status = 503
    code = "database.connection_lost"


class TookTooLong(PodiumError):
    """A database statement exceeded its time limit (statement_timeout)."""

    status = 503
    code = "database.timeout"


class Conflict(PodiumError):
    """The call conflicted with a simultaneous one, and its transaction was rolled back. Try again."""

    status = 409
    code = "database.conflict"


class Locked(PodiumError):
    """Another call holds a lock that this one needs (lock_timeout, NOWAIT). Try again."""

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
    """The psycopg error behind a Django error, or the error itself if it comes from psycopg."""
    found = error.__cause__ if isinstance(error, DjangoError) else error
    return found if isinstance(found, psycopg.Error) else None


def state_of(error: BaseException) -> str:
    """The five characters of the Postgres error code; "" if there is none."""
    cause = cause_of(error)
    return (cause.sqlstate or "") if cause is not None else ""


def refusal(error: BaseException) -> PodiumError | None:
    """The error to send to a client if the database failed, or refused a value by a rule of its field.

    None for a fault of the program.
    """
    cause = cause_of(error)
    if cause is None:
        return None
    if isinstance(cause, Unavailable):
        return DatabaseUnavailable(retry_after=RETRY_AFTER_SECONDS)
    state = cause.sqlstate or ""
    if state == BROKEN_RULE:
        return broken_rules.of(cause)
    if (kind := _BY_STATE.get(state)) is not None:
        return kind(retry_after=RETRY_AFTER_SECONDS) if kind is DatabaseUnavailable else kind()
    if state.startswith("08") or (not state and isinstance(cause, psycopg.OperationalError)):
        return ConnectionLost()
    return None


def is_lost(connection: Any, error: BaseException) -> bool:
    """Return whether the connection can no longer be used after the error."""
    return bool(connection.closed) or state_of(error) in ENDED
