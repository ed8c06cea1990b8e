"""The start of the test server without DATABASE_URL."""

from __future__ import annotations

import secrets

import psycopg
import pytest
from psycopg import sql

from podium.dev import paths
from tests.processes import environment
from tests.testserver import build
from tests.testserver.__main__ import own_database


def test_the_second_start_uses_the_database_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    server = environment()["DATABASE_URL"].rpartition("/")[0]
    name = f"testserver_{secrets.token_hex(4)}"
    monkeypatch.setattr(paths, "database_url", lambda: f"{server}/postgres")
    monkeypatch.setattr(build, "DATABASE", name)
    try:
        addresses = {own_database(), own_database()}
        assert addresses == {f"{server}/{name}"}
        with psycopg.connect(addresses.pop()) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == (name,)
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
