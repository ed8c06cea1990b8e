"""Challenges: each is answered once, in time, within a few tries. For mailed codes, passkeys and second factors."""

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
from podium.core import clock

REPLACED = [field.name for field in Challenge._meta.concrete_fields if not field.primary_key]
"""The fields that change when a challenge replaces another one."""


class ChallengeFailed(Exception):
    """The answer to the challenge is not valid. The sign-in method decides what the client is told."""


class ChallengeNotFound(ChallengeFailed):
    """There is no such challenge, or it was already answered."""


class ChallengeExpired(ChallengeFailed):
    """The challenge has expired."""


class TooManyTries(ChallengeFailed):
    """There were too many wrong answers; further answers do not count."""


class WrongAnswer(ChallengeFailed):
    """The answer is wrong."""


def start(
    kind: str,
    answer: str,
    *,
    lifetime: timedelta,
    tries: int = 3,
    user: User | None = None,
    data: Mapping[str, Any] | None = None,
    short: bool = False,
    id: uuid.UUID | None = None,
) -> Challenge:
    """Store a new challenge. One INSERT. A short answer takes about 50 ms, here and at each try.

    kind    purpose, as "email.registration": an answer counts only for this kind
    answer  the expected answer; only a digest of it is stored
    tries   maximum number of answers
    data    JSON for the sign-in method, returned with the answered challenge
    short   the answer can be guessed, like a code of a few digits: it is hashed like a password
    id      if clients derive the id and are not told it; replaces a challenge with the same id
    """
    now = clock.now()
    made = Challenge(kind=kind, user=user, data=dict(data or {}), tries_left=tries, created_at=now)
    if id is not None:
        made.pk = id
    digest = _digest(made.pk, answer)
    made.digest, made.expires_at = _slow(digest) if short else digest, now + lifetime
    if id is None:
        made.save(force_insert=True)
    else:  # one statement: another call may store the same id
        Challenge.objects.bulk_create(
            [made], update_conflicts=True, unique_fields=["id"], update_fields=REPLACED
        )
    return made


def answer(kind: str, id: uuid.UUID, answer: str) -> Challenge:
    """Return the challenge that this answers, and delete it. Raises a ChallengeFailed for the reason.

    Call it outside of a transaction that may be rolled back: a wrong answer uses up a try.
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
    """Return the challenge of a ticket. It loses a try and stays until `done`. Raises ChallengeFailed."""
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
    """End a challenge that was `held`. Raises ChallengeNotFound if another call ended it first."""
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
    """Hash a digest like a password: nobody can find a code in ten minutes, even with the database and SECRET_KEY."""
    return make_password(digest.hex()).encode()


def delete_expired() -> int:
    """Delete expired challenges. Returns their number."""
    count, _ = Challenge.objects.filter(expires_at__lte=clock.now() - timedelta(days=1)).delete()
    return count


def _digest(id: uuid.UUID, answer: str) -> bytes:
    """Digest with SECRET_KEY as the key: a short code can't be found from the database alone."""
    return salted_hmac("accounts.challenges", f"{id}:{answer}", algorithm="sha256").digest()


# A challenge and its answer in one string, for steps that need no code ----------------------------------------------


def ticket(kind: str, **options: Any) -> str:
    """Start a challenge with a random answer. Returns both as one string, which the client sends back: `redeem`."""
    secret = secrets.token_urlsafe(24)
    return f"{start(kind, secret, **options).pk.hex}.{secret}"


def redeem(kind: str, text: str) -> Challenge:
    """Return the challenge of a ticket, and delete it. Raises ChallengeFailed."""
    key, secret = _parts(text)
    return answer(kind, key, secret)


def _parts(text: str) -> tuple[uuid.UUID, str]:
    id, _, secret = text.partition(".")
    try:
        return uuid.UUID(hex=id), secret
    except ValueError:
        raise ChallengeNotFound from None
