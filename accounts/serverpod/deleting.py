"""Delete Podium's data of a user that Serverpod deletes.

Serverpod's statement is one DELETE of the user, and its own tables follow by their foreign keys. Those of Django's
models have no ON DELETE in the database, and would refuse it. So a trigger does what Django's models say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.models import User
from accounts.serverpod import tables

NAME = "accounts_user_deleted"


def install() -> None:
    """Create the trigger, or replace it to match the current models."""
    lines = "\n    ".join(f"{sql};" for sql in _statements(User, "OLD.id"))
    tables.run(
        f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $function$\n"
        f"BEGIN\n    {lines}\n    RETURN OLD;\nEND $function$"
    )
    tables.run(f"DROP TRIGGER IF EXISTS {NAME} ON {tables.USERS}")
    tables.run(
        f"CREATE TRIGGER {NAME} BEFORE DELETE ON {tables.USERS} FOR EACH ROW EXECUTE FUNCTION {NAME}()"
    )


@receiver(post_migrate)
def _renew(using: str, sender: Any, **_: Any) -> None:
    """Renew the trigger after migrations, which may have added tables that refer to users."""
    if sender.name == "accounts" and using == connection.alias and _is_installed():
        install()


def _is_installed() -> bool:
    return bool(tables.rows("SELECT 1 AS here FROM pg_trigger WHERE tgname = %s", [NAME]))


def _statements(model: type[models.Model], keys: str) -> Iterator[str]:
    """SQL that deletes or changes the rows which refer to rows of a model. keys: an SQL list of their primary keys."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or not relation.related_model._meta.managed:
            continue
        child, column = relation.related_model, relation.field.column
        quote = connection.ops.quote_name
        table, where = quote(child._meta.db_table), f"{quote(str(column))} IN ({keys})"
        if relation.on_delete is models.CASCADE:
            key = quote(str(child._meta.pk.column))
            if child is not model:
                yield from _statements(child, f"SELECT {key} FROM {table} WHERE {where}")
            yield f"DELETE FROM {table} WHERE {where}"
        elif relation.on_delete is models.SET_NULL:
            yield f"UPDATE {table} SET {quote(str(column))} = NULL WHERE {where}"
