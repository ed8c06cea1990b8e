"""A time limit for the statements of a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from podium.database.failures import TookTooLong, state_of

CANCELED = "57014"


@contextmanager
def statement_timeout(seconds: float) -> Iterator[None]:
    """Limit each statement of a block, which is a transaction, to some seconds. Raises TookTooLong (503)."""
    is_inner = connection.in_atomic_block
    try:
        with transaction.atomic():
            before = _current() if is_inner else ""
            _set(f"{max(1, round(seconds * 1000))}ms")
            yield
            if is_inner:
                _set(before)  # for the rest of the outer transaction; a rollback restores it by itself
    except OperationalError as error:
        if state_of(error) != CANCELED:
            raise
        raise TookTooLong from error


def _current() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        return str(cursor.fetchone()[0])


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])
