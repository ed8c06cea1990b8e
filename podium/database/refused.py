"""One line for a migration that Postgres refused: the rows, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import psycopg
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from psycopg import errors

from podium.database import broken_rules
from podium.database.failures import cause_of
from podium.database.row_queries import Rows

KEY: Final = re.compile(r"Key \((.+?)\)=\(")
"""The start of the detail of errors on keys; Postgres quotes the names in parentheses if necessary."""
AGAIN: Final = "Change those rows, then run migrate again"
THERE_ALREADY: Final = (
    "the database already has what the migration would create. If Serverpod created this database, take it over: "
    "python3 manage.py adopt. If it was changed by hand, undo that, or mark the migration as applied (migrate --fake "
    "{app} {name}) and then run: python3 manage.py repair"
)


def explain(error: DatabaseError, migration: Migration, was_to: str, connection: BaseDatabaseWrapper) -> str:
    """Explain why a migration was not "applied" or "taken back".

    Queries the database, whose transaction was rolled back.
    """
    cause = cause_of(error)
    about = f"{migration} was not {was_to}"
    if not migration.atomic:
        about += " as a whole (it is not atomic: its earlier steps stay)"
    if cause is None:
        return f"{about}: {_first_line(error)}"
    for kind, reason in REASONS:
        if isinstance(cause, kind):
            return f"{about}: {reason(cause, migration, connection)}"
    return f"{about}: {_first_line(cause)}"


def _without_value(cause: psycopg.Error, migration: Migration, connection: BaseDatabaseWrapper) -> str:
    table, column = cause.diag.table_name or "", cause.diag.column_name or ""
    rows = Rows(connection)
    key = _key(connection, table)
    if found := rows.without(table, column, key):
        return f"column {table}.{column} has no value in {found}. {AGAIN}, or give the field a default"
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
    if any(each.name == column for each in description):
        return (
            f"column {table}.{column} is required, and the migration makes null of values in it. "
            "Let them become another value, or make the field nullable"
        )
    count = rows.all(table)
    those = f"the {count} {'row has' if count == 1 else 'rows have'}" if count else "the rows have"
    return (
        f"column {table}.{column} is required, and {those} no value for it. "
        "Give the field a default, or make it nullable"
    )


def _repeated(cause: psycopg.Error, migration: Migration, connection: BaseDatabaseWrapper) -> str:
    table, name = cause.diag.table_name or "", cause.diag.constraint_name or ""
    columns = _columns(cause)
    found = columns and Rows(connection).repeated_sql(table, columns, _key(connection, table))
    found = found and f"{found}."  # values that the migration itself made equal are gone again
    what = f"{table} ({columns})" if columns else table
    text = f"{what} would be unique ({name}), and {found or cause.diag.message_detail} {AGAIN}"
    unfinished = _unfinished(connection, name)
    return f"{text}.{unfinished}" if unfinished else text


def _without_parent(cause: psycopg.Error, migration: Migration, connection: BaseDatabaseWrapper) -> str:
    table, name = cause.diag.table_name or "", cause.diag.constraint_name or ""
    return f"rows of {table} refer to missing rows ({name}): {cause.diag.message_detail} {AGAIN}"


def _unfit(cause: psycopg.Error, migration: Migration, connection: BaseDatabaseWrapper) -> str:
    if isinstance(cause, psycopg.errors.CannotCoerce):
        return (
            f"{_first_line(cause)}: no value can be converted. "
            "Add a field of the new type beside the old one, copy the values, and remove the old field"
        )
    return f"{_first_line(cause)}. Rows hold values that are not valid for the new type. {AGAIN}"


def _broken_rule(cause: psycopg.Error, migration: Migration, connection: BaseDatabaseWrapper) -> str:
    found = broken_rules.constraint_of(cause)
    if found is None:
        return _unfit(cause, migration, connection)
    constraint, field = found
    table, column = field.model._meta.db_table, connection.ops.quote_name(str(field.column))
    rows = Rows(connection).breaking(table, _key(connection, table), constraint.condition(field, column))
    what = f"column {table}.{field.column} gets the rule @{constraint.rule.name} ({constraint.name})"
    return f"{what}, and {rows or 'some rows'} break it. {AGAIN}"


def _there_already(cause: psycopg.Error, migration: Migration, connection: BaseDatabaseWrapper) -> str:
    quoted = re.search(r'"(.+?)"', cause.diag.message_primary or "")
    if quoted and (unfinished := _unfinished(connection, quoted[1])):
        return f"{_first_line(cause)}, unfinished, from an earlier try.{unfinished}, then run migrate again"
    return f"{_first_line(cause)}: {THERE_ALREADY.format(app=migration.app_label, name=migration.name)}"


def _unfinished(connection: BaseDatabaseWrapper, index: str) -> str:
    """Advice on an index that CREATE INDEX CONCURRENTLY has left behind; "" for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = %s AND NOT indisvalid",
            [index],
        )
        if cursor.fetchone() is None:
            return ""
    name = connection.ops.quote_name(index)
    return f" Drop the unfinished index: DROP INDEX CONCURRENTLY {name}"


def _columns(cause: psycopg.Error) -> str:
    found = KEY.match(cause.diag.message_detail or "")
    return found[1] if found else ""


def _key(connection: BaseDatabaseWrapper, table: str) -> str:
    """The column of a table's primary key, which identifies rows in messages."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_primary_key_column(cursor, table)
    return found or "ctid"


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]


Reason = Callable[[Any, Migration, BaseDatabaseWrapper], str]
REASONS: Final[tuple[tuple[tuple[type[psycopg.Error], ...], Reason], ...]] = (
    ((errors.NotNullViolation,), _without_value),
    ((errors.UniqueViolation,), _repeated),
    ((errors.ForeignKeyViolation,), _without_parent),
    ((errors.CheckViolation,), _broken_rule),
    ((psycopg.DataError, errors.CannotCoerce, errors.DatatypeMismatch), _unfit),
    ((errors.DuplicateTable, errors.DuplicateColumn, errors.DuplicateObject), _there_already),
)
