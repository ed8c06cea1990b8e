"""A database that Serverpod's server uses at the same time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from accounts.passwords import hashers
from accounts.serverpod import deleting, tables
from tests.accounts.conftest import anna, call, fresh_limits, later  # noqa: F401
from tests.adopt import auth_tables
from tests.adopt.steps import PASSWORD
from tests.adopt.their_server import PEPPER, REFRESH_PEPPER, SESSION_PEPPER, TheirServer


@pytest.fixture
def theirs(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TheirServer]:
    """Serverpod's server on the same database."""
    with connection.cursor() as cursor:
        cursor.execute(auth_tables.ways_in())
    deleting.install()
    settings.ACCOUNTS_SERVERPOD_PEPPERS = [PEPPER, "an older one"]
    settings.ACCOUNTS_SERVERPOD_SESSION_PEPPERS = [SESSION_PEPPER]
    settings.ACCOUNTS_SERVERPOD_REFRESH_PEPPERS = [REFRESH_PEPPER]
    settings.ACCOUNTS_SERVERPOD_TABLES = True
    first = "accounts.passwords.hashers.ServerpodArgon2"
    settings.PASSWORD_HASHERS = sorted(settings.PASSWORD_HASHERS, key=lambda name: name != first)
    monkeypatch.setattr(hashers.ServerpodArgon2, "memory_cost", 64)
    yield TheirServer(execute)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {', '.join(auth_tables.names())}")
        cursor.execute(f"DROP FUNCTION {deleting.NAME} CASCADE")
    tables.forget()


@pytest.fixture
def ben(theirs: TheirServer) -> uuid.UUID:
    """A user created by Serverpod."""
    user = theirs.user()
    theirs.email(user, "Ben@example.com", PASSWORD)
    return user


def execute(sql: str, values: Any = ()) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if cursor.description is None:
            return []
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
