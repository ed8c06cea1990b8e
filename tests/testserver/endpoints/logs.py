"""Lines, queries and errors for the log of calls."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from django.db import DatabaseError, connection
from serverpod_test.models import SimpleData, Types

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, unlogged
from tests.testserver.endpoints.failures import failing_query

LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
"""Serverpod's levels by their index."""


MAX_QUERIES = 10_000
MAX_SECONDS = 60
"""Maximum number of queries in one call."""


class LoggingEndpoint(Endpoint):
    async def empty_method(self, call: Call) -> None:
        return None

    async def log(self, call: Call, message: str, log_levels: list[int]) -> None:
        """Log a line for each of these levels: 0 debug, 1 info, 2 warning, 3 error, 4 fatal."""
        for level in log_levels:
            call.log(message, LEVELS[level])

    async def log_info(self, call: Call, message: str) -> None:
        call.log(message)

    async def log_debug_and_info_and_error(self, call: Call, debug: str, info: str, error: str) -> None:
        call.log(debug, logging.DEBUG)
        call.log(info)
        call.log(error, logging.ERROR)

    async def failing_method(self, call: Call) -> None:
        raise ValueError("a failing method")

    def failed_query_method(self, call: Call) -> None:
        """Fail without the caller's notice."""
        with contextlib.suppress(DatabaseError):
            failing_query()

    async def slow_method(self, call: Call, delay_millis: int) -> None:
        await asyncio.sleep(min(delay_millis / 1000, MAX_SECONDS))

    def slow_query_method(self, call: Call, seconds: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [min(seconds, MAX_SECONDS)])

    def query_method(self, call: Call, queries: int) -> None:
        """Run this number of queries, at most MAX_QUERIES."""
        for _ in range(min(queries, MAX_QUERIES)):
            Types.objects.first()

    def two_queries(self, call: Call) -> None:
        SimpleData.objects.create(num=42)
        SimpleData.objects.first()

    async def stream_empty(self, call: Call, input: AsyncIterator[int]) -> AsyncIterator[int]:
        """Return the values, without logging."""
        async for each in input:
            yield each

    async def stream_logging(self, call: Call, input: AsyncIterator[int]) -> AsyncIterator[int]:
        async for each in input:
            call.log(f"Received value: {each}", logging.DEBUG)
            yield each

    async def stream_query_logging(self, call: Call, input: AsyncIterator[int]) -> AsyncIterator[int]:
        async for each in input:
            await SimpleData.objects.afirst()
            yield each

    async def stream_exception(self, call: Call) -> AsyncIterator[int]:
        raise ValueError("a failing stream")
        yield 0  # makes it a stream


class LoggingDisabledEndpoint(Endpoint):
    """Methods that are not in the call log."""

    @unlogged
    async def log_info(self, call: Call, message: str) -> None:
        call.log(message)
