"""Databases of Serverpod 1 to 4 move here with their rows: adoption, sign-in, reads, writes, changes, migrations."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import yaml
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

from podium.database.drift import catalog
from tests.adopt import auth_tables
from tests.adopt.checkout import Checkout, database_url
from tests.adopt.described import VERSIONS, Described, databases
from tests.adopt.their_server import PEPPER, REFRESH_PEPPER, SESSION_PEPPER, TheirServer
from tests.conformance.database import missing_extensions, scratch
from tests.database import serverpod
from tests.legacy_auth import serverpod as legacy
from tests.postgres import server

PASSWORD = "correct horse battery 7"
ENDPOINTS = """\
from typing import Any

from django.apps import apps

from accounts.endpoints.idp_email import EmailIdpBaseEndpoint
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class EmailIdpEndpoint(EmailIdpBaseEndpoint):
    pass


class RowsEndpoint(Endpoint):
    def all(self, call: Call, model: str) -> list[Any]:
        return list(apps.get_model("{app}", model).objects.order_by("pk"))

    def save(self, call: Call, model: str) -> int:
        rows = apps.get_model("{app}", model).objects.all()
        for row in rows:
            row.save()
        return len(rows)
"""


@dataclass
class Users:
    """Ben in Serverpod's tables: his ids, and the key in his phone. Empty without the module."""

    old_id: int = 0
    old_key: str = ""
    id: str = ""
    key: str = ""


@dataclass
class Moved:
    described: Described
    checkout: Checkout
    database: psycopg.Connection[Any]
    users: Users
    environment: dict[str, str]


def made(described: Described, database: psycopg.Connection[Any]) -> Users:
    """Create the database like Serverpod. Returns its users."""
    users = Users()
    if VERSIONS[described.serverpod]:
        database.execute(serverpod.OWN_TABLES)
        version = VERSIONS[described.serverpod]
        database.execute(
            "INSERT INTO serverpod_migrations (module, version) VALUES ('serverpod', %s)", [version]
        )
    if described.needs:
        database.execute(f"CREATE EXTENSION {described.needs}")
    if described.legacy:
        theirs = legacy.Database(database)
        theirs.run(as_old(legacy.TABLES, described.legacy))
        users.old_id = theirs.user("ben.old@example.com", name="Ben", scopes=["editor"])
        theirs.password(users.old_id, "ben.old@example.com")
        users.old_key = theirs.key(users.old_id, "k" * 40)
    if described.idp:
        database.execute(auth_tables.users())
        database.execute(auth_tables.ways_in(described.idp))
        there = TheirServer(lambda sql, values=(): rows(database, sql, values))
        ben = there.user("editor")
        there.email(ben, "ben@example.com", PASSWORD)
        users.id, users.key = str(ben), there.session(ben)
    with psycopg.ClientCursor(database) as cursor:  # several statements, with values
        cursor.execute(described.tables, {"ben": users.old_id, "user": users.id})
    return users


def as_old(tables: str, integers: str) -> str:
    """The tables of serverpod_auth, also in the form of Serverpod 1."""
    return (
        tables if integers == "bigint" else tables.replace("bigserial", "serial").replace("bigint", integers)
    )


def rows(database: psycopg.Connection[Any], sql: str, values: Any = ()) -> list[dict[str, Any]]:
    cursor = database.execute(sql, values or None)
    if cursor.description is None:
        return []
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture(params=databases(), ids=lambda described: described.name)
def moved(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, db: None
) -> Iterator[Moved]:
    described: Described = request.param
    if described.needs in missing_extensions(server()):
        pytest.skip(f"this Postgres has no {described.needs}")
    with scratch(server()) as connection:
        address = make_conninfo(server(), dbname=connection.info.dbname)
        with psycopg.connect(address, autocommit=True, row_factory=tuple_row) as database:
            checkout = Checkout(tmp_path_factory.mktemp("moved"), described.name, database_url(database.info))
            checkout.write({**described.models, "endpoints.py": ENDPOINTS.format(app=described.name)})
            assert checkout.generate() == []
            users = made(described, database)
            environment = {
                "SERVERPOD_TABLES": "true" if described.idp else "",
                "SERVERPOD_PEPPERS": f"{PEPPER},{legacy.PEPPER}",
                "SERVERPOD_SESSION_PEPPERS": SESSION_PEPPER,
                "SERVERPOD_REFRESH_PEPPERS": REFRESH_PEPPER,
                "LEGACY_AUTH": "true" if described.legacy else "",
                "LEGACY_CHAT": "true" if described.chat else "",
                "LEGACY_AUTH_KEY_SALT": legacy.SALT,
            }
            yield Moved(described, checkout, database, users, environment)


def test_a_database_moves_with_its_users_and_rows(moved: Moved) -> None:
    """Adopt, sign in with an old password and an old key, read, write, change a model, migrate."""
    classes = classes_of(moved.described.models)
    before = {table: contents(moved, table) for table in classes}
    sign_ins, was = sign_ins_of(moved.users), schema(moved)
    made, adopted, checked, way_back, *answers = moved.checkout.steps(
        {"command": ["makemigrations", moved.described.name, "--noinput"]},
        {"command": ["adopt"]},
        {"command": ["migrate", "--check"]},
        {"command": ["adopt", "--way-back"]},
        *sign_ins,
        *(call("rows/all", model=name) for name in classes.values()),
        *(call("rows/save", model=name) for name in classes.values()),
        **moved.environment,
    )
    assert made["status"] == adopted["status"] == checked["status"] == 0, adopted["output"]
    assert "Left to repair: 0." in adopted["output"]
    assert ("legacy_chat" in adopted["output"].splitlines()[0]) == moved.described.chat
    assert (schema_after(moved, way_back["output"]) == was) or moved.described.legacy
    signed_in, answers = answers[: len(sign_ins)], answers[len(sign_ins) :]
    assert [answer["status"] for answer in signed_in] == [200] * len(sign_ins), signed_in
    assert [accepted(answer["json"]) for answer in signed_in] == [True] * len(sign_ins)
    read, saved = answers[: len(classes)], answers[len(classes) :]
    assert [len(answer["json"]) for answer in read] == [len(before[table]) for table in classes]
    assert [answer["json"] for answer in saved] == [len(before[table]) for table in classes]
    assert {table: contents(moved, table) for table in classes} == before
    assert min(len(found) for found in before.values()) > 0
    with pytest.raises(psycopg.Error) if moved.described.adds else nullcontext():
        rows(moved.database, moved.described.written)
    assert change(moved, classes) == [200] * len(classes)


def change(moved: Moved, classes: dict[str, str]) -> list[int]:
    """Change a model, migrate, write values that were not possible before. Returns the statuses of reading all."""
    moved.checkout.write(moved.described.after)
    assert moved.checkout.generate() == []
    made, migrated, repaired = moved.checkout.steps(
        {"command": ["makemigrations", moved.described.name, "--noinput"]},
        {"command": ["migrate"]},
        {"command": ["repair", "--check"]},
        **moved.environment,
    )
    assert made["status"] == migrated["status"] == 0, made["output"] + migrated["output"]
    assert repaired["status"] == int(moved.described.legacy == "integer"), repaired["output"]
    [row] = rows(moved.database, moved.described.written)
    assert row is not None
    read = moved.checkout.steps(
        *(call("rows/all", model=name) for name in classes.values()), **moved.environment
    )
    return [answer["status"] for answer in read]


def classes_of(models: dict[str, str]) -> dict[str, str]:
    """Table -> class, of model files."""
    return {
        found["table"]: found["class"]
        for found in (yaml.safe_load(text) for text in models.values())
        if "table" in found
    }


def schema(moved: Moved) -> Any:
    """Its tables as Postgres describes them."""
    return catalog.read(moved.database.cursor())  # type: ignore[arg-type]


def schema_after(moved: Moved, statements: str) -> Any:
    """The same after these statements, with a check that no row of its own tables is lost; then rolled back."""
    tables = classes_of(moved.described.models)
    before = {table: contents(moved, table) for table in tables}
    with moved.database.transaction(force_rollback=True):
        moved.database.execute(statements.removeprefix("BEGIN;").strip().removesuffix("COMMIT;").encode())
        assert {table: contents(moved, table) for table in tables} == before
        return schema(moved)


def contents(moved: Moved, table: str) -> list[dict[str, Any]]:
    return rows(moved.database, f'SELECT * FROM "{table}" ORDER BY "id"')


def call(method: str, key: str = "", **arguments: Any) -> dict[str, Any]:
    return {"post": method, "json": arguments, "authorization": key}


def sign_ins_of(users: Users) -> list[dict[str, Any]]:
    """Sign in with an old password, and with the key in the phone."""
    calls = []
    if users.old_key:
        basic = base64.b64encode(users.old_key.encode()).decode()
        calls += [
            call("serverpod_auth.email/authenticate", email="ben.old@example.com", password=legacy.PASSWORD),
            call("serverpod_auth.status/isSignedIn", f"Basic {basic}"),
        ]
    if users.key:
        calls += [
            call("emailIdp/login", email="ben@example.com", password=PASSWORD),
            call("serverpod_auth_core.status/isSignedIn", f"Bearer {users.key}"),
        ]
    return calls


def accepted(answer: Any) -> bool:
    """Return whether an answer to one of these says so."""
    return answer is True or bool(answer.get("success") or answer.get("token"))
