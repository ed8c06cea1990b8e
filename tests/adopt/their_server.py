"""Serverpod's server as its database sees it: the statements it sends, and its checks of the rows it reads.

It can't be run here, so this follows its BSD modules, in our own words. Nothing here uses Podium's code.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

PEPPER, SESSION_PEPPER, REFRESH_PEPPER = "pepper of passwords", "pepper of sessions", "pepper of tokens"
Execute = Callable[..., list[dict[str, Any]]]


class TheirServer:
    """execute(sql, values) runs a statement and returns its rows."""

    def __init__(self, execute: Execute) -> None:
        self.execute = execute

    # Writes ---------------------------------------------------------------------------------------------------------

    def user(self, *scopes: str, blocked: bool = False) -> uuid.UUID:
        [row] = self.execute(
            'INSERT INTO "serverpod_auth_core_user" ("createdAt", "scopeNames", "blocked") VALUES (%s, %s, %s)'
            ' RETURNING "serverpod_auth_core_user"."id", "createdAt", "scopeNames", "blocked"',
            [_now(), json.dumps(scopes), blocked],
        )
        self.insert("core_profile", authUserId=row["id"], userName="From Serverpod")
        return uuid.UUID(str(row["id"]))

    def email(self, user: uuid.UUID, email: str, password: str) -> None:
        self.insert(
            "idp_email_account",
            authUserId=user,
            createdAt=_now(),
            email=email.strip().lower(),
            passwordHash=_argon2(password.encode(), PEPPER),
        )

    def new_password(self, email: str, password: str) -> None:
        self.execute(
            'UPDATE "serverpod_auth_idp_email_account" SET "passwordHash" = %s WHERE "email" = %s',
            [_argon2(password.encode(), PEPPER), email],
        )

    def session(self, user: uuid.UUID, *, salted: bool = False, scopes: str = "[]", **columns: Any) -> str:
        """A new session's key. salted: hashed as in 4.0 and later."""
        secret, salt = secrets.token_bytes(32), secrets.token_bytes(16)
        id = uuid.uuid4()
        self.insert(
            "core_session",
            **{"id": id, "authUserId": user, "scopeNames": scopes, "method": "email", "sessionKeySalt": salt},
            sessionKeyHash=_session_hash(secret, salt, salted),
            **columns,
        )
        return base64.urlsafe_b64encode(b"sas" + id.bytes + secret).decode()

    def refresh_token(self, user: uuid.UUID, **columns: Any) -> str:
        id, fixed, rotating = uuid.uuid4(), secrets.token_bytes(16), secrets.token_bytes(64)
        self.insert(
            "core_jwt_refresh_token",
            **{"id": id, "authUserId": user, "scopeNames": "[]", "method": "email", "fixedSecret": fixed},
            rotatingSecretHash=_argon2(rotating, REFRESH_PEPPER),
            **columns,
        )
        return _refresh_text(id, fixed, rotating)

    def block(self, user: uuid.UUID, blocked: bool = True) -> None:
        """Update a row with all columns that it knows."""
        self.execute(
            'UPDATE "serverpod_auth_core_user" SET "createdAt" = "createdAt", "scopeNames" = "scopeNames",'
            ' "blocked" = %s WHERE "id" = %s',
            [blocked, user],
        )

    def scopes(self, user: uuid.UUID, *names: str) -> None:
        self.execute(
            'UPDATE "serverpod_auth_core_user" SET "scopeNames" = %s, "blocked" = "blocked" WHERE "id" = %s',
            [json.dumps(names), user],
        )

    def delete(self, user: uuid.UUID) -> None:
        self.execute('DELETE FROM "serverpod_auth_core_user" WHERE "id" = %s', [user])

    def insert(self, table: str, **columns: Any) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join(["%s"] * len(columns))
        self.execute(
            f'INSERT INTO "serverpod_auth_{table}" ({names}) VALUES ({marks})', list(columns.values())
        )

    # Checks ---------------------------------------------------------------------------------------------------------

    def signs_in(self, email: str, password: str) -> uuid.UUID | None:
        """The user that it signs in with an address and a password."""
        for row in self.execute(
            'SELECT * FROM "serverpod_auth_idp_email_account" WHERE "email" = %s', [email.strip().lower()]
        ):
            if _is_argon2_of(row["passwordHash"], password.encode(), PEPPER):
                return uuid.UUID(str(row["authUserId"]))
        return None

    def knows_session(self, key: str) -> uuid.UUID | None:
        """The user of a session's key."""
        data = base64.urlsafe_b64decode(key)
        assert data[:3] == b"sas"
        for row in self.execute(
            'SELECT * FROM "serverpod_auth_core_session" WHERE "id" = %s', [uuid.UUID(bytes=data[3:19])]
        ):
            stored, salt = bytes(row["sessionKeyHash"]), bytes(row["sessionKeySalt"])
            if stored == _session_hash(data[19:], salt, len(stored) == 65):
                return uuid.UUID(str(row["authUserId"]))
        return None

    def rotates(self, text: str) -> str | None:
        """The next refresh token; None if it refuses this one, which then ends the sign-in."""
        prefix, id, fixed, rotating = text.split(":")
        assert prefix == "sajrt"
        key = uuid.UUID(bytes=base64.b64decode(id))
        for row in self.execute(
            'SELECT * FROM "serverpod_auth_core_jwt_refresh_token" WHERE "id" = %s', [key]
        ):
            assert bytes(row["fixedSecret"]) == base64.b64decode(fixed)
            if not _is_argon2_of(row["rotatingSecretHash"], base64.b64decode(rotating), REFRESH_PEPPER):
                self.execute('DELETE FROM "serverpod_auth_core_jwt_refresh_token" WHERE "id" = %s', [key])
                return None
            following = secrets.token_bytes(64)
            self.execute(
                'UPDATE "serverpod_auth_core_jwt_refresh_token" SET "rotatingSecretHash" = %s, "lastUpdatedAt" = %s'
                ' WHERE "id" = %s',
                [_argon2(following, REFRESH_PEPPER), _now(), key],
            )
            return _refresh_text(key, base64.b64decode(fixed), following)
        return None


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _session_hash(secret: bytes, salt: bytes, salted: bool) -> bytes:
    pepper = SESSION_PEPPER.encode()
    if salted:
        return b"\x01" + hashlib.sha512(secret + salt + pepper).digest()
    return hashlib.sha512(secret + pepper).digest()


def _refresh_text(id: uuid.UUID, fixed: bytes, rotating: bytes) -> str:
    return ":".join(["sajrt", *(base64.b64encode(part).decode() for part in (id.bytes, fixed, rotating))])


def _argon2(secret: bytes, pepper: str) -> str:
    """A hash as in its database, but fast."""
    salt = secrets.token_bytes(16)
    made = _derive(secret, pepper, salt, memory=64, passes=1, lanes=2)
    return f"$argon2id$v=19$m=64,t=1,p=2${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def _is_argon2_of(stored: str, secret: bytes, pepper: str) -> bool:
    """As strict as Serverpod: six parts, and base64 with its padding."""
    nothing, kind, version, given, salt, made = stored.split("$")
    assert (nothing, kind, version) == ("", "argon2id", "v=19"), stored
    memory, passes, lanes = (int(part.partition("=")[2]) for part in given.split(","))
    derived = _derive(
        secret, pepper, base64.b64decode(salt, validate=True), memory=memory, passes=passes, lanes=lanes
    )
    return derived == base64.b64decode(made, validate=True)


def _derive(secret: bytes, pepper: str, salt: bytes, *, memory: int, passes: int, lanes: int) -> bytes:
    return Argon2id(
        salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory, secret=pepper.encode()
    ).derive(secret)
