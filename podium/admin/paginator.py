"""Pagination without counting millions of rows, which would be the slowest part of the page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import connections
from django.db.models import QuerySet
from django.utils.functional import cached_property

COUNTED = 10_000
"""Maximum number of rows that are counted."""


class QuickPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to 10,000 rows. For a larger table, uses Postgres's estimate; a larger search result ends there."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        counted = rows.order_by()[: COUNTED + 1].count()
        if counted <= COUNTED:
            return counted
        return COUNTED if rows.query.where else max(COUNTED, _estimate(rows))

    @property
    def is_cut(self) -> bool:
        """Test whether there are rows beyond the last page."""
        return self.count == COUNTED


def _estimate(rows: QuerySet[Any]) -> int:
    """The number of rows in Postgres's latest estimate for a table; -1 without an estimate."""
    connection = connections[rows.db]
    table = connection.ops.quote_name(rows.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])
