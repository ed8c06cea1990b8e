"""A database with the auth module of Serverpod 3 or 4 is adopted in place, without any effect on its users."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.adopt import auth_tables
from tests.adopt.their_server import PEPPER, REFRESH_PEPPER, SESSION_PEPPER, TheirServer
from tests.conformance.database import scratch
from tests.database import serverpod
from tests.postgres import address
from tests.processes import Server, environment, server

PODIUM = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery 7"
OLD = "2025-01-02 03:04:05.678901"
DIARY = """
CREATE TABLE diary (id bigserial PRIMARY KEY, "authUserId" uuid NOT NULL, "profileId" uuid, "text" text NOT NULL);
ALTER TABLE diary ADD CONSTRAINT diary_fk_0 FOREIGN KEY ("authUserId") REFERENCES serverpod_auth_core_user (id)
    ON DELETE CASCADE ON UPDATE NO ACTION;
ALTER TABLE diary ADD CONSTRAINT diary_fk_1 FOREIGN KEY ("profileId") REFERENCES serverpod_auth_core_profile (id)
    ON DELETE SET NULL ON UPDATE NO ACTION;
"""
PEPPERS = {
    "SERVERPOD_TABLES": "true",
    "SERVERPOD_PEPPERS": PEPPER,
    "SERVERPOD_SESSION_PEPPERS": SESSION_PEPPER,
    "SERVERPOD_REFRESH_PEPPERS": REFRESH_PEPPER,
}


class Database:
    """A database created by Serverpod, with the statements of its server."""

    def __init__(self, connection: psycopg.Connection[Any], version: str) -> None:
        connection.autocommit = True
        self.connection = connection
        self.theirs = TheirServer(self.execute)
        for sql in (auth_tables.users(), auth_tables.ways_in(auth_tables.VERSIONS[version]), DIARY):
            connection.execute(sql)
        connection.execute(serverpod.OWN_TABLES)

    def execute(self, sql: str, values: Any = ()) -> list[dict[str, Any]]:
        cursor = self.connection.cursor(row_factory=dict_row).execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []

    @property
    def url(self) -> str:
        return f"{environment()['DATABASE_URL'].rpartition('/')[0]}/{self.connection.info.dbname}"

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PODIUM,
            env={**environment(DATABASE_URL=self.url), **more},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def theirs_untouched(self) -> list[Any]:
        """Every row of the tables that belong only to Serverpod, with the transactions that wrote them."""
        names = auth_tables.names()
        return [self.execute(f"SELECT t.xmin::text, t.* FROM {name} t ORDER BY id") for name in names]


@dataclass
class Adopted:
    database: Database
    ben: uuid.UUID
    blocked: uuid.UUID
    key: str
    refresh_token: str
    said: str
    before: list[Any]


@pytest.fixture(scope="module")
def adopted(django_db_setup: None) -> Iterator[Adopted]:
    with scratch(address()) as connection:
        database = Database(connection, "4.0")
        theirs = database.theirs
        ben, blocked = theirs.user("editor"), theirs.user(blocked=True)
        theirs.email(ben, "Ben@Example.com", PASSWORD)
        theirs.email(blocked, "blocked@example.com", PASSWORD)
        theirs.insert(
            "idp_google_account", authUserId=ben, created=OLD, email="b@gmail.com", userIdentifier="g"
        )
        database.execute(
            'INSERT INTO diary ("authUserId", "profileId", "text")'
            ' SELECT "authUserId", id, \'hello\' FROM serverpod_auth_core_profile WHERE "authUserId" = %s',
            [ben],
        )
        key, refresh_token = theirs.session(ben), theirs.refresh_token(ben)
        before = database.theirs_untouched()
        done = database.manage("adopt")
        assert done.returncode == 0, done.stdout + done.stderr
        yield Adopted(database, ben, blocked, key, refresh_token, done.stdout, before)


@pytest.fixture(scope="module")
def running(adopted: Adopted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with server(folder, DATABASE_URL=adopted.database.url, **PEPPERS) as running:
        yield running


def post(running: Server, path: str, token: str = "", **arguments: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.post(f"{running.url}/{path}", json=arguments, headers=headers, timeout=30)


def test_adoption_reports_rows_taken_over_and_missing_settings(adopted: Adopted) -> None:
    assert "addresses: 3, passwords: 2, google accounts: 1, names: 2, scopes: 1" in adopted.said
    missing = [
        "SERVERPOD_PEPPERS (emailSecretHashPepper in config/passwords.yaml): without it 2 passwords do not work",
        "SERVERPOD_SESSION_PEPPERS (serverSideSessionKeyHashPepper in config/passwords.yaml): without it 1 ",
        "SERVERPOD_REFRESH_PEPPERS (jwtRefreshTokenHashPepper in config/passwords.yaml): without it 1 ",
        "SERVERPOD_TABLES=true: without it 2 devices are signed out",
        "ACCOUNTS_GOOGLE (docs/how-to/sign-in-providers.md): without it 1 accounts at Google can't sign in",
    ]
    assert [text for text in missing if text not in adopted.said] == []
    assert "Adopted: accounts. Left to repair: 0." in adopted.said


def test_no_row_of_serverpods_is_changed(adopted: Adopted) -> None:
    assert adopted.database.theirs_untouched() == adopted.before
    [row] = adopted.database.execute(
        'SELECT count(*) AS n FROM diary d JOIN serverpod_auth_core_user u ON u.id = d."authUserId"'
    )
    assert row["n"] == 1


def test_the_database_matches_the_models_and_can_be_adopted_again(adopted: Adopted) -> None:
    checked = adopted.database.manage("repair", "--check")
    assert checked.returncode == 0, checked.stdout
    again = adopted.database.manage("adopt", "--format", "json", **PEPPERS)
    assert json.loads(again.stdout)["brought_over"] == ["nothing new"]
    assert adopted.database.theirs_untouched() == adopted.before


def test_old_passwords_keys_and_tokens_work(adopted: Adopted, running: Server) -> None:
    success = post(running, "emailIdp/login", email="ben@example.com", password=PASSWORD).json()
    assert (success["authUserId"], success["scopeNames"]) == (str(adopted.ben), ["editor"])
    for token in (adopted.key, success["token"]):
        assert post(running, "serverpod_auth_core.status/isSignedIn", token).json() is True
    assert adopted.database.theirs.knows_session(success["token"]) == adopted.ben
    refreshed = post(running, "jwtRefresh/refreshAccessToken", refreshToken=adopted.refresh_token).json()
    assert refreshed["authUserId"] == str(adopted.ben)
    assert adopted.database.theirs.rotates(refreshed["refreshToken"]) is not None
    refused = post(running, "emailIdp/login", email="ben@example.com", password="wrong horse 1")
    assert refused.status_code == 400


def test_blocked_users_stay_blocked(adopted: Adopted, running: Server) -> None:
    refused = post(running, "emailIdp/login", email="blocked@example.com", password=PASSWORD)
    assert refused.status_code == 400 and "AuthUserBlockedException" in refused.text
    [row] = adopted.database.execute(
        "SELECT is_active FROM serverpod_auth_core_user WHERE id = %s", [adopted.blocked]
    )
    assert row["is_active"] is False


def test_serverpods_statements_still_work_and_its_new_users_sign_in_here(
    adopted: Adopted, running: Server
) -> None:
    theirs = adopted.database.theirs
    new = theirs.user()
    theirs.email(new, "new@example.com", PASSWORD)
    assert (
        post(running, "serverpod_auth_core.status/isSignedIn", theirs.session(new, salted=True)).json()
        is True
    )
    success = post(running, "emailIdp/login", email="new@example.com", password=PASSWORD).json()
    assert success["authUserId"] == str(new)
    theirs.block(new)
    assert post(running, "emailIdp/login", email="new@example.com", password=PASSWORD).status_code == 400
    theirs.delete(new)
    assert (
        adopted.database.execute("SELECT 1 FROM account_emailaddress WHERE email = 'new@example.com'") == []
    )


def test_a_database_of_the_first_version_is_adopted_too(django_db_setup: None) -> None:
    with scratch(address()) as connection:
        database = Database(connection, "3.0")
        ben = database.theirs.user("reader")
        database.theirs.email(ben, "ben@example.com", PASSWORD)
        done = database.manage("adopt", **PEPPERS)
        assert done.returncode == 0 and "addresses: 1, passwords: 1" in done.stdout, done.stdout + done.stderr
        [row] = database.execute("SELECT email, password FROM serverpod_auth_core_user")
        assert row["email"] == "ben@example.com" and row["password"].startswith("serverpod$argon2id$")
