"""Differences between a database and its models. Runs nothing.

Both sides come from podium.database.drift.catalog. Anything that is in no model is reported and left alone, never
counted as wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from podium.database.drift import columns, indexes
from podium.database.drift.catalog import Table
from podium.database.drift.difference import Difference, Level, Stage, alter_table, quote


def compare(
    wanted: Mapping[str, Table], found: Mapping[str, Table], filling: columns.Filling
) -> list[Difference]:
    """Return all differences of the wanted tables.

    filling    table, column -> a literal for existing rows when a required column without default is added; "" for
               none
    """
    differences: list[Difference] = []
    for name, table in wanted.items():
        if name in found:
            differences += columns.compare(name, table, found[name], filling)
            differences += indexes.compare(name, table, found[name])
        else:
            differences.append(_missing_table(name, table))
    return differences


def _missing_table(name: str, table: Table) -> Difference:
    lines = ",\n    ".join(f"{quote(key)} {column.sql}" for key, column in table.columns.items())
    sql = [(Stage.TABLE, f"CREATE TABLE {quote(name)} (\n    {lines}\n)")]
    for difference in indexes.compare(name, table, Table()):
        sql += difference.sql
    return Difference("table", name, "is missing", Level.WRONG, tuple(sql))


def unknown_table(name: str, table: Table) -> Difference:
    """The difference for a table in the database that no app has a model for."""
    keys = [
        f"DROP CONSTRAINT {quote(key)}" for key, text in table.constraints.items() if indexes.is_key(text)
    ]
    sql = (*alter_table(name, Stage.UNTIE, *keys), (Stage.REMOVE, f"DROP TABLE {quote(name)}"))
    return Difference("table", name, "is in no model", Level.UNKNOWN, sql)
