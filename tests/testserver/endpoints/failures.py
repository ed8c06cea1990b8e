"""Calls that fail: with a declared exception, with any other, slowly, in the database."""

from __future__ import annotations

import asyncio
import logging

from django.db import DatabaseError, connection, transaction
from serverpod_test.models import ExceptionWithData

from podium.core import clock
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint

SLOW_SECONDS = 2


def exception_with_data() -> ExceptionWithData:
    """The declared exception of the tests."""
    return ExceptionWithData(
        message="Throwing an exception",
        creation_date=clock.now(),
        error_fields=["first line error", "second line error"],
        some_nullable_field=1,
    )


def failing_query() -> None:
    """Query a table that does not exist. Raises ProgrammingError."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM there_is_no_such_table")


class ExceptionTestEndpoint(Endpoint):
    async def throw_normal_exception(self, call: Call) -> str:
        raise ValueError("not for clients")

    async def throw_exception_with_data(self, call: Call) -> str:
        raise exception_with_data()

    async def working_without_exception(self, call: Call) -> str:
        return "Success"


class FailedCallsEndpoint(Endpoint):
    async def failed_call(self, call: Call) -> None:
        raise ValueError("not for clients")

    def failed_database_query(self, call: Call) -> None:
        failing_query()

    def failed_database_query_caught_exception(self, call: Call) -> bool:
        """Return True if the failure was caught and the connection still works."""
        try:
            failing_query()
        except DatabaseError:
            connection.ensure_connection()
            return True
        return False

    async def slow_call(self, call: Call) -> None:
        await asyncio.sleep(SLOW_SECONDS)

    async def caught_exception(self, call: Call) -> None:
        try:
            raise ValueError("caught")
        except ValueError as error:
            call.log(f"caught: {error}")


class DiagnosticEventTestEndpoint(Endpoint):
    async def submit_exception_event(self, call: Call) -> str:
        """Report an error to the operators that the caller does not see: here, in the log."""
        try:
            raise ValueError("an exception of a diagnostic event")
        except ValueError as error:
            call.log(f"{type(error).__name__}: {error}", level=logging.ERROR)
        return "success"
