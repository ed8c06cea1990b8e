"""Accounts in a database of Serverpod 3 or 4: Podium uses its tables of users and profiles.

Adds the tables that only Podium has, and the columns of Django's user. Brings over the sign-in methods of Serverpod's
users. Serverpod's own tables stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.conf import conf
from accounts.models import User, UserProfile, UserProfileImage
from accounts.providers import registry
from accounts.serverpod import deleting, tables
from accounts.serverpod import users as serverpod_users
from podium.database.adoption import Part
from podium.database.drift.difference import Difference

USERS = User._meta.db_table
SHARED = {model._meta.db_table for model in (User, UserProfile, UserProfileImage)}
SERVERPODS_COLUMNS = {"id", "createdAt", "scopeNames", "blocked"}
SECRETS = {  # table -> the setting, its name in Serverpod's config/passwords.yaml, its purpose
    tables.EMAIL_ACCOUNTS: ("SERVERPOD_PEPPERS", "emailSecretHashPepper", "passwords"),
    tables.SESSIONS: ("SERVERPOD_SESSION_PEPPERS", "serverSideSessionKeyHashPepper", "devices' sessions"),
    tables.REFRESH_TOKENS: (
        "SERVERPOD_REFRESH_PEPPERS",
        "jwtRefreshTokenHashPepper",
        "devices' refresh tokens",
    ),
}
"""Settings that are read from environment variables of the same names."""


class Accounts(Part):
    runs = ("0007_passkey_credentials", "0013_blocked_and_active")
    writes = ("auth", "account", "socialaccount", "mfa")

    def adds(self, difference: Difference) -> bool:
        if difference.text != "is missing":
            return False
        table, _, name = difference.what.partition(".")
        if difference.kind == "table":
            return table in _tables() - SHARED
        if difference.kind == "column":
            columns = {field.column for field in User._meta.concrete_fields}
            return table == USERS and name in columns - SERVERPODS_COLUMNS
        return table == USERS  # the indexes and the check of these columns

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        if connection.alias != DEFAULT_DB_ALIAS or not tables.exists(USERS):
            return []
        return [*_missing_secrets(), *_missing_providers()]

    def bring_over(self, connection: BaseDatabaseWrapper) -> list[str]:
        if connection.alias != DEFAULT_DB_ALIAS:
            return [f"users of {connection.alias} are not imported: they are in {DEFAULT_DB_ALIAS}"]
        if not tables.exists(tables.SESSIONS):
            return []
        deleting.install()
        report = serverpod_users.everyone()
        counts = [f"{kind}: {count}" for kind, count in report.counts.items() if count]
        return [", ".join(counts) or "nothing new", *report.notes]


def _missing_secrets() -> Iterator[str]:
    for table, (setting, name, what) in SECRETS.items():
        if (count := _count(table)) and not getattr(conf, setting):
            yield f"{setting} ({name} in config/passwords.yaml): without it {count} {what} do not work"
    sessions, refresh_tokens = _count(tables.SESSIONS), _count(tables.REFRESH_TOKENS)
    if (devices := sessions + refresh_tokens) and not conf.SERVERPOD_TABLES:
        yield f"SERVERPOD_TABLES=true: without it {devices} devices are signed out, and the servers share no sign-ins"
    strategy = "jwt" if refresh_tokens > sessions else "session"
    if devices and strategy != conf.SESSION_STRATEGY:
        yield (
            f'ACCOUNTS_SESSION_STRATEGY = "{strategy}" in config/settings.py, as in Serverpod: without it '
            "new sign-ins here get keys of the other kind, which Serverpod may refuse"
        )


def _missing_providers() -> Iterator[str]:
    for name in tables.providers():
        provider = registry.every()[name]
        if provider.faults(provider.given()) and (count := _count(tables.accounts_of(name))):
            yield (
                f"{provider.setting()} (docs/how-to/sign-in-providers.md): "
                f"without it {count} accounts at {provider.label} can't sign in"
            )
    if count := _count(tables.PASSKEYS):
        [passkey] = tables.rows(f'SELECT "attestationObject" FROM {tables.PASSKEYS} LIMIT 1')
        if not serverpod_users.is_passkey_of(bytes(passkey["attestationObject"]), conf.PASSKEY_RP_ID):
            yield (
                f"PASSKEY_RP_ID (passkeyHostname in config/passwords.yaml): without it {count} passkeys do not work"
            )


def _count(table: str) -> int:
    if not tables.exists(table):
        return 0
    [row] = tables.rows(f"SELECT count(*) AS n FROM {table}")
    return int(row["n"])


def _tables() -> set[str]:
    models = apps.get_app_config("accounts").get_models(include_auto_created=True)
    return {model._meta.db_table for model in models}


adoption = Accounts()
