"""API keys of programs: created, rotated, resolved at each call, and revoked in every process at once.

Operators manage them, in the admin (admin/api_keys.py) and with `manage.py keys`. Users have no methods for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.audit import audit
from accounts.keys import key_format
from accounts.models import ApiKey, User
from accounts.second_factor import factors
from accounts.sessions.identity_cache import cache
from accounts.staff import scopes as scopes_
from podium.core import clock
from podium.core.errors import PodiumError
from podium.endpoints.calls import Identity
from realtime import revocation

DAYS = 365
"""Days for which a key works, unless its creator says otherwise."""
MAX_DAYS = 3650
OVERLAP_HOURS = 24
"""Hours for which the previous key works after a rotation, unless the operator says otherwise."""
MAX_OVERLAP_HOURS = 30 * 24
USED_PRECISION = timedelta(minutes=1)
"""`last_used_at` is written if it is older than this: one write a minute, not one a call."""


class BadKey(PodiumError):
    """The API key can't be created or rotated like this."""

    code = "accounts.bad_key"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why=why)

    @property
    def message(self) -> str:
        return self.why


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key, which can't be read again, and its row."""

    row: ApiKey
    key: str = field(repr=False)


@transaction.atomic
def create(
    owner: User,
    *,
    name: str,
    scopes: Iterable[str] = (),
    days: int = DAYS,
    by: User | None = None,
    request: HttpRequest | None = None,
) -> Issued:
    """Create a key for a program, which calls as the owner. The key is not stored: show it now.

    name    the program that uses the key, 1 to 80 characters
    scopes  what the key may do: scopes that the owner has. The key never has more than its owner has at the time
    days    until it expires, 0: never
    by      the operator; None: a command

    Raises BadKey (400).
    """
    name, wanted = name.strip(), set(scopes)
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise BadKey("The name of an API key has 1 to 80 printable characters.")
    if not owner.is_active:
        raise BadKey(f"{owner} is blocked, so this user's keys do not work.")
    if unknown := sorted(wanted - scopes_.of(owner)):
        raise BadKey(
            f"{owner} does not have {', '.join(unknown)}; a key never has more scopes than its owner."
        )
    row = ApiKey(name=name, owner=owner, scopes=wanted, expires_at=_in_days(days), created_by=by)
    key = key_format.make(row.pk)
    row.digest = key_format.digest(key)
    row.save(force_insert=True)
    _record("api_key_created", row, by, request, scopes=sorted(wanted), expires_at=_text(row.expires_at))
    return Issued(row, key)


@transaction.atomic
def rotate(
    key: ApiKey,
    *,
    hours: int = OVERLAP_HOURS,
    days: int | None = None,
    by: User | None = None,
    request: HttpRequest | None = None,
) -> Issued:
    """Give a key a new secret. The previous one works for some more hours; one from before that ends at once.

    hours  for which the previous one still works, 0: not at all
    days   until the key expires, counted from now, 0: never; None: as before

    Running streams of the key end, and open again with the secret that the program has. Raises BadKey (400).
    """
    if not 0 <= hours <= MAX_OVERLAP_HOURS:
        raise BadKey(f"{hours} is not a valid number of hours: write 0 to {MAX_OVERLAP_HOURS}.")
    row = ApiKey.objects.select_related("owner").select_for_update(of=["self"]).get(pk=key.pk)
    now = clock.now()
    if not works(row):
        raise BadKey("This API key has ended. Create a new one.")
    until = now + timedelta(hours=hours)
    row.previous_digest, row.previous_until = None, None
    if hours:
        row.previous_digest, row.previous_until = row.digest, min(until, row.expires_at or until)
    if days is not None:
        row.expires_at = _in_days(days)
    made = key_format.make(row.pk)
    row.digest, row.rotated_at = key_format.digest(made), now
    row.save(update_fields=["previous_digest", "previous_until", "digest", "rotated_at", "expires_at"])
    _forget(row)
    _record("api_key_rotated", row, by, request, hours=hours, expires_at=_text(row.expires_at))
    return Issued(row, made)


@transaction.atomic
def revoke(key: ApiKey, *, by: User | None = None, request: HttpRequest | None = None) -> bool:
    """End a key in every process, and its streams. Returns False if it was revoked before."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        return False
    _forget(key)
    _record("api_key_revoked", key, by, request)
    return True


def revoke_all(user: User) -> int:
    """End all keys of a user. Returns their number."""
    return sum(revoke(each) for each in ApiKey.objects.filter(owner=user, revoked_at=None))


def works(key: ApiKey) -> bool:
    """Test whether a key is neither revoked nor expired. No query."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > clock.now())


def state(key: ApiKey) -> str:
    """The state of a key in words, for operators: "expires 2027-01-31"."""
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "never expires"
    return f"{'expires' if works(key) else 'expired'} {key.expires_at:%Y-%m-%d}"


def find(text: str) -> ApiKey | None:
    """Find a key by its id, or by the key itself, for example one that was found in a repository."""
    try:
        id = key_format.id_of(text) if text.startswith(key_format.PREFIX) else uuid.UUID(text)
    except ValueError:
        return None
    return ApiKey.objects.select_related("owner").filter(pk=id).first()


def look_up(key: str) -> Identity | None:
    """Return the identity behind a key; None if it is not valid or has ended, or its owner is blocked.

    Cached, else two SELECTs. Why it is not valid is not told: a caller learns nothing about other keys.
    """
    digest, read_at = key_format.digest(key), cache.revocations
    row = (
        ApiKey.objects.select_related("owner")
        .filter(pk=key_format.id_of(key), revoked_at=None, owner__is_active=True)
        .first()
    )
    if row is None:
        return None
    now = clock.now()
    matches, expires_at = _match(row, digest)
    if not matches or (expires_at is not None and expires_at <= now):
        return None
    unfinished = factors.is_missing(row.owner)
    may = frozenset(row.scopes) & scopes_.current(row.owner)
    identity = Identity(
        str(row.owner_id), may, str(row.pk), expires_at, unfinished=unfinished, api_key=row.name
    )
    if row.last_used_at is None or now - row.last_used_at > USED_PRECISION:
        _note_use(row.pk, now)
    if not unfinished:  # not cached: the owner may set up the factor
        cache.put(digest, identity, expires_at, read_at=read_at)
    return identity


def _match(row: ApiKey, digest: bytes) -> tuple[bool, datetime | None]:
    """Test whether a row has this digest, and until when. Both are compared, in constant time."""
    is_current = constant_time_compare(digest, bytes(row.digest))
    is_previous = constant_time_compare(digest, bytes(row.previous_digest or b""))
    if is_current or not is_previous:
        return is_current, row.expires_at
    assert row.previous_until is not None  # set together with the digest
    return True, min(row.previous_until, row.expires_at or row.previous_until)


def _note_use(id: uuid.UUID, now: datetime) -> None:
    """Store the time of use. Skips a row that another call or a rotation writes just now, rather than wait for it."""
    older = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_PRECISION)
    with transaction.atomic():
        free = ApiKey.objects.select_for_update(skip_locked=True).filter(older, pk=id).order_by()
        ApiKey.objects.filter(pk__in=free.values("pk")).update(last_used_at=now)


def _in_days(days: int) -> datetime | None:
    if not 0 <= days <= MAX_DAYS:
        raise BadKey(f"{days} is not a valid number of days: write 0 (never expires) to {MAX_DAYS}.")
    return clock.now() + timedelta(days=days) if days else None


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "never"


def _record(event: str, row: ApiKey, by: User | None, request: HttpRequest | None, **details: Any) -> None:
    if by is not None:
        details["by"] = str(by.pk)
    details |= {"api_key": row.name, "api_key_id": str(row.pk)}
    audit.record(event, user=row.owner, request=request, **details)


def _forget(row: ApiKey) -> None:
    revocation.end_streams(user_id=str(row.owner_id), token_id=str(row.pk))


@receiver(post_delete, sender=ApiKey)
def _deleted(instance: ApiKey, **_: Any) -> None:
    """Forget a deleted key in all processes, for example one that goes with its owner."""
    _forget(instance)


@receiver(post_save, sender=User)
def _end_keys(instance: User, created: bool, **_: Any) -> None:
    """End the keys of a blocked user. They stay ended if the user is unblocked, like sign-ins."""
    if not created and not instance.is_active:
        revoke_all(instance)
