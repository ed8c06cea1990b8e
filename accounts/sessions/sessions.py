"""Sign-ins of devices: issued, resolved at each call, and revoked in every process at once. Stored as digests.

A sign-in has one key that is looked up (a session), or short-lived access tokens (access_tokens.py) and a refresh
token (refresh_tokens.py). Both kinds are looked up in the database, at most every few seconds in each
process, so signing out and blocking take effect at once for both.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts import signals
from accounts.conf import conf
from accounts.keys import key_format, keys
from accounts.models import Challenge, Session, Strategy, User
from accounts.second_factor import factors
from accounts.serverpod import mirror, sessions, tables
from accounts.sessions import access_tokens, browser, lifetimes, refresh_tokens
from accounts.sessions.identity_cache import cache
from accounts.staff import scopes
from accounts.staff.rights import may_impersonate
from podium.core import clock
from podium.endpoints import threads
from podium.endpoints.calls import Call, CredentialExpired, Identity
from realtime import revocation

PREFIX = "podium_"
"""The prefix of every token, so that scanners can recognise one that leaked into a repository or a log."""
SECRET_BYTES = 32
LENGTH = len(PREFIX) + 43  # 32 bytes in base64, without padding
IMPERSONATION = "impersonation"
"""The sign-in method of an operator who acts as somebody else. `Session.operator` is the operator."""
USED_PRECISION = timedelta(minutes=1)
"""`last_used_at` is written if it is older than this: one write a minute, not one a call."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The credentials of a new sign-in, which can't be read again, and its row."""

    row: Session
    token: str
    expires_at: datetime | None
    refresh_token: str | None = None


def impersonate(user: User, *, operator: User, address: str = "") -> Issued:
    """Create a session for ACCOUNTS_IMPERSONATION_MINUTES in which an operator acts as `user`. Ends no other sign-in.

    staff/actions.py checks the operator's right first. The session can't be refreshed, and works only while the
    operator has the right (see `look_up`).
    """
    now = clock.now()
    row = Session(user=user, method=IMPERSONATION, operator=operator, address=address[:45])
    row.user_agent = f"operator {operator.pk}"
    row.created_at = row.last_used_at = now
    return _session(row)


def issue(
    user: User, *, method: str = "", user_agent: str = "", address: str = "", digest: bytes | None = None
) -> Issued:
    """Sign a device in, as ACCOUNTS_SESSION_STRATEGY says. End the user's oldest sign-ins if there are too many.

    method      the sign-in method, as "email"
    user_agent  as reported by the client; the first 300 characters are kept
    address     the client's network address
    digest      of a key that another app has created, and reads with `other_keys`: then there is no token
    """
    now = clock.now()
    row = Session(
        user=user, method=method, user_agent=_plain(user_agent)[:300], address=address[:45], created_at=now
    )
    row.last_used_at, row.strategy = now, conf.SESSION_STRATEGY if digest is None else Strategy.SESSION
    issued = _jwt(row) if row.strategy == Strategy.JWT else _session(row, digest)
    surplus = (
        user.sessions.filter(operator=None)
        .order_by("-id")
        .values_list("pk", flat=True)[conf.SESSIONS_PER_USER :]
    )
    revoke(user.sessions.filter(pk__in=list(surplus)))
    return issued


def _session(row: Session, digest: bytes | None = None) -> Issued:
    row.expires_at = lifetimes.ends_at(row)
    if digest is not None:
        secret = ""
    elif row.operator_id is None and conf.SERVERPOD_SESSION_PEPPERS and tables.in_use():
        secret = sessions.make(row, scopes.current(row.user))
    else:
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row.digest = digest or _digest(secret)
    row.save(force_insert=True)
    return Issued(row, secret, row.expires_at)


def _jwt(row: Session) -> Issued:
    refresh_token = refresh_tokens.first(row, scopes.current(row.user))
    row.save(force_insert=True)
    token, expires_at = access_tokens.make(row, scopes.current(row.user))
    return Issued(row, token, expires_at, refresh_token)


def refresh(refresh_token: str) -> Issued:
    """The next access token and refresh token of a sign-in. Raises the exceptions of refresh_tokens.rotate."""
    row, following = refresh_tokens.rotate(refresh_token)
    token, expires_at = access_tokens.make(row, scopes.current(row.user))
    return Issued(row, token, expires_at, following)


def is_fresh(call: Call) -> bool:
    """Test whether the caller signed in on this device within ACCOUNTS_FRESH_MINUTES."""
    if call.identity is None or call.identity.operator:
        return False  # an operator who acts as a user does not prove that user's identity
    since = clock.now() - timedelta(minutes=conf.FRESH_MINUTES)
    return own(call.identity.token_id).filter(created_at__gt=since).exists()


def _plain(text: str) -> str:
    return text.replace("\0", "")  # Postgres does not store NUL


def revoke(tokens: QuerySet[Session]) -> int:
    """End these tokens in every process, and the streams that run on them. Returns their number."""
    count, _ = Session.objects.filter(pk__in=list(tokens.values_list("pk", flat=True))).delete()
    return count


def revoke_all(user: User) -> int:
    """Sign a user out everywhere, in browsers too, and end the tokens with which they act as others.

    Unfinished sign-ins end as well: tickets that wait for a second factor, mailed codes and their tickets.
    Returns the number of devices and browsers.
    """
    count = revoke_others(user, "")
    revocation.end_streams(user_id=str(user.pk))  # also streams of tokens that are already deleted
    return count


def revoke_others(user: User, token_id: str) -> int:
    """Sign a user out everywhere except the sign-in with this key."""
    Challenge.objects.filter(user_id=user.pk).delete()
    revoke(Session.objects.filter(operator=user))
    mirror.end_sign_ins(user.pk, but=token_id)
    rest = Session.objects.filter(user=user)
    count = revoke(rest.exclude(pk=token_id) if token_id else rest) + browser.end(user)
    signals.signed_out_everywhere.send(sender=User, user=user, token_id=token_id)
    return count


def delete_expired() -> int:
    """Delete expired tokens. Returns their number."""
    return revoke(Session.objects.filter(expires_at__lte=clock.now()))


@receiver(post_delete, sender=Session)
def _tell_everyone(instance: Session, **kwargs: Any) -> None:
    """Forget a deleted token in all processes, whether deleted by a sign-out, in the admin or with its user."""
    revocation.end_streams(user_id=str(instance.user_id), token_id=str(instance.pk))


@receiver(post_save, sender=User)
def _end_sign_ins(instance: User, created: bool, **kwargs: Any) -> None:
    """Sign a user out everywhere when they are blocked or get a new password: the old one may be known."""
    # Django keeps the new password here until it is stored, but not if it only hashes the same one again.
    new_password = getattr(instance, "_password", None) is not None and not created
    if not instance.is_active or new_password:
        revoke_all(instance)


# Resolving callers --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """The row that a credential refers to, by the names of its fields.

    expires_at  when the credential itself ends, if that is before the end of its sign-in
    has_expired whether it has ended, while its sign-in may go on
    scopes      limit of what calls with it may do; None: all scopes of the user
    """

    row: dict[str, Any] = field(repr=False)
    expires_at: datetime | None = None
    has_expired: bool = False
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class OtherKeys:
    """Keys of a form that another app creates and reads. Each has a Session, made with `issue`, and ends with it.

    looks_right  tests for the form, without a query
    read         returns the request for a key, or None if it is not valid
    """

    looks_right: Callable[[str], bool]
    read: Callable[[str], Asked | None]


other_keys: list[OtherKeys] = []
"""Apps add theirs when they get ready."""


async def resolve(token: str) -> Identity | None:
    """The identity behind a token; None if it is unknown, has ended or its user is blocked. Cached, else two SELECTs.

    Raises CredentialExpired for an access token that has expired while its sign-in goes on. The token of an operator
    who acts as the user is never cached: it ends as soon as the operator's right does.
    """
    if not _looks_right(token):
        return None
    digest = _digest(token)
    identity = cache.get(digest)
    if identity is not None:
        return identity
    looking = _looking.get(digest)
    if looking is None:  # of simultaneous calls, only one queries the database
        looking = _looking[digest] = asyncio.ensure_future(threads.run(partial(look_up, token)))
        looking.add_done_callback(lambda _: _looking.pop(digest, None))
    return await asyncio.shield(looking)


_looking: dict[bytes, asyncio.Future[Identity | None]] = {}
"""The look-ups in progress, by digest."""


def look_up(token: str) -> Identity | None:
    """Look up a token or an API key from sync code, on its connection, without the cache."""
    if not _looks_right(token):
        return None
    if key_format.looks_right(token):
        return keys.look_up(token)
    digest, read_at = _digest(token), cache.revocations
    asked = _asked_for(token, digest)
    if asked is None:
        return None
    rows = Session.objects.select_related("user").filter(**asked.row, user__is_active=True)
    row, now = rows.first(), clock.now()
    shared = token.startswith(sessions.PREFIX) and tables.in_use()
    if shared and row is None and sessions.take(token):
        row = rows.first()
    if row is None or lifetimes.is_over(row, now) or not _is_founded(row):
        return None
    if shared and not sessions.is_valid(row):
        revoke(own(str(row.pk)))
        return None
    # A stream lasts as long as its sign-in. The access token that opened it can open others only until it expires.
    operator = str(row.operator_id or "")
    unfinished = not operator and factors.is_missing(row.user)
    may = scopes.current(row.user)
    if asked.scopes is not None:
        may &= asked.scopes
    identity = Identity(str(row.user_id), may, str(row.pk), row.expires_at, operator, unfinished)
    if asked.has_expired:
        raise CredentialExpired(identity)
    if now - row.last_used_at > USED_PRECISION:
        Session.objects.filter(pk=row.pk).update(last_used_at=now)
        if shared:
            sessions.touch(row.pk, now)
    if operator or unfinished:  # not cached: the right may end, or the user may set up the factor
        return identity
    cache.put(digest, identity, asked.expires_at or row.expires_at, read_at=read_at)
    return identity


def _asked_for(token: str, digest: bytes) -> Asked | None:
    if token.startswith((PREFIX, sessions.PREFIX)):
        # The index finds the digest of a secret, so its response time reveals nothing about the secret.
        return Asked({"digest": digest, "strategy": Strategy.SESSION})
    if other := next((each for each in other_keys if each.looks_right(token)), None):
        return other.read(token)
    access = access_tokens.read(token)
    if access is None:
        return None
    row = {"pk": access.token_id, "strategy": Strategy.JWT}
    return Asked(row, access.expires_at, access.has_expired)


def _is_founded(row: Session) -> bool:
    """Test whether the operator behind an impersonation may still act as the user; True for other sign-ins."""
    if row.operator is not None:
        return may_impersonate(row.operator, row.user)
    return row.method != IMPERSONATION


def _looks_right(token: str) -> bool:
    """Test whether a token can be one of ours. Others cost no query."""
    if token.startswith(PREFIX):
        return key_format.looks_right(token) or (len(token) == LENGTH and token.isascii())
    known = sessions.looks_right(token) or access_tokens.looks_right(token)
    return known or any(each.looks_right(token) for each in other_keys)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def own(token_id: str) -> QuerySet[Session]:
    """The row of `Identity.token_id`; none if a test called without one."""
    return Session.objects.filter(pk=token_id) if token_id else Session.objects.none()
