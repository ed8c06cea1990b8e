"""Differences between the columns of a table and its models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from podium.database.drift.catalog import Column, Table
from podium.database.drift.difference import Difference, Level, Stage, alter_table, quote
from podium.database.widening import is_wider

SAME_DEFAULTS = [{"CURRENT_TIMESTAMP", "now()", "(now() AT TIME ZONE 'utc'::text)"}]
"""Expressions that are equal on Podium's connections, whose time zone is UTC."""
Filling = Callable[[str, str], str]
NARROW = {("bigint", "integer"), ("bigint", "smallint"), ("integer", "smallint")}
"""Wanted and found types that work alike up to the largest value of the second. Serverpod 1 made integer columns."""
SEQUENCE = re.compile(r"nextval\('(.+)'::regclass\)")
TIMESTAMPS = {"timestamp with time zone", "timestamp without time zone"}


def compare(table: str, wanted: Table, found: Table, filling: Filling) -> Iterator[Difference]:
    for name, column in wanted.columns.items():
        if name in found.columns:
            yield from _changed(table, name, column, found.columns[name])
        else:
            yield _missing(table, name, column, filling)
    for name, column in found.columns.items():
        if name not in wanted.columns:
            yield from _unknown(table, name, column)


def _missing(table: str, name: str, column: Column, filling: Filling) -> Difference:
    sql = [f"ADD COLUMN {quote(name)} {column.sql}"]
    needs_value = column.required and not (column.default or column.identity)
    if needs_value and (value := filling(table, name)):
        sql = [f"{sql[0]} DEFAULT {value}", f"ALTER COLUMN {quote(name)} DROP DEFAULT"]
    return _difference(table, name, "is missing", Level.WRONG, *sql)


def _unknown(table: str, name: str, column: Column) -> Iterator[Difference]:
    if column.required and not (column.default or column.identity):
        text = "is in no model, yet required: no row can be added"
        yield _difference(table, name, text, Level.WRONG, f"ALTER COLUMN {quote(name)} DROP NOT NULL")
    drop = alter_table(table, Stage.REMOVE, f"DROP COLUMN {quote(name)}")
    yield Difference("column", f"{table}.{name}", "is in no model", Level.UNKNOWN, drop)


def _changed(table: str, name: str, wanted: Column, found: Column) -> Iterator[Difference]:
    if wanted.generated or found.generated:
        if replace(wanted, required=found.required) != found:  # Django can't declare NOT NULL there
            text = f"is {found.sql}, should be {wanted.sql}: change that by hand"
            yield _difference(table, name, text, Level.LOSS)
        return
    if wanted.type != found.type:
        yield _other_type(table, name, wanted, found)
    if wanted.required != found.required:
        text = "may be null, should be required" if wanted.required else "is required, should allow null"
        action = "SET NOT NULL" if wanted.required else "DROP NOT NULL"
        yield _difference(table, name, text, Level.WRONG, f"ALTER COLUMN {quote(name)} {action}")
    if not (wanted.is_serial and found.is_serial):
        yield from _other_default(table, name, wanted, found)


def _other_type(table: str, name: str, wanted: Column, found: Column) -> Difference:
    value = quote(name)
    value += " AT TIME ZONE 'UTC'" if {wanted.type, found.type} == TIMESTAMPS else f"::{wanted.type}"
    sql = [f"ALTER COLUMN {quote(name)} TYPE {wanted.type} USING {value}"]
    if found.default and not found.is_serial:  # it has the old type, too
        sql = [f"ALTER COLUMN {quote(name)} DROP DEFAULT", *sql]
        if wanted.default == found.default:
            sql.append(_set_default(name, wanted))
    level = Level.WRONG if is_wider(wanted.type, found.type) else Level.LOSS
    level = Level.NARROW if (wanted.type, found.type) in NARROW else level
    difference = _difference(table, name, f"is {found.type}, should be {wanted.type}", level, *sql)
    if (sequence := SEQUENCE.fullmatch(found.default)) and level is Level.NARROW:
        counts_on = (Stage.COLUMN, f"ALTER SEQUENCE {sequence[1]} AS {wanted.type}")
        return replace(difference, sql=(*difference.sql, counts_on))
    return difference


def _other_default(table: str, name: str, wanted: Column, found: Column) -> Iterator[Difference]:
    if wanted.identity:
        yield _unnumbered(table, name, found)
    elif found.identity:
        text = "numbers its rows, and should not"
        yield _difference(table, name, text, Level.WRONG, f"ALTER COLUMN {quote(name)} DROP IDENTITY")
    elif wanted.default != found.default:
        text = f"has the default {found.default or 'none'}, should have {wanted.default or 'none'}"
        # Without a default in the models, every new row comes with a value, and the database's default is not used.
        alike = not wanted.default or any({wanted.default, found.default} <= each for each in SAME_DEFAULTS)
        level = Level.FORM if alike else Level.WRONG
        yield _difference(table, name, text, level, _set_default(name, wanted))


def _unnumbered(table: str, name: str, found: Column) -> Difference:
    actions = [f"ALTER COLUMN {quote(name)} ADD GENERATED BY DEFAULT AS IDENTITY"]
    if found.default:
        actions.insert(0, f"ALTER COLUMN {quote(name)} DROP DEFAULT")
    numbers = (
        f"SELECT setval(pg_get_serial_sequence({_literal(quote(table))}, {_literal(name)}),"
        f" (SELECT coalesce(max({quote(name)}), 0) + 1 FROM {quote(table)}), false)"
    )
    sql = (*alter_table(table, Stage.COLUMN, *actions), (Stage.COLUMN, numbers))
    return Difference("column", f"{table}.{name}", "does not number its rows", Level.WRONG, sql)


def _set_default(name: str, wanted: Column) -> str:
    return f"ALTER COLUMN {quote(name)} " + (
        f"SET DEFAULT {wanted.default}" if wanted.default else "DROP DEFAULT"
    )


def _difference(table: str, name: str, text: str, level: Level, *actions: str) -> Difference:
    return Difference("column", f"{table}.{name}", text, level, alter_table(table, Stage.COLUMN, *actions))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
