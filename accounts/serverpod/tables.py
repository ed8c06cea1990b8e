"""Names of the tables of Serverpod's auth modules, which are not models here, and SQL for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from accounts.conf import conf
from accounts.providers import registry

USERS = "serverpod_auth_core_user"
SESSIONS = "serverpod_auth_core_session"
REFRESH_TOKENS = "serverpod_auth_core_jwt_refresh_token"
EMAIL_ACCOUNTS = "serverpod_auth_idp_email_account"
LEGACY_USERS = "serverpod_user_info"
OLD_PASSWORDS = "serverpod_auth_bridge_email_password"
"""Passwords of users whom Serverpod moved from its older module, and who have not signed in since."""
PASSKEYS = "serverpod_auth_idp_passkey_account"
ANONYMOUS = "serverpod_auth_idp_anonymous_account"
FILES = "serverpod_cloud_storage"
ATTEMPTS = {
    "serverpod_auth_idp_email_account_request": "email",
    "serverpod_auth_idp_rate_limited_request_attempt": "nonce",
}
"""Tables of sign-ups and attempts, with their address columns."""
NEEDED = (SESSIONS, REFRESH_TOKENS)
"""Tables that every version has."""


def providers() -> list[str]:
    """The providers whose accounts Serverpod stores. Its names are the same as allauth's."""
    return list(registry.names_in("serverpod").values())


def unverified() -> list[str]:
    """The providers whose addresses nobody has verified. Serverpod stores them, too, also in the profile."""
    return [name for name in providers() if not registry.every()[name].verifies_addresses]


def accounts_of(provider: str) -> str:
    """The table of a provider's accounts. It exists only in some versions of Serverpod."""
    return f"serverpod_auth_idp_{provider}_account"


def in_use() -> bool:
    """Test whether a Serverpod 3 or 4 server uses this database: by the setting, and by its tables."""
    return bool(conf.SERVERPOD_TABLES) and has(SESSIONS)


def has(table: str) -> bool:
    """Test whether a table exists. The result is cached once it does."""
    if table not in _known and exists(table):
        _known.add(table)
    return table in _known


_known: set[str] = set()


def forget() -> None:
    """Clear the cache of existing tables, after they were dropped."""
    _known.clear()


def exists(table: str) -> bool:
    return bool(rows("SELECT 1 AS here WHERE to_regclass(%s) IS NOT NULL", [table]))


def rows(sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run a query; returns a dictionary for each row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run(sql: str, values: Sequence[Any] = ()) -> int:
    """Run a statement. Returns the number of affected rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def moment(stored: datetime) -> datetime:
    """Read a time of Serverpod's, whose columns have no zone and mean UTC."""
    return stored.replace(tzinfo=UTC)


def stored(moment: datetime) -> datetime:
    """Return a time as Serverpod stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None)
