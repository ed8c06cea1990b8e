"""A database as Serverpod 1 or 2 left it: the tables of serverpod_auth and serverpod_chat, and some users.

The columns are those of the modules' own migrations. No app's tables are needed: those are tested elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.accounts.passwords.test_hashers import argon2_tag

SALT, PEPPER = "the salt of the keys", "the pepper"
PASSWORD = "sieben Wale und ein Hai"
CREATED = datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)
APPLE_ID = "001234.0123456789abcdef0123456789abcdef.0123"
FIREBASE_ID = "Vn3kQpZx0aBcDeFgHiJkLmNoPqR2"

TABLES = """
CREATE TABLE serverpod_user_info (id bigserial PRIMARY KEY, "userIdentifier" text NOT NULL, "userName" text,
    "fullName" text, email text, created timestamp NOT NULL, "imageUrl" text, "scopeNames" json NOT NULL,
    blocked boolean NOT NULL);
CREATE UNIQUE INDEX serverpod_user_info_user_identifier ON serverpod_user_info ("userIdentifier");
CREATE INDEX serverpod_user_info_email ON serverpod_user_info (email);
CREATE TABLE serverpod_user_image (id bigserial PRIMARY KEY, "userId" bigint NOT NULL, version bigint NOT NULL,
    url text NOT NULL);
CREATE INDEX serverpod_user_image_user_id ON serverpod_user_image ("userId", version);
CREATE TABLE serverpod_auth_key (id bigserial PRIMARY KEY, "userId" bigint NOT NULL, hash text NOT NULL,
    "scopeNames" json NOT NULL, method text NOT NULL);
CREATE INDEX "serverpod_auth_key_userId_idx" ON serverpod_auth_key ("userId");
CREATE TABLE serverpod_email_auth (id bigserial PRIMARY KEY, "userId" bigint NOT NULL, email text NOT NULL,
    hash text NOT NULL);
CREATE UNIQUE INDEX serverpod_email_auth_email ON serverpod_email_auth (email);
CREATE TABLE serverpod_email_create_request (id bigserial PRIMARY KEY, "userName" text NOT NULL, email text NOT NULL,
    hash text NOT NULL, "verificationCode" text NOT NULL);
CREATE UNIQUE INDEX serverpod_email_auth_create_account_request_idx ON serverpod_email_create_request (email);
CREATE TABLE serverpod_email_failed_sign_in (id bigserial PRIMARY KEY, email text NOT NULL, time timestamp NOT NULL,
    "ipAddress" text NOT NULL);
CREATE INDEX serverpod_email_failed_sign_in_email_idx ON serverpod_email_failed_sign_in (email);
CREATE INDEX serverpod_email_failed_sign_in_time_idx ON serverpod_email_failed_sign_in (time);
CREATE TABLE serverpod_email_reset (id bigserial PRIMARY KEY, "userId" bigint NOT NULL,
    "verificationCode" text NOT NULL, expiration timestamp NOT NULL);
CREATE UNIQUE INDEX serverpod_email_reset_verification_idx ON serverpod_email_reset ("verificationCode");
CREATE TABLE serverpod_google_refresh_token (id bigserial PRIMARY KEY, "userId" bigint NOT NULL,
    "refreshToken" text NOT NULL);
CREATE UNIQUE INDEX "serverpod_google_refresh_token_userId_idx" ON serverpod_google_refresh_token ("userId");
CREATE TABLE serverpod_chat_message (id bigserial PRIMARY KEY, channel text NOT NULL, message text NOT NULL,
    time timestamp NOT NULL, sender bigint NOT NULL, removed boolean NOT NULL, attachments json);
CREATE INDEX serverpod_chat_message_channel_idx ON serverpod_chat_message (channel);
CREATE TABLE serverpod_chat_read_message (id bigserial PRIMARY KEY, channel text NOT NULL, "userId" bigint NOT NULL,
    "lastReadMessageId" bigint NOT NULL);
CREATE UNIQUE INDEX serverpod_chat_read_message_channel_user_idx ON serverpod_chat_read_message (channel, "userId");
"""


class Database:
    """A connection, with methods that write like Serverpod's server."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def one(self, query: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.connection.execute(query, values).fetchone()
        return row[0] if row else None

    def run(self, query: str, *values: Any) -> None:
        self.connection.execute(query, values)

    def user(self, email: str | None, *, identifier: str = "", name: str | None = None, **more: Any) -> int:
        """Insert a row of serverpod_user_info. Returns its number."""
        row = {"fullName": None, "imageUrl": None, "scopes": [], "blocked": False} | more
        number = self.one(
            """INSERT INTO serverpod_user_info ("userIdentifier", "userName", "fullName", email, created, "imageUrl",
            "scopeNames", blocked) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
            *(identifier or email, name, row["fullName"], email, CREATED.replace(tzinfo=None)),
            *(row["imageUrl"], json.dumps(row["scopes"]), row["blocked"]),
        )
        return int(number)

    def password(self, number: int, email: str, stored: str = "") -> None:
        self.run(
            'INSERT INTO serverpod_email_auth ("userId", email, hash) VALUES (%s, %s, %s)',
            *(number, email, stored or argon2id(PASSWORD)),
        )

    def key(self, number: int, secret: str, *, scopes: list[str] | None = None, method: str = "email") -> str:
        """Insert a signed-in device. Returns the key that is in the phone."""
        id = self.one(
            'INSERT INTO serverpod_auth_key ("userId", hash, "scopeNames", method) VALUES (%s, %s, %s, %s) '
            "RETURNING id",
            *(number, key_hash(secret), json.dumps(scopes or []), method),
        )
        return f"{id}:{secret}"


@dataclass(frozen=True)
class LegacyUser:
    """A user whom the adoption finds. `key` is in their phone."""

    number: int
    email: str
    key: str = ""


def make(database: Database) -> dict[str, LegacyUser]:
    """The tables, and users with every kind of password and identity."""
    database.run(TABLES)
    users: dict[str, LegacyUser] = {}

    def add(
        name: str,
        stored: str = "",
        *,
        keys: Sequence[tuple[str, list[str]]] = (),
        method: str = "email",
        **more: Any,
    ) -> None:
        email = more.pop("email", f"{name}@example.com")
        number = database.user(email, name=name.capitalize(), **more)
        if stored:
            database.password(number, email, stored)
        made = [database.key(number, secret, scopes=scopes, method=method) for secret, scopes in keys]
        users[name] = LegacyUser(number, email, made[0] if made else "")

    editor = ["editor"]
    picture = "https://old.example.com/serverpod/user_images/1-1.jpg"
    add(
        "anna",
        argon2id(PASSWORD),
        keys=[("a" * 40, editor)],
        scopes=editor,
        fullName="Anna Arendt",
        imageUrl=picture,
    )
    add("narrow", argon2id(PASSWORD), keys=[("n" * 40, [])], scopes=editor)
    add("old", sha256(PASSWORD, "old@example.com"))
    add("moved", argon2id(sha256(PASSWORD, "moved@example.com"), "migratedLegacy"))
    add("reset", "no kind of hash")
    add("blocked", argon2id(PASSWORD), keys=[("b" * 40, [])], blocked=True)
    add("root", argon2id(PASSWORD), keys=[("r" * 40, ["serverpod.admin"])], scopes=["serverpod.admin"])
    add("google", email="google@gmail.com", keys=[("g" * 40, [])], method="google")
    add("work", email="work@firm.example", method="google")
    add("apple", email="apple@icloud.com", identifier=APPLE_ID)
    add("fire", identifier=FIREBASE_ID)
    add("nameless", email=None, identifier="another-id-of-firebase")
    database.run(
        """INSERT INTO serverpod_email_reset ("userId", "verificationCode", expiration) VALUES (1, 'abcdefgh', now());
        INSERT INTO serverpod_email_create_request ("userName", email, hash, "verificationCode")
            VALUES ('x', 'x@example.com', 'x', 'abcdefgh');
        INSERT INTO serverpod_email_failed_sign_in (email, time, "ipAddress") VALUES ('x@example.com', now(), '::1');
        INSERT INTO serverpod_user_image ("userId", version, url) VALUES (1, 1, 'https://old.example.com/1-1.jpg');
        INSERT INTO serverpod_google_refresh_token ("userId", "refreshToken") VALUES (1, '{}');
        INSERT INTO serverpod_chat_message (channel, message, time, sender, removed, attachments) VALUES
            ('whales', 'Hello', now(), 1, false, '[{"fileName": "a.png", "url": "https://x/a.png",
            "contentType": "image/png"}]')"""
    )
    return users


def key_hash(secret: str) -> str:
    return hashlib.sha256((SALT + secret).encode()).hexdigest()


def argon2id(password: str, kind: str = "argon2id") -> str:
    tag = argon2_tag(password, b"Ab1Cd2Ef3Gh4Ij5K", PEPPER, 256, lanes=1)
    return f"${kind}$Ab1Cd2Ef3Gh4Ij5K${base64.b64encode(tag).decode()}"


def sha256(password: str, email: str) -> str:
    return hashlib.sha256(f"{password}serverpod password salt:{email}".encode()).hexdigest()
