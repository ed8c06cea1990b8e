"""The end of a test with `transactional_db`: delete the rows it left.

Django truncates all tables and creates all content types and permissions again, which takes most of a second.
Content types and permissions stay here, and only tables with rows are emptied.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection

KEPT = ("auth_permission", "django_content_type")
"""Tables that Django fills after each migration. If a test changed their number of rows, Django flushes."""
DELETE = """
DO $$
DECLARE
    name text;
    is_filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no checks of foreign keys: all tables are emptied
    FOREACH name IN ARRAY string_to_array('{tables}', ' ') LOOP
        IF to_regclass(quote_ident(name)) IS NOT NULL THEN
            EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_filled;
            IF is_filled THEN
                EXECUTE format('DELETE FROM %I', name);
            END IF;
        END IF;
    END LOOP;
END $$
"""
_after_the_last: dict[str, Any] = {}


def flush(by_django: Callable[[], None]) -> None:
    """Delete the rows of all models' tables. by_django: what TransactionTestCase does, also the first time."""
    if _is_superuser() and _kept() == _after_the_last.get("kept"):
        with connection.cursor() as cursor:
            cursor.execute(_delete())
    else:
        by_django()
        _after_the_last["kept"] = _kept()


@cache
def _delete() -> str:
    tables = set(connection.introspection.django_table_names(include_views=False)) - {*KEPT}
    return DELETE.format(tables=" ".join(sorted(tables)))


@cache
def _is_superuser() -> bool:
    """Return whether this user may leave out the checks: one of a given DATABASE_URL may not."""
    return bool(_one("SELECT usesuper FROM pg_user WHERE usename = current_user"))


def _kept() -> Any:
    counts = " || ' ' || ".join(f"(SELECT count(*) FROM {table})" for table in KEPT)
    return _one(f"SELECT {counts}")  # constants


def _one(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (value,) = cursor.fetchone()
    return value
