"""Bearer tokens: issued at a sign-in, resolved at each call, revoked in every process at once. Digests are stored."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from collections import OrderedDict
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import close_old_connections, transaction
from django.db.models import QuerySet

from accounts.conf import conf
from accounts.models import Token, User
from core import clock
from endpoints.calls import Identity
from realtime import revocation
from realtime.revocation import Revoked

PREFIX = "podium_"
"""Stands before every token, so that one that leaked into a repository or a log can be recognised."""
SECRET_BYTES = 32
USED_PRECISION = timedelta(minutes=1)
"""`last_used_at` is written when it is older than this: one write a minute, not one a call."""


def issue(user: User, *, user_agent: str = "") -> tuple[str, Token]:
    """A new token of a user, and its row. The token can't be had again. Ends the oldest where there are too many.

    user_agent  what the client says it is; the first 300 characters are kept
    """
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    now = clock.now()
    expires_at = now + timedelta(days=conf.TOKEN_DAYS) if conf.TOKEN_DAYS else None
    token = Token.objects.create(
        user=user, digest=_digest(secret), user_agent=user_agent[:300], created_at=now, expires_at=expires_at
    )
    surplus = user.tokens.order_by("-id").values_list("pk", flat=True)[conf.TOKENS_PER_USER :]
    revoke(user.tokens.filter(pk__in=list(surplus)))
    return secret, token


def revoke(tokens: QuerySet[Token]) -> int:
    """End these tokens in every process, and the streams that run on them; gives how many."""
    with transaction.atomic():
        ended = list(tokens.values_list("pk", "user_id"))
        Token.objects.filter(pk__in=[pk for pk, _ in ended]).delete()
        for pk, user_id in ended:
            revocation.end_streams(user_id=str(user_id), token_id=str(pk))
    return len(ended)


def revoke_all(user: User) -> int:
    """Sign a person out everywhere; gives from how many devices."""
    count, _ = Token.objects.filter(user=user).delete()
    revocation.end_streams(user_id=str(user.pk))
    return count


def scopes_of(user: User) -> frozenset[str]:
    """What a person may do: the names of the groups, and ACCOUNTS_SUPERUSER_SCOPE for a superuser."""
    names = set(user.groups.values_list("name", flat=True))
    return frozenset(names | {conf.SUPERUSER_SCOPE} if user.is_superuser else names)


# Who calls ----------------------------------------------------------------------------------------------------------


class Cache:
    """Identities by digest, for a short while: bounded, and emptied of what is revoked."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[float, Identity]] = OrderedDict()

    def get(self, digest: bytes) -> Identity | None:
        good_until, identity = self._known.get(digest, (0.0, None))
        return identity if good_until > time.monotonic() else None

    def put(self, digest: bytes, identity: Identity, expires_at: datetime | None) -> None:
        seconds = conf.TOKEN_CACHE_SECONDS
        if expires_at is not None:
            seconds = min(seconds, (expires_at - clock.now()).total_seconds())
        self._known[digest] = (time.monotonic() + seconds, identity)
        self._known.move_to_end(digest)
        while len(self._known) > conf.TOKEN_CACHE_SIZE:
            self._known.popitem(last=False)

    def forget(self, revoked: Revoked | None) -> None:
        """Forget a user's tokens or one of them; all, where a revocation may have been missed."""
        for digest, (_, identity) in list(self._known.items()):
            if revoked is None or (
                identity.user_id == revoked.user_id and revoked.token_id in ("", identity.token_id)
            ):
                self._known.pop(digest, None)


cache = Cache()
revocation.listen(cache.forget)


async def resolve(token: str) -> Identity | None:
    """Who a token stands for; None where it is unknown, expired or its user is blocked. One SELECT, or none."""
    digest = _digest(token)
    identity = cache.get(digest)
    if identity is None:
        identity = await sync_to_async(_look_up_on_a_thread)(token)
    return identity


def look_up(token: str) -> Identity | None:
    """The same from sync code, on its connection."""
    digest = _digest(token)
    # The index finds the digest of a secret, not the secret: how long that takes tells nothing about the secret.
    row = Token.objects.select_related("user").filter(digest=digest, user__is_active=True).first()
    now = clock.now()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if now - row.last_used_at > USED_PRECISION:
        Token.objects.filter(pk=row.pk).update(last_used_at=now)
    identity = Identity(str(row.user_id), scopes_of(row.user), str(row.pk))
    cache.put(digest, identity, row.expires_at)
    return identity


def _look_up_on_a_thread(token: str) -> Identity | None:
    """look_up() outside of a request, where nobody else gives the thread's connection back."""
    try:
        return look_up(token)
    finally:
        close_old_connections()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def own(token_id: str) -> QuerySet[Token]:
    """The row behind `Identity.token_id`."""
    return Token.objects.filter(pk=uuid.UUID(token_id))
