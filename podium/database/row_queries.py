"""Queries on the rows that a migration would affect. Without a connection there is no answer, and no error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from podium.wire import codecs

SECONDS = 10
"""Time limit of a query; a large table gets no count."""
SHOWN_ROWS = 3
MOST_ROWS = 10_000
"""Rows that are read one by one."""


class Rows:
    """Queries for counts and examples, by the names that tables and columns have before the migration.

    Each query returns None if there is no answer: no connection, a missing table, a time limit.
    problem   the reason why the database could not be reached; "" if it could, or was not queried
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.problem = ""

    def all(self, table: str) -> int | None:
        found = self._ask(f"SELECT count(*) FROM {self._name(table)}")
        return found[0][0] if found else None

    def without(self, table: str, column: str, key: str) -> str:
        """Rows without a value: "3 rows: id 1, 2, 3"; "" for none, or no answer."""
        return self._rows(table, key, f"{self._name(column)} IS NULL")

    def holding(self, table: str, column: str, key: str, values: Sequence[Any]) -> str:
        return self._rows(table, key, f"{self._name(column)} = ANY(%s)", [list(values)])

    def not_holding(self, table: str, column: str, key: str, values: Sequence[Any]) -> str:
        return self._rows(table, key, f"{self._name(column)} <> ALL(%s)", [list(values)])

    def breaking(self, table: str, key: str, condition: str) -> str:
        """Rows that a CHECK with this condition would refuse; null passes."""
        return self._rows(table, key, f"NOT ({condition.replace('%', '%%')})")

    def orphans(self, table: str, column: str, key: str, parent: str, parent_key: str) -> str:
        """Rows whose value is not a key of the parent."""
        name, parent, parent_key = self._name(column), self._name(parent), self._name(parent_key)
        missing = (
            f"NOT EXISTS (SELECT 1 FROM {parent} AS podium_parent WHERE podium_parent.{parent_key} = {name})"
        )
        return self._rows(table, key, f"{name} IS NOT NULL AND {missing}")

    def repeated(self, table: str, columns: Sequence[str], key: str, *, nulls_distinct: bool) -> str:
        """Duplicate values: "2 values are in more than one row: id 1, 4; id 2, 3"; "" for none, or no answer."""
        names = list(map(self._name, columns))
        where = " AND ".join(f"{name} IS NOT NULL" for name in names) if nulls_distinct else "true"
        return self.repeated_sql(table, ", ".join(names), key, where)

    def repeated_sql(self, table: str, names: str, key: str, where: str = "true") -> str:
        """The same for columns or expressions as SQL."""
        key = self._name(key)
        found = self._ask(
            f"SELECT (array_agg({key} ORDER BY {key}))[1:{SHOWN_ROWS}], count(*) OVER () FROM {self._name(table)}"
            f" WHERE {where} GROUP BY {names} HAVING count(*) > 1 ORDER BY min({key}::text) LIMIT {SHOWN_ROWS}"
        )
        if not found:
            return ""
        count = found[0][1]
        shown = "; ".join("id " + ", ".join(map(str, ids)) for ids, _ in found) + (
            "; ..." if count > len(found) else ""
        )
        return f"{count} {'value is' if count == 1 else 'values are'} in more than one row: {shown}"

    def those(
        self, table: str, column: str, key: str, test: Callable[[Any], bool], *, is_json: bool = False
    ) -> str:
        """Rows whose value passes a test, among the first 10 000; "at least" marks that there may be more."""
        name = self._name(column)
        found = self._ask(
            f"SELECT {self._name(key)}, {name}{'::text' if is_json else ''} FROM {self._name(table)}"
            f" WHERE {name} IS NOT NULL ORDER BY 1 LIMIT {MOST_ROWS}"
        )
        ids = [row for row, value in found or () if test(codecs.loads(value) if is_json else value)]
        more = "at least " if ids and len(found or ()) == MOST_ROWS else ""
        return more + _shown(len(ids), ids[:SHOWN_ROWS])

    def _rows(self, table: str, key: str, where: str, parameters: Sequence[Any] = ()) -> str:
        key = self._name(key)
        found = self._ask(
            f"SELECT count(*), (array_agg({key} ORDER BY {key}))[1:{SHOWN_ROWS}]"
            f" FROM {self._name(table)} WHERE {where}",
            parameters,
        )
        return _shown(*found[0]) if found else ""

    def _ask(self, query: str, parameters: Sequence[Any] = ()) -> list[Any] | None:
        if self.problem:
            return None
        try:
            with transaction.atomic(self.connection.alias), self.connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
                cursor.execute(query, list(parameters))
                return list(cursor.fetchall())
        except (OperationalError, InterfaceError) as error:
            if self.connection.connection is None or self.connection.connection.closed:
                self.problem = str(error).strip().splitlines()[0]
            return None
        except DatabaseError:  # the database lacks some migrations, or has another type in the column
            return None

    def _name(self, name: str) -> str:
        return self.connection.ops.quote_name(name)


def _shown(count: int, ids: Sequence[Any] | None) -> str:
    if not count:
        return ""
    more = ", ..." if count > len(ids or ()) else ""
    return f"{count} {'row' if count == 1 else 'rows'}: id {', '.join(map(str, ids or ()))}{more}"
