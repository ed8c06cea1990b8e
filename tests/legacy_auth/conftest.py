"""Serverpod's database, adopted, and a server on it: once for all tests, which add their own users."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

from tests import processes
from tests.accounts import oidc_provider
from tests.accounts.oidc_provider import Provider
from tests.conformance.database import scratch
from tests.legacy_auth import serverpod
from tests.legacy_auth.serverpod import PEPPER, SALT, Database, LegacyUser
from tests.postgres import address
from tests.processes import Server

AGENT = "Dart/3.5 (dart:io)"
ROOT = Path(__file__).parent.parent.parent


@dataclass
class Answer:
    status: int
    value: Any


@dataclass
class Legacy:
    """The server, its database as Serverpod sees it, its mails, and the provider that it queries."""

    server: Server
    database: Database
    mails: Path
    provider: Provider
    environment: dict[str, str]
    users: dict[str, LegacyUser]
    said: str
    """The output of `manage.py adopt`."""

    def call(self, method: str, key: str | None = None, *, agent: str = AGENT, **arguments: Any) -> Answer:
        """Call "endpoint.method" as clients do since 2.1: the key in a header."""
        headers = {"user-agent": agent}
        if key is not None:
            headers["authorization"] = f"Basic {b64encode(key.encode()).decode()}"
        endpoint, _, name = method.rpartition(".")
        return self._post(f"{endpoint}/{name}", arguments, headers)

    def call_as_before(self, method: str, key: str | None = None, **arguments: Any) -> Answer:
        """The same like clients of 1.0 to 2.0: method and key in the body, no null."""
        endpoint, _, name = method.rpartition(".")
        body = {**arguments, "method": name} | ({"auth": key} if key is not None else {})
        return self._post(endpoint, body, {"user-agent": AGENT})

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Answer:
        answer = httpx.post(f"{self.server.url}/{path}", json=body, headers=headers, timeout=30)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return Answer(answer.status_code, answer.json() if is_json else answer.text)

    def sign_in(self, email: str, password: str = serverpod.PASSWORD) -> str:
        """Sign in like an app, and return the key that it stores."""
        value = self.call("serverpod_auth.email.authenticate", email=email, password=password).value
        assert value["success"], value
        return f"{value['keyId']}:{value['key']}"

    def code_for(self, email: str) -> str:
        """The code in the last mail to a user."""
        found = re.findall(r"^\s*(\d{8,})\s*$", self.mails_to(email)[-1], re.MULTILINE)
        assert len(found) == 1, self.mails_to(email)
        return str(found[0])

    def mails_to(self, email: str) -> list[str]:
        """The texts of all mails to a user, oldest first."""
        found = []
        for path in sorted(self.mails.iterdir(), key=lambda each: each.stat().st_mtime_ns):
            for part in path.read_bytes().split(b"-" * 79 + b"\n"):
                mail = message_from_bytes(part, policy=default)
                body = mail.get_body(("plain",)) if mail["To"] == email else None
                found += [body.get_content()] if body is not None else []
        return found

    def manage(self, *words: str) -> str:
        """Run manage.py on the same database. Returns its output."""
        return manage(self.environment, *words)

    def account_of(self, number: int) -> str:
        found = self.database.one(
            'SELECT "newAuthUserId" FROM serverpod_auth_migration_migrated_user WHERE "oldUserId" = %s',
            number,
        )
        return str(found)


def manage(environment: dict[str, str], *words: str) -> str:
    """Run manage.py. Returns its output."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Legacy]:
    folder = tmp_path_factory.mktemp("legacy")
    mails = folder / "mails"
    mails.mkdir()
    postgres, given = make_conninfo(address(), dbname="postgres"), processes.environment()
    with scratch(postgres) as connection, oidc_provider.running() as provider:
        connection.autocommit, connection.row_factory = True, tuple_row
        database = Database(connection)
        users = serverpod.make(database)
        more = {
            "DATABASE_URL": f"{given['DATABASE_URL'].rpartition('/')[0]}/{connection.info.dbname}",
            "DJANGO_SETTINGS_MODULE": "tests.legacy_auth.settings",
            "LEGACY_AUTH_KEY_SALT": SALT,
            "SERVERPOD_PEPPERS": PEPPER,
            "PROVIDER_URL": provider.url,
            "MAILS": str(mails),
            "MEDIA_ROOT": str(folder / "media"),
        }
        environment = given | more
        said = manage(environment, "adopt")
        with processes.server(folder, **more) as server:
            yield Legacy(server, database, mails, provider, environment, users, said)
