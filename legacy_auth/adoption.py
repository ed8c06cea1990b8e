"""The legacy module's part in `manage.py adopt`: its users become accounts, and their keys stay valid."""

from __future__ import annotations

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.conf import conf as accounts_conf
from legacy_auth import bringing
from legacy_auth.conf import conf
from legacy_auth.models import UserInfo
from podium.database.adoption import Part
from podium.database.drift.difference import Difference


class LegacyAuth(Part):
    runs = ("0002_blocked_by_serverpod",)
    writes = ("accounts", "auth", "account", "socialaccount")

    def adds(self, difference: Difference) -> bool:
        """Tables that came with later versions of the module, and the one that says who has which account.

        Until 1.2 `userName` could not be null. To allow it harms nobody: Podium writes a text, for clients of then.
        """
        if difference.what == f"{USERS}.userName" and difference.text == "is required, should allow null":
            return True
        tables = {model._meta.db_table for model in apps.get_app_config("legacy_auth").get_models()}
        table = difference.what.partition(".")[0]
        return difference.kind == "table" and difference.text == "is missing" and table in tables - {USERS}

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        found = []
        if not conf.KEY_SALT and _exists(connection, "serverpod_auth_key"):
            found.append(
                "LEGACY_AUTH_KEY_SALT is not set. If Serverpod's config/passwords.yaml has authKeySalt, set it to "
                "that. Otherwise, every device is signed out."
            )
        peppered = _exists(connection, "serverpod_email_auth", "WHERE hash LIKE '$%'")
        if not accounts_conf.SERVERPOD_PEPPERS and peppered:
            found.append(
                "SERVERPOD_PEPPERS is not set. If Serverpod's config/passwords.yaml has emailPasswordPepper, set it to "
                "that. Otherwise, passwords are refused."
            )
        return found

    def bring_over(self, connection: BaseDatabaseWrapper) -> list[str]:
        return bringing.bring_all().lines()


USERS = UserInfo._meta.db_table


def _exists(connection: BaseDatabaseWrapper, table: str, condition: str = "") -> bool:
    """Test for a row, where the table is there at all."""
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        cursor.execute(f"SELECT 1 FROM {table} {condition} LIMIT 1")
        return cursor.fetchone() is not None


adoption = LegacyAuth()
