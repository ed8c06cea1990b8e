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
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            [before] = cursor.fetchone()
            _set(f"{max(1, round(seconds * 1000))}ms")
            yield
            _set(before)  # for the statements of an outer transaction; a rollback restores it by itself
    except OperationalError as error:
        if state_of(error) != CANCELED:
            raise
        raise TookTooLong from error


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])
