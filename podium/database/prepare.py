"""Functions, sequences and extensions that must exist before tables that use them are created.

They are not part of a migration, because any app's first migration may need them. `migrate` creates them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connections, models

UUID_V7 = """
DO $do$ BEGIN IF to_regprocedure('gen_random_uuid_v7()') IS NULL THEN
CREATE FUNCTION gen_random_uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE AS $function$
    SELECT encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6
    ), 52, 1), 53, 1), 'hex')::uuid
$function$;
END IF; END $do$
"""
"""A UUID of version 4 with the time in its first 48 bits and version 7. Source: RFC 9562 section 5.7."""


def statements() -> list[str]:
    """The SQL that the columns of all installed models need, each statement safe to run again."""
    return needed(field for model in apps.get_models() for field in model._meta.local_concrete_fields)


def needed(fields: Iterable[models.Field[Any, Any]]) -> list[str]:
    """The same for these fields alone."""
    found: dict[str, None] = {}
    for field in fields:
        for source in (field, getattr(field, "db_default", models.NOT_PROVIDED)):
            if sql := getattr(source, "needs_sql", ""):
                found[sql] = None
    return list(found)


def before_migrations(using: str, plan: Any = None, **kwargs: Any) -> None:
    """Run these statements before a migration. A receiver of Django's pre_migrate."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for sql in statements():
                cursor.execute(sql)
