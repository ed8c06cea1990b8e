"""The sign-ins of devices: issued, resolved at each call, revoked in every process at once. Digests are stored.

A sign-in has one key that is looked up (a session), or short-lived access tokens (access_tokens.py) and a refresh
token that gets the next (refresh_tokens.py). Either is looked up in the database, at most every few seconds in each
process, so that signing out and blocking work at once for both.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts import access_tokens, factors, refresh_tokens, scopes, web_sessions
from accounts.conf import conf
from accounts.models import Challenge, Strategy, Token, User
from accounts.rights import may_impersonate
from core import clock
from endpoints import threads
from endpoints.calls import Call, Identity
from realtime import revocation
from realtime.revocation import Revoked

PREFIX = "podium_"
"""Stands before every token, so that one that leaked into a repository or a log can be recognised."""
SECRET_BYTES = 32
LENGTH = len(PREFIX) + 43  # 32 bytes in base64, without padding
IMPERSONATION = "impersonation"
"""The sign-in method of an operator who acts as somebody else. `Token.operator` is the operator."""
USED_PRECISION = timedelta(minutes=1)
"""`last_used_at` is written when it is older than this: one write a minute, not one a call."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What a new sign-in gives its client, which can't be had again, and its row."""

    row: Token
    token: str
    expires_at: datetime | None
    refresh_token: str | None = None


def impersonate(user: User, *, operator: User, address: str = "") -> Issued:
    """A session for ACCOUNTS_IMPERSONATION_MINUTES that an operator uses as `user`; no other sign-in ends for it.

    operators.py checks the operator's right first. The session can't be refreshed, and works only as long as the
    operator has the right (see `look_up`).
    """
    now = clock.now()
    row = Token(user=user, method=IMPERSONATION, operator=operator, address=address[:45])
    row.user_agent = f"operator {operator.pk}"
    row.created_at = row.last_used_at = now
    return _session(row, now + timedelta(minutes=conf.IMPERSONATION_MINUTES))


def issue(user: User, *, method: str = "", user_agent: str = "", address: str = "") -> Issued:
    """Sign a device in, as ACCOUNTS_TOKENS says. Ends the oldest of the user's sign-ins where there are too many.

    method      by which way in, as "email"
    user_agent  what the client says it is; the first 300 characters are kept
    address     of the network it is in
    """
    now = clock.now()
    row = Token(
        user=user, method=method, user_agent=_plain(user_agent)[:300], address=address[:45], created_at=now
    )
    row.last_used_at, row.strategy = now, conf.TOKENS
    ends = now + timedelta(days=conf.TOKEN_DAYS) if conf.TOKEN_DAYS else None
    issued = _jwt(row) if row.strategy == Strategy.JWT else _session(row, ends)
    surplus = (
        user.tokens.filter(operator=None).order_by("-id").values_list("pk", flat=True)[conf.TOKENS_PER_USER :]
    )
    revoke(user.tokens.filter(pk__in=list(surplus)))
    return issued


def _session(row: Token, expires_at: datetime | None) -> Issued:
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row.digest = _digest(secret)
    row.expires_at = expires_at
    row.save(force_insert=True)
    return Issued(row, secret, row.expires_at)


def _jwt(row: Token) -> Issued:
    refresh_token = refresh_tokens.first(row)
    row.save(force_insert=True)
    token, expires_at = access_tokens.make(row, scopes.of(row.user))
    return Issued(row, token, expires_at, refresh_token)


def refresh(refresh_token: str) -> Issued:
    """The next access token and refresh token of a sign-in. Raises the exceptions of refresh_tokens.rotate."""
    row, following = refresh_tokens.rotate(refresh_token)
    token, expires_at = access_tokens.make(row, scopes.of(row.user))
    return Issued(row, token, expires_at, following)


def is_fresh(call: Call) -> bool:
    """Whether who calls signed in on this device within ACCOUNTS_FRESH_MINUTES."""
    if call.identity is None or call.identity.operator:
        return False  # an operator who acts as somebody proves nothing of that person
    since = clock.now() - timedelta(minutes=conf.FRESH_MINUTES)
    return own(call.identity.token_id).filter(created_at__gt=since).exists()


def _plain(text: str) -> str:
    return text.replace("\0", "")  # which Postgres does not take


def revoke(tokens: QuerySet[Token]) -> int:
    """End these tokens in every process, and the streams that run on them; gives how many."""
    count, _ = Token.objects.filter(pk__in=list(tokens.values_list("pk", flat=True))).delete()
    return count


def revoke_all(user: User) -> int:
    """Sign a user out everywhere, in browsers too, and end the tokens with which they act as others.

    Unfinished sign-ins end as well: tickets that wait for a second factor, mailed codes and their tickets.
    Returns the number of devices and browsers.
    """
    Challenge.objects.filter(user_id=user.pk).delete()
    revoke(Token.objects.filter(operator=user))
    count = revoke(Token.objects.filter(user=user)) + web_sessions.end(user)
    revocation.end_streams(user_id=str(user.pk))  # also what runs on a token that was gone already
    return count


def delete_expired() -> int:
    """Delete tokens that no longer work by their age; gives how many."""
    return revoke(Token.objects.filter(expires_at__lte=clock.now()))


@receiver(post_delete, sender=Token)
def _tell_everyone(instance: Token, **kwargs: Any) -> None:
    """However a token goes (a sign-out, the admin, with its person), no process knows it any more."""
    revocation.end_streams(user_id=str(instance.user_id), token_id=str(instance.pk))


@receiver(post_save, sender=User)
def _sign_out_whom_it_concerns(instance: User, created: bool, **kwargs: Any) -> None:
    """A blocked person is signed out everywhere; so is everyone after a new password: the old one may be known."""
    # Django keeps the new password here until it is stored, but not when it only hashes the same one anew.
    new_password = getattr(instance, "_password", None) is not None and not created
    if not instance.is_active or new_password:
        revoke_all(instance)


# Who calls ----------------------------------------------------------------------------------------------------------


class Cache:
    """Identities by digest, for a short while: bounded, and emptied of what is revoked."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[float, Identity]] = OrderedDict()
        self._lock = Lock()  # the event loop, the threads of calls and those of pages share it
        self.revocations = 0

    def get(self, digest: bytes) -> Identity | None:
        good_until, identity = self._known.get(digest, (0.0, None))
        return identity if good_until > time.monotonic() else None

    def put(self, digest: bytes, identity: Identity, expires_at: datetime | None, *, read_at: int) -> None:
        """read_at: what `revocations` was before the row was read. What was revoked meanwhile is not kept."""
        seconds = conf.TOKEN_CACHE_SECONDS
        if expires_at is not None:
            seconds = min(seconds, (expires_at - clock.now()).total_seconds())
        with self._lock:
            if read_at != self.revocations:
                return
            self._known[digest] = (time.monotonic() + seconds, identity)
            self._known.move_to_end(digest)
            while len(self._known) > conf.TOKEN_CACHE_SIZE:
                self._known.popitem(last=False)

    def forget(self, revoked: Revoked | None) -> None:
        """Forget a user's tokens or one of them; all, where a revocation may have been missed."""
        with self._lock:
            self.revocations += 1
            for digest, (_, identity) in list(self._known.items()):
                if revoked is None or revoked.covers(identity.user_id, identity.token_id):
                    del self._known[digest]


cache = Cache()
revocation.listen(cache.forget)


async def resolve(token: str) -> Identity | None:
    """The identity behind a token; None if it is unknown or expired, or its user is blocked. Cached, else two SELECTs.

    The token of an operator who acts as the user is never cached: it ends as soon as the operator's right does.
    """
    if not _looks_right(token):
        return None
    digest = _digest(token)
    identity = cache.get(digest)
    if identity is not None:
        return identity
    looking = _looking.get(digest)
    if looking is None:  # of calls that come together one asks the database
        looking = _looking[digest] = asyncio.ensure_future(threads.run(partial(look_up, token)))
        looking.add_done_callback(lambda _: _looking.pop(digest, None))
    return await asyncio.shield(looking)


_looking: dict[bytes, asyncio.Future[Identity | None]] = {}
"""What is being looked up right now."""


def look_up(token: str) -> Identity | None:
    """The same from sync code, on its connection, and past the cache."""
    if not _looks_right(token):
        return None
    digest, read_at = _digest(token), cache.revocations
    # The index finds the digest of a secret, not the secret: how long that takes tells nothing about the secret.
    found: dict[str, Any] = {"digest": digest, "strategy": Strategy.SESSION}
    access = None
    if not token.startswith(PREFIX):
        access = access_tokens.read(token)
        if access is None:
            return None
        found = {"pk": access.token_id, "strategy": Strategy.JWT}
    row = Token.objects.select_related("user").filter(**found, user__is_active=True).first()
    now = clock.now()
    if row is None or _is_over(row, now) or not _is_founded(row):
        return None
    if now - row.last_used_at > USED_PRECISION:
        Token.objects.filter(pk=row.pk).update(last_used_at=now)
    # A stream lives as long as its sign-in; the access token that opened it is only good for opening more till then.
    operator = str(row.operator_id or "")
    unfinished = not operator and factors.is_missing(row.user)
    identity = Identity(
        str(row.user_id), scopes.of(row.user), str(row.pk), row.expires_at, operator, unfinished
    )
    if operator or unfinished:  # not cached: the right may end, or the user may set up the factor
        return identity
    cache.put(digest, identity, access.expires_at if access else row.expires_at, read_at=read_at)
    return identity


def _is_over(row: Token, now: datetime) -> bool:
    if row.expires_at is not None and row.expires_at <= now:
        return True
    idle = row.strategy == Strategy.SESSION and conf.TOKEN_IDLE_DAYS
    return bool(idle) and row.last_used_at + timedelta(days=conf.TOKEN_IDLE_DAYS) <= now


def _is_founded(row: Token) -> bool:
    """Test whether the operator behind an impersonation may still act as the user; True for other sign-ins."""
    if row.operator is not None:
        return may_impersonate(row.operator, row.user)
    return row.method != IMPERSONATION


def _looks_right(token: str) -> bool:
    """Whether it can be one of ours at all: what is not costs no query."""
    if token.startswith(PREFIX):
        return len(token) == LENGTH and token.isascii()
    return access_tokens.looks_right(token)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def own(token_id: str) -> QuerySet[Token]:
    """The row behind `Identity.token_id`; none where a test called without one."""
    return Token.objects.filter(pk=token_id) if token_id else Token.objects.none()
