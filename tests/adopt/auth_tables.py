"""The tables of Serverpod's modules serverpod_auth_core and serverpod_auth_idp, 3.0.0 to 4.0.0-beta.4.

Facts from the migrations of these modules, which are under the BSD licence, in our own text. The tables of the core
are the same in all versions. The first idp module had addresses, Apple, Google and passkeys.
"""

from __future__ import annotations

from collections.abc import Collection

USERS = {
    "core_user": [("createdAt", "t!"), ("scopeNames", "json!"), ("blocked", "boolean!")],
    "core_profile": [
        ("authUserId", "uuid!"),
        ("userName", "text"),
        ("fullName", "text"),
        ("email", "text"),
        ("createdAt", "now"),
        ("imageId", "uuid"),
    ],
    "core_profile_image": [
        ("userProfileId", "uuid!"),
        ("createdAt", "now"),
        ("storageId", "text!"),
        ("path", "text!"),
        ("url", "text!"),
    ],
}
SIGN_INS = {
    "core_session": [
        ("authUserId", "uuid!"),
        ("scopeNames", "json!"),
        ("createdAt", "now"),
        ("lastUsedAt", "now"),
        ("expiresAt", "t"),
        ("expireAfterUnusedFor", "bigint"),
        ("sessionKeyHash", "bytea!"),
        ("sessionKeySalt", "bytea!"),
        ("method", "text!"),
    ],
    "core_jwt_refresh_token": [
        ("authUserId", "uuid!"),
        ("scopeNames", "json!"),
        ("extraClaims", "text"),
        ("method", "text!"),
        ("fixedSecret", "bytea!"),
        ("rotatingSecretHash", "text!"),
        ("lastUpdatedAt", "now"),
        ("createdAt", "now"),
    ],
}
ACCOUNTS = {
    "email": [("createdAt", "t!"), ("email", "text!"), ("passwordHash", "text!")],
    "apple": [
        ("userIdentifier", "text!"),
        ("refreshToken", "text!"),
        ("refreshTokenRequestedWithBundleIdentifier", "boolean!"),
        ("lastRefreshedAt", "now"),
        ("createdAt", "t!"),
        ("email", "text"),
        ("isEmailVerified", "boolean"),
        ("isPrivateEmail", "boolean"),
        ("firstName", "text"),
        ("lastName", "text"),
    ],
    "google": [("created", "t!"), ("email", "text!"), ("userIdentifier", "text!")],
    "passkey": [
        ("createdAt", "t!"),
        ("keyId", "bytea!"),
        ("keyIdBase64", "text!"),
        ("clientDataJSON", "bytea!"),
        ("attestationObject", "bytea!"),
        ("originalChallenge", "bytea!"),
    ],
    "firebase": [("created", "t!"), ("email", "text"), ("phone", "text"), ("userIdentifier", "text!")],
    "anonymous": [("createdAt", "t!")],
    "github": [("userIdentifier", "text!"), ("email", "text"), ("created", "t!")],
    "microsoft": [("userIdentifier", "text!"), ("email", "text"), ("created", "t!")],
    "facebook": [
        ("createdAt", "t!"),
        ("userIdentifier", "text!"),
        ("email", "text"),
        ("fullName", "text"),
        ("firstName", "text"),
        ("lastName", "text"),
    ],
}
UNIQUE = {"email": "email", "passkey": "keyIdBase64", "anonymous": ""}
"""The column with a unique index, if it is not userIdentifier."""
VERSIONS = {
    "3.0": ("email", "apple", "google", "passkey"),
    "4.0": tuple(ACCOUNTS),
}
ATTEMPTS = (
    """CREATE TABLE serverpod_auth_idp_email_account_request (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "createdAt" timestamp NOT NULL DEFAULT now(), email text NOT NULL, "challengeId" uuid NOT NULL)""",
    """CREATE TABLE serverpod_auth_idp_rate_limited_request_attempt (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    domain text NOT NULL, source text NOT NULL, nonce text NOT NULL, "ipAddress" text,
    "attemptedAt" timestamp NOT NULL)""",
)
"""Tables without a foreign key to users, with the addresses that were entered."""
TYPES = {
    "t": "timestamp without time zone",
    "t!": "timestamp without time zone NOT NULL",
    "now": "timestamp without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP",
}
UUID_V7 = """
CREATE FUNCTION gen_random_uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE AS
    'SELECT overlay(gen_random_uuid()::text PLACING ''7'' FROM 15 FOR 1)::uuid';
"""
"""A function with the same name and type as Serverpod's."""

OLD_PASSWORDS = """
CREATE TABLE "serverpod_auth_bridge_email_password" ("id" uuid PRIMARY KEY DEFAULT gen_random_uuid_v7(),
    "emailAccountId" uuid NOT NULL, "hash" text NOT NULL);
"""
FILES = """
CREATE TABLE "serverpod_cloud_storage" ("id" bigserial PRIMARY KEY, "storageId" text NOT NULL, "path" text NOT NULL,
    "addedTime" timestamp without time zone NOT NULL, "expiration" timestamp without time zone,
    "byteData" bytea NOT NULL, "verified" boolean NOT NULL);
"""


def users() -> str:
    """The tables that are also models of Podium."""
    lines = [UUID_V7, *(_table(name, columns) for name, columns in USERS.items())]
    lines.append(
        'CREATE UNIQUE INDEX "serverpod_auth_profile_user_profile_email_auth_user_id"'
        ' ON "serverpod_auth_core_profile" USING btree ("authUserId");'
    )
    lines.append(_key("core_profile", "authUserId", "core_user", 0, "CASCADE"))
    lines.append(_key("core_profile", "imageId", "core_profile_image", 1, "NO ACTION"))
    lines.append(_key("core_profile_image", "userProfileId", "core_profile", 0, "CASCADE"))
    return "\n".join(lines)


def ways_in(accounts: Collection[str] = VERSIONS["4.0"]) -> str:
    """The other tables, with these kinds of accounts."""
    lines = []
    for name, columns in SIGN_INS.items():
        lines += [_table(name, columns), _key(name, "authUserId", "core_user", 0, "CASCADE")]
    for kind in accounts:
        name = f"idp_{kind}_account"
        lines += [
            _table(name, [("authUserId", "uuid!"), *ACCOUNTS[kind]]),
            _key(name, "authUserId", "core_user", 0, "CASCADE"),
        ]
        if column := UNIQUE.get(kind, "userIdentifier"):
            lines.append(
                f'CREATE UNIQUE INDEX "{kind}_unique" ON "serverpod_auth_{name}" USING btree ("{column}");'
            )
    return "\n".join(lines)


def names(accounts: Collection[str] = VERSIONS["4.0"]) -> list[str]:
    """The names of the tables of `ways_in`."""
    kinds = [f"idp_{kind}_account" for kind in accounts]
    return [f"serverpod_auth_{name}" for name in (*SIGN_INS, *kinds)]


def _table(name: str, columns: list[tuple[str, str]]) -> str:
    given = [f'"{column}" {TYPES.get(kind) or kind.replace("!", " NOT NULL")}' for column, kind in columns]
    lines = ['"id" uuid PRIMARY KEY DEFAULT gen_random_uuid_v7()', *given]
    return f'CREATE TABLE "serverpod_auth_{name}" ({", ".join(lines)});'


def _key(table: str, column: str, parent: str, number: int, on_delete: str) -> str:
    return (
        f'ALTER TABLE ONLY "serverpod_auth_{table}" ADD CONSTRAINT "serverpod_auth_{table}_fk_{number}"'
        f' FOREIGN KEY("{column}") REFERENCES "serverpod_auth_{parent}"("id")'
        f" ON DELETE {on_delete} ON UPDATE NO ACTION;"
    )
