"""Serverpod's refresh tokens: existing ones keep working, and new ones work on both servers.

A token is "sajrt", the id, a fixed secret and a rotating one, in base64 with colons between. Serverpod stores the fixed
secret in plain, and Argon2id of the rotating one. Here the sign-in is a Session with the same id, and its chain of
secrets is that of refresh_tokens.py, which handles reuse and lost responses.
Source: serverpod_auth_core_server, refresh_token_string.dart, jwt_admin.dart.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.conf import conf
from accounts.models import Session, Strategy
from accounts.passwords import hashers
from accounts.protocol import RefreshTokenExpiredException
from accounts.second_factor import factors
from accounts.serverpod import tables
from accounts.sessions import lifetimes
from podium.core import clock

PREFIX = "sajrt:"
MAX_LENGTH = 1024
FIXED_BYTES, SECRET_BYTES = 16, 32
NOT_FRESH = timedelta(days=1)
"""Maximum age of a sign-in that was taken over. ACCOUNTS_REFRESH_TOKEN_MAX_DAYS counts from there."""
QUICK = {"memory_cost": 8, "time_cost": 1, "parallelism": 1}
"""For secrets of 32 random bytes, which nobody can guess even if guesses are fast."""


@dataclass(frozen=True)
class Text:
    """The parts of a refresh token. `original` is the fixed secret as Serverpod stores it, of whatever length."""

    id: uuid.UUID
    original: bytes
    rotating: bytes

    @property
    def fixed(self) -> bytes:
        return hashlib.sha256(self.original).digest()[:FIXED_BYTES]

    @property
    def secret(self) -> bytes:
        """The secret of refresh_tokens.py, which has a fixed length."""
        return self.rotating if len(self.rotating) == SECRET_BYTES else hashlib.sha256(self.rotating).digest()

    def __str__(self) -> str:
        parts = (self.id.bytes, self.original, self.rotating)
        return PREFIX + ":".join(base64.b64encode(part).decode() for part in parts)


def read(text: str) -> Text | None:
    """Parse a token; None if it is not one of Serverpod's."""
    if not text.startswith(PREFIX) or len(text) > MAX_LENGTH:
        return None
    try:
        id, fixed, rotating = (
            base64.b64decode(part, validate=True) for part in text[len(PREFIX) :].split(":")
        )
        return Text(uuid.UUID(bytes=id), fixed, rotating)
    except (binascii.Error, ValueError):
        return None


def first(row: Session, fixed: bytes, secret: bytes, scopes: Iterable[str]) -> Text:
    """Store a new sign-in as Serverpod does, too. Sets the fixed digest of the row, which is not saved."""
    text = Text(row.pk, fixed, secret)
    row.fixed_digest = hashlib.sha256(text.fixed).digest()
    tables.run(
        f'INSERT INTO {tables.REFRESH_TOKENS} (id, "authUserId", "scopeNames", method, "fixedSecret",'
        ' "rotatingSecretHash", "lastUpdatedAt", "createdAt") VALUES (%s, %s, %s, %s, %s, %s, %s, %s)',
        [
            row.pk,
            row.user_id,
            json.dumps(sorted(scopes)),
            row.method,
            fixed,
            _hash(secret),
            tables.stored(row.created_at),
            tables.stored(row.created_at),
        ],
    )
    return text


def take(row: Session | None, text: Text) -> Session | None:
    """The Session of a refresh token, as Serverpod's row says now; created if it is new here. Locks that row.

    If Serverpod has rotated the secret since, only its current secret is valid: a lost response looks like reuse.
    Returns None if Serverpod has ended the sign-in. Raises RefreshTokenExpiredException.
    """
    found = tables.rows(f"SELECT * FROM {tables.REFRESH_TOKENS} WHERE id = %s FOR UPDATE", [text.id])
    if not found or not secrets.compare_digest(bytes(found[0]["fixedSecret"]), text.original):
        return None
    [theirs] = found
    rotated_at = tables.moment(theirs["lastUpdatedAt"])
    row = row or Session.objects.filter(pk=text.id).first()  # created while this call waited for the lock
    if row is not None and rotated_at == (row.rotated_at or row.created_at):
        return row
    if rotated_at + lifetimes.refresh_idle() <= clock.now():
        raise RefreshTokenExpiredException()
    is_current = _matches(text.rotating, theirs["rotatingSecretHash"])
    if row is None and not (is_current and _may_be_taken(theirs)):
        return None  # a used secret, or a wrong pepper: does not end the sign-in at Serverpod
    row = row or _new(theirs, text)
    row.digest = hashlib.sha256(text.secret if is_current else secrets.token_bytes(SECRET_BYTES)).digest()
    row.previous_digest, row.rotated_at = None, rotated_at
    row.save()
    return row


def rotated(row: Session, text: Text, secret: bytes) -> Text:
    """Store the next secret of a sign-in at Serverpod, too. Returns the next token."""
    moment = row.rotated_at or clock.now()
    tables.run(
        f'UPDATE {tables.REFRESH_TOKENS} SET "rotatingSecretHash" = %s, "lastUpdatedAt" = %s WHERE id = %s',
        [_hash(secret), tables.stored(moment), row.pk],
    )
    return Text(row.pk, text.original, secret)


def _may_be_taken(theirs: dict[str, Any]) -> bool:
    """Test whether a sign-in at Serverpod, which requires no second factor, was enough for this user at that time."""
    asked_since = factors.asked_since(theirs["authUserId"])
    return asked_since is None or tables.moment(theirs["createdAt"]) < asked_since


def _new(theirs: dict[str, Any], text: Text) -> Session:
    now = clock.now()
    row = Session(
        pk=text.id, user_id=theirs["authUserId"], strategy=Strategy.JWT, method=theirs["method"][:40]
    )
    row.fixed_digest = hashlib.sha256(text.fixed).digest()
    row.created_at = max(tables.moment(theirs["createdAt"]), now - NOT_FRESH)
    row.last_used_at = now
    row.expires_at = lifetimes.ends_at(row)
    return row


def _hash(secret: bytes) -> str:
    pepper = conf.SERVERPOD_REFRESH_PEPPERS[0]
    return hashers.argon2_in_serverpods_form(secret, pepper, secrets.token_bytes(16), **QUICK)


def _matches(secret: bytes, stored: str) -> bool:
    try:
        return hashers.ServerpodArgon2().is_of(secret, f"serverpod{stored}", conf.SERVERPOD_REFRESH_PEPPERS)
    except hashers.DAMAGED:
        return False
