"""Keys of Serverpod's sessions: existing ones keep working, and new ones work on both servers.

A key is base64url of "sas", the session's id and a secret. Serverpod stores SHA-512 of the secret and a pepper; since
version 4 with a salt between them and a first byte of 1. It reads both forms. Here a session is a Session with that id.
Source: serverpod_auth_core_server, session_key_hash.dart, server_side_sessions_token.dart.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from accounts.conf import conf
from accounts.models import Session, Strategy
from accounts.second_factor import factors
from accounts.serverpod import tables
from accounts.sessions import lifetimes
from podium.core import clock

START = b"sas"
PREFIX = base64.urlsafe_b64encode(START).decode()
"""Three bytes are four characters, so every key begins with these."""
MAX_LENGTH = 512
"""Characters. A key has 68, unless the length of the secret was changed."""
ID_BYTES, SECRET_BYTES, SALT_BYTES = 16, 32, 16
PLAIN, SALTED = 64, b"\x01"
"""Length of a hash without a salt, and the first byte of one with it."""


def looks_right(key: str) -> bool:
    return key.startswith(PREFIX) and len(key) <= MAX_LENGTH and key.isascii()


def digest(key: str) -> bytes:
    """The digest of a key, as `Session.digest` holds it."""
    return hashlib.sha256(key.encode()).digest()


def take(key: str) -> bool:
    """Make a Session of the session with this key, if Serverpod has one and it is valid. One SELECT, one INSERT."""
    id, secret = _parts(key)
    session = _session(id) if secret else None
    if session is None or _is_over(session, session["lastUsedAt"]) or not _matches(session, secret):
        return False
    asked_since = factors.asked_since(session["authUserId"])
    if asked_since is not None and session["createdAt"] >= asked_since:  # Serverpod requires no second factor
        return False
    now = clock.now()
    row = Session(pk=id, user_id=session["authUserId"], strategy=Strategy.SESSION, digest=digest(key))
    row.method, row.created_at, row.last_used_at = session["method"][:40], session["createdAt"], now
    row.expires_at = session["expiresAt"] or lifetimes.ends_at(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another call with this key was faster
        return Session.objects.filter(pk=id).exists()
    return True


def is_valid(row: Session) -> bool:
    """Test whether Serverpod still has a session that was made on either server: it may have ended there."""
    session = _session(row.pk)
    return session is not None and not _is_over(session, max(session["lastUsedAt"], row.last_used_at))


def make(row: Session, scopes: Iterable[str]) -> str:
    """Store a new Session as a session of Serverpod's, too. Returns its key."""
    secret = secrets.token_bytes(SECRET_BYTES)
    hashed = hashlib.sha512(secret + conf.SERVERPOD_SESSION_PEPPERS[0].encode()).digest()
    idle = lifetimes.session_idle()
    tables.run(
        f'INSERT INTO {tables.SESSIONS} (id, "authUserId", "scopeNames", "createdAt", "lastUsedAt", "expiresAt",'
        ' "expireAfterUnusedFor", "sessionKeyHash", "sessionKeySalt", method)'
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            row.pk,
            row.user_id,
            json.dumps(sorted(scopes)),
            tables.stored(row.created_at),
            tables.stored(row.last_used_at),
            row.expires_at and tables.stored(row.expires_at),
            idle and idle // timedelta(milliseconds=1),
            hashed,
            secrets.token_bytes(SALT_BYTES),
            row.method,
        ],
    )
    return base64.urlsafe_b64encode(START + row.pk.bytes + secret).decode()


def touch(id: uuid.UUID, moment: datetime) -> None:
    """Note that a session was used, so that Serverpod does not end it as unused."""
    tables.run(f'UPDATE {tables.SESSIONS} SET "lastUsedAt" = %s WHERE id = %s', [tables.stored(moment), id])


def _session(id: uuid.UUID) -> dict[str, Any] | None:
    for row in tables.rows(f"SELECT * FROM {tables.SESSIONS} WHERE id = %s", [id]):
        times = ("createdAt", "lastUsedAt", "expiresAt")
        return row | {name: row[name] and tables.moment(row[name]) for name in times}
    return None


def _is_over(session: dict[str, Any], used_at: datetime) -> bool:
    now, idle = clock.now(), session["expireAfterUnusedFor"]
    if session["expiresAt"] is not None and session["expiresAt"] <= now:
        return True
    return idle is not None and used_at + timedelta(milliseconds=idle) <= now


def _matches(session: dict[str, Any], secret: bytes) -> bool:
    stored, salt = bytes(session["sessionKeyHash"]), b""
    if stored[:1] == SALTED and len(stored) > PLAIN:
        stored, salt = stored[1:], bytes(session["sessionKeySalt"])
    made = [hashlib.sha512(secret + salt + each.encode()).digest() for each in conf.SERVERPOD_SESSION_PEPPERS]
    return any([constant_time_compare(each, stored) for each in made])


def _parts(key: str) -> tuple[uuid.UUID, bytes]:
    """The id and the secret; no secret if it is not a key."""
    try:
        data = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    id, secret = data[len(START) :][:ID_BYTES], data[len(START) + ID_BYTES :]
    return (uuid.UUID(bytes=id), secret) if secret else (uuid.UUID(int=0), b"")
