"""Challenges: to be answered once, in time, within a few tries. Mailed codes, passkeys and second factors use them."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import Challenge, User
from core import clock


class ChallengeFailed(Exception):
    """The answer does not count. What the client is told is the matter of the way in."""


class ChallengeNotFound(ChallengeFailed):
    """There is no such challenge, or it was answered already."""


class ChallengeExpired(ChallengeFailed):
    """It took too long."""


class TooManyTries(ChallengeFailed):
    """There were too many wrong answers; none counts any more."""


class WrongAnswer(ChallengeFailed):
    """That is not the answer."""


def start(
    kind: str,
    answer: str,
    *,
    lifetime: timedelta,
    tries: int = 3,
    user: User | None = None,
    data: Mapping[str, Any] | None = None,
    short: bool = False,
) -> Challenge:
    """Store a new challenge. One INSERT. A short answer takes about 50 ms, here and at each try.

    kind    what it is for, as "email.registration": an answer counts for this kind alone
    answer  what will have to be said; only a digest of it is kept
    tries   how many answers are looked at
    data    JSON that the way in wants back when it was answered
    short   the answer can be guessed, like a code of a few digits: it is hashed like a password
    """
    now = clock.now()
    made = Challenge(kind=kind, user=user, data=dict(data or {}), tries_left=tries, created_at=now)
    digest = _digest(made.pk, answer)
    made.digest, made.expires_at = _slow(digest) if short else digest, now + lifetime
    made.save(force_insert=True)
    return made


def answer(kind: str, id: uuid.UUID, answer: str) -> Challenge:
    """The challenge that this answers, which is gone then. Raises ChallengeFailed: each class says why.

    Call it outside of a transaction that may be rolled back: a wrong answer costs a try.
    """
    with transaction.atomic():
        found = Challenge.objects.select_for_update().filter(pk=id, kind=kind).first()
        failed = _failure(found, answer)
        if found is not None and failed is None:
            Challenge.objects.filter(pk=found.pk).delete()
        elif found is not None and isinstance(failed, WrongAnswer):
            Challenge.objects.filter(pk=found.pk).update(tries_left=found.tries_left - 1)
    if failed is not None:
        raise failed
    assert found is not None
    return found


def held(kind: str, text: str) -> Challenge:
    """The challenge behind a ticket, which stays, with a try less, until `done`. Raises ChallengeFailed."""
    key, secret = _parts(text)
    with transaction.atomic():
        found = Challenge.objects.select_for_update().filter(pk=key, kind=kind).first()
        failed = _failure(found, secret)
        if found is not None and (failed is None or isinstance(failed, WrongAnswer)):
            Challenge.objects.filter(pk=found.pk).update(tries_left=found.tries_left - 1)
    if failed is not None:
        raise failed
    assert found is not None
    return found


def done(challenge: Challenge) -> None:
    """End a challenge that was `held`. Raises ChallengeNotFound where another call ended it first."""
    if not Challenge.objects.filter(pk=challenge.pk).delete()[0]:
        raise ChallengeNotFound


def _failure(found: Challenge | None, answer: str) -> ChallengeFailed | None:
    if found is None:
        return ChallengeNotFound()
    if found.expires_at <= clock.now():
        return ChallengeExpired()
    if found.tries_left <= 0:
        return TooManyTries()
    return None if _is_right(bytes(found.digest), _digest(found.pk, answer)) else WrongAnswer()


def _is_right(stored: bytes, digest: bytes) -> bool:
    if len(stored) == len(digest):
        return secrets.compare_digest(stored, digest)
    return check_password(digest.hex(), stored.decode())


def _slow(digest: bytes) -> bytes:
    """Hash a digest like a password: a code can't be found in ten minutes, even with the database and SECRET_KEY."""
    return make_password(digest.hex()).encode()


def delete_expired() -> int:
    """Delete challenges that can't be answered any more; gives how many."""
    count, _ = Challenge.objects.filter(expires_at__lte=clock.now() - timedelta(days=1)).delete()
    return count


def _digest(id: uuid.UUID, answer: str) -> bytes:
    """Keyed with SECRET_KEY: a short code can't be found from the database alone."""
    return salted_hmac("accounts.challenges", f"{id}:{answer}", algorithm="sha256").digest()


# A challenge and its answer in one text, for steps that need no code from elsewhere ---------------------------------


def ticket(kind: str, **options: Any) -> str:
    """Start a challenge whose answer is random, and give both as one text that its holder hands back: `redeem`."""
    secret = secrets.token_urlsafe(24)
    return f"{start(kind, secret, **options).pk.hex}.{secret}"


def redeem(kind: str, text: str) -> Challenge:
    """The challenge behind a ticket, which is gone then. Raises ChallengeFailed."""
    key, secret = _parts(text)
    return answer(kind, key, secret)


def _parts(text: str) -> tuple[uuid.UUID, str]:
    id, _, secret = text.partition(".")
    try:
        return uuid.UUID(hex=id), secret
    except ValueError:
        raise ChallengeNotFound from None
