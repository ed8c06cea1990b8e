"""Store addresses proved on Serverpod as proved here, by the rules of accounts.sign_in.ownership."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress

from accounts.models import User, is_address, normalize_email
from accounts.sign_in import ownership


@dataclass
class Report:
    """Counts of rows that were taken over, by kind, and notes on those that were not."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def take(found: Iterable[tuple[uuid.UUID, str]], report: Report, *, with_password: bool = False) -> None:
    """Store addresses of users, (id, address), together if free here. If two users have one, the first gets it.

    with_password  the user can sign in to Serverpod with the address, not only with the provider that sent it
    """
    wanted = _wanted(found, report)
    rows = list(EmailAddress.objects.filter(email__in=wanted))
    proved = {(row.email, row.user_id) for row in rows if row.verified}
    named = User.objects.filter(email__in=wanted).values_list("email", flat=True)
    taken = {row.email for row in rows} | set(named)
    free = {address: user_id for address, user_id in wanted.items() if address not in taken}
    _store(free)
    report.counts["addresses"] += len(free)
    for address, user_id in wanted.items():
        if address in taken and (address, user_id) not in proved:
            _prove(User.objects.get(pk=user_id), address, report, with_password)


def _wanted(found: Iterable[tuple[uuid.UUID, str]], report: Report) -> dict[str, uuid.UUID]:
    """The addresses as stored here, each with one user."""
    wanted: dict[str, uuid.UUID] = {}
    for user_id, given in found:
        address = normalize_email(given)
        if not is_address(address):
            report.notes.append(
                f"user {user_id}: {given[:80]!r} is not a valid e-mail address, and is left out"
            )
        elif wanted.setdefault(address, user_id) != user_id:
            report.notes.append(f"user {user_id}: {address} belongs to {wanted[address]}, and is left out")
    return wanted


def _store(free: Mapping[str, uuid.UUID]) -> None:
    """Store free addresses. The first address of a user becomes the primary one."""
    users = User.objects.in_bulk(set(free.values()))
    rows = EmailAddress.objects.filter(user__in=users, primary=True)
    with_primary = set(rows.values_list("user_id", flat=True))
    new, changed = [], []
    for address, user_id in free.items():
        user = users[user_id]
        primary = user.email is None and user_id not in with_primary
        new.append(EmailAddress(user=user, email=address, verified=True, primary=primary))
        if primary:
            user.email = address
            with_primary.add(user_id)
            changed.append(user)
    EmailAddress.objects.bulk_create(new)
    User.objects.bulk_update(changed, ["email"])


def _prove(user: User, address: str, report: Report, with_password: bool) -> None:
    """Store a proved address that somebody here claims or has."""
    ownership.lock(address)
    owner = ownership.owner_here(address)
    if owner not in (None, user):
        # Serverpod can have two users with one address, if a provider sent it for one of them. The user who has it with
        # a password needs it to sign in; the other one does not.
        if not with_password or owner.has_usable_password() or owner.is_staff:
            report.notes.append(f"user {user.pk}: {address} belongs to {owner.pk} here, and is left out")
            return
        EmailAddress.objects.filter(user=owner, email=address).delete()
    primary, unproved = user.email == address, ownership.is_unproved(user)
    EmailAddress.objects.update_or_create(user=user, email=address, defaults={"verified": True})
    ownership.settle(user, address, primary=primary, unproved=unproved)
    report.counts["addresses"] += 1
