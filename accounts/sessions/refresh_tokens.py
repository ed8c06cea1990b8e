"""Refresh tokens. Each use returns the next one. Once that is used, the old one is used up: reuse ends the sign-in.

The text holds the sign-in's id, a fixed secret and a changing one. Each secret is stored as its SHA-256. The fixed one
shows that the token was made here. The id is in every access token, and knowing it is not enough to end the sign-in.

A client that lost a response can send the same token again, even weeks later, and stays signed in:

- within ACCOUNTS_REFRESH_GRACE_SECONDS it gets the same next token, so that two refreshes at once count as one;
- later it gets another one instead. If the lost token is ever sent, it ends the sign-in: somebody else has it.

So there is one chain at any time. Only its last token and the one before it are valid.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.audit import audit
from accounts.conf import conf
from accounts.models import Session, Strategy
from accounts.protocol import (
    RefreshTokenExpiredException,
    RefreshTokenInvalidSecretException,
    RefreshTokenMalformedException,
    RefreshTokenNotFoundException,
)
from accounts.serverpod import refreshes, tables
from accounts.sessions import lifetimes
from podium.core import clock

PREFIX = "podium_refresh_"
ID_BYTES, FIXED_BYTES, SECRET_BYTES = 16, 16, 32


def first(row: Session, scopes: Iterable[str]) -> str:
    """Create the first refresh token of a sign-in. Sets its digests in the row, which is not saved.

    scopes  of the user, for a Serverpod server on the same database
    """
    fixed, secret = secrets.token_bytes(FIXED_BYTES), secrets.token_bytes(SECRET_BYTES)
    row.fixed_digest, row.digest = _digest(fixed), _digest(secret)
    row.expires_at = lifetimes.ends_at(row)
    if _is_shared():
        return str(refreshes.first(row, fixed, secret, scopes))
    return _text(row.pk, fixed, secret)


def rotate(text: str) -> tuple[Session, str]:
    """Return the sign-in of a refresh token, and its next refresh token. One SELECT FOR UPDATE, one UPDATE.

    Raises RefreshTokenMalformedException, RefreshTokenNotFoundException, RefreshTokenExpiredException, and
    RefreshTokenInvalidSecretException for a token that is used up or was replaced. This ends the sign-in for everybody,
    since the server can't distinguish the thief from the owner. Source: RFC 9700 4.14.2.
    """
    theirs = refreshes.read(text)
    id, fixed, secret = (theirs.id, theirs.fixed, theirs.secret) if theirs else _parts(text)
    with transaction.atomic():
        row = (
            Session.objects.select_for_update(of=["self"])
            .select_related("user")
            .filter(pk=id, strategy=Strategy.JWT, user__is_active=True)
            .first()
        )
        if theirs and _is_shared():
            row = refreshes.take(row, theirs)
        if row is None or not row.user.is_active:
            raise RefreshTokenNotFoundException()
        if not secrets.compare_digest(bytes(row.fixed_digest or b""), _digest(fixed)):
            raise RefreshTokenNotFoundException()
        if row.expires_at is not None and row.expires_at <= clock.now():
            raise RefreshTokenExpiredException()
        following = _next(row, secret)
        if following is None:
            row.delete()
        elif theirs and _is_shared():
            return row, str(refreshes.rotated(row, theirs, following))
    if following is None:
        audit.record("refresh_token_reused", user=row.user, device=row.user_agent)
        raise RefreshTokenInvalidSecretException()
    return row, _text(row.pk, fixed, following)


def _is_shared() -> bool:
    return bool(conf.SERVERPOD_REFRESH_PEPPERS) and tables.in_use()


def _next(row: Session, secret: bytes) -> bytes | None:
    """Return the next secret, which the row stores; None if this one is used up."""
    if _matches(row.digest, secret):
        return _store(row, secret)
    if row.rotated_at is None or not _matches(row.previous_digest, secret):
        return None
    if clock.now() - row.rotated_at <= timedelta(seconds=conf.REFRESH_GRACE_SECONDS):
        given = _following(row.pk, secret, row.rotated_at)
        if _matches(row.digest, given):  # false if the server's key changed meanwhile
            return given
    return _store(row, secret)


def _matches(digest: bytes | memoryview | None, secret: bytes) -> bool:
    return digest is not None and secrets.compare_digest(bytes(digest), _digest(secret))


def _store(row: Session, secret: bytes) -> bytes:
    """Make the next secret and store it as the end of the chain. It replaces an earlier successor."""
    now = clock.now()
    following = _following(row.pk, secret, now)
    row.previous_digest, row.digest = _digest(secret), _digest(following)
    row.rotated_at = row.last_used_at = now
    row.expires_at = lifetimes.ends_at(row)
    row.save(update_fields=["previous_digest", "digest", "rotated_at", "last_used_at", "expires_at"])
    return following


def _following(id: uuid.UUID, secret: bytes, at: datetime) -> bytes:
    """Derive the next secret from this one and the stored time: the server can repeat this and need not keep it."""
    text = id.bytes + secret + at.isoformat().encode()
    return salted_hmac("accounts.refresh_tokens", text, algorithm="sha256").digest()


def _text(id: uuid.UUID, fixed: bytes, secret: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(id.bytes + fixed + secret).decode()


def _parts(text: str) -> tuple[uuid.UUID, bytes, bytes]:
    try:
        data = base64.b64decode(text.removeprefix(PREFIX), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not text.startswith(PREFIX) or len(data) != ID_BYTES + FIXED_BYTES + SECRET_BYTES:
        raise RefreshTokenMalformedException()
    secret_at = ID_BYTES + FIXED_BYTES
    return uuid.UUID(bytes=data[:ID_BYTES]), data[ID_BYTES:secret_at], data[secret_at:]


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
