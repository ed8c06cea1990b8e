"""Ownership of an account: it belongs to the user who first proves one of its addresses. No HTTP and no pages here.

Anybody can sign up with another user's address and prepare the account for later: another address, a passkey, a
provider, an open session. So all code that accepts a proof of an address calls `prove` (or `settle`, if allauth has
already stored the proof): pages, the headless API, endpoints, mailed links and codes, providers, merging, operators.

An address has one of three states:

- proved: somebody has shown that its mailbox is theirs, or staff gave it (User.email without an EmailAddress row).
- claimed: the account has it, but nobody has proved it. A claim does not keep anybody else from the address.
- free: no account has it.

Rules: docs/how-to/accounts.md, "Whose account it is".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import jobs, signals
from accounts.audit import audit
from accounts.data import erasure
from accounts.keys import keys
from accounts.models import Challenge, Session, User
from accounts.notices import notices
from accounts.serverpod import mirror
from accounts.sessions import sessions as tokens
from podium.endpoints.calls import Call


class Owned(Exception):
    """The address is proved in another account."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The parts of an account that the session proving an address has itself used. They stay.

    session         the key of the signed-in browser session
    token           the id of the signed-in device
    password        the password was set or given in this session
    identities      (provider, id at the provider) with which this session signed in
    authenticators  keys of the passkeys and second factors that this session used
    """

    session: str = ""
    token: str = ""
    password: bool = False
    identities: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    authenticators: frozenset[int] = field(default_factory=frozenset)


NOTHING = Shown()


# Reading ------------------------------------------------------------------------------------------------------------


def owner(address: str) -> User | None:
    """The account in which an address is proved. Always two SELECTs."""
    signals.address_wanted.send(sender=User, address=address)
    return owner_here(address)


def owner_here(address: str) -> User | None:
    """The same, without asking a server of Serverpod that uses the database, too."""
    rows, named = _found(address)
    claimed = any(named is not None and row.user_id == named.pk for row in rows)
    proved: User | None = next((row.user for row in rows if row.verified), None)
    return proved or (None if claimed else named)


def holder(address: str) -> User | None:
    """The account that an address leads to: where it is proved, else where it is claimed as the primary address.

    A further address of an account leads nowhere until it is proved. Always two SELECTs.
    """
    signals.address_wanted.send(sender=User, address=address)
    rows, named = _found(address)
    proved: User | None = next((row.user for row in rows if row.verified), None)
    return proved or named


def _found(address: str) -> tuple[list[EmailAddress], User | None]:
    """All rows for the address, and the user whose primary address it is."""
    rows = EmailAddress.objects.filter(email=address).select_related("user")
    return list(rows), User.objects.filter(email=address).first()


def is_proved(user: AbstractBaseUser, address: str) -> bool:
    """Test whether somebody has proved this address of the account, or staff gave it. One SELECT."""
    row = EmailAddress.objects.filter(user_id=user.pk, email=address).first()
    return bool(row.verified) if row is not None else getattr(user, "email", None) == address


def is_unproved(user: AbstractBaseUser) -> bool:
    """Test whether the primary address is only claimed. Then nobody owns the account yet."""
    address = getattr(user, "email", None)
    return bool(address) and not is_proved(user, str(address))


def keep_given(user: AbstractBaseUser) -> None:
    """Store an address from staff as proved, before allauth stores it as claimed (sync_user_email_address)."""
    address = getattr(user, "email", None)
    rows = EmailAddress.objects.filter(user_id=user.pk)
    if not address or rows.filter(email=address).exists():
        return
    if not EmailAddress.objects.filter(email=address, verified=True).exists():
        primary = not rows.filter(primary=True).exists()
        EmailAddress.objects.get_or_create(
            user_id=user.pk, email=address, defaults={"verified": True, "primary": primary}
        )


def claim(user: AbstractBaseUser) -> None:
    """Store the address of a user who just signed up as claimed.

    allauth omits the row if any account has the address. Without a row the address would count as given by staff.
    """
    if address := getattr(user, "email", None):
        EmailAddress.objects.get_or_create(user_id=user.pk, email=address, defaults={"primary": True})
    user.__dict__.pop("_emailaddress_cache", None)  # allauth's cache of the rows that it made


# Proving ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def prove(
    user: User,
    address: str,
    *,
    shown: Shown = NOTHING,
    call: Call | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Store an address as proved for this account, even if the account did not have it. Safe to run twice.

    user     saved; its `email` and `password` are up to date afterwards
    shown    the parts that stay if this proof gives the account its owner

    Raises Owned if the address is proved in another account.
    """
    lock(address)
    User.objects.select_for_update().filter(pk=user.pk).first()
    if owner(address) not in (None, user):
        raise Owned
    _release(address, user)
    if is_proved(user, address):
        keep_given(user)
        return
    primary, unproved = user.email == address, is_unproved(user)
    EmailAddress.objects.update_or_create(user=user, email=address, defaults={"verified": True})
    settle(user, address, primary=primary, unproved=unproved, shown=shown, call=call, request=request)


@transaction.atomic
def settle(
    user: User,
    address: str,
    *,
    primary: bool,
    unproved: bool,
    shown: Shown = NOTHING,
    call: Call | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Apply the consequences of a proof that is already stored.

    primary   the address was the account's primary one
    unproved  the account had no owner before
    """
    _release(address, user)
    if primary:
        _take_over(user, address, shown, call, request)
    elif unproved or not user.email:
        _make_primary(user, address)
        EmailAddress.objects.filter(user=user, verified=False).delete()
        Challenge.objects.filter(user=user).delete()


def lock(address: str) -> None:
    """Make simultaneous proofs of one address wait for each other until the transaction ends, in any account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.ownership:{address}"]
        )


def strip(user: User, shown: Shown = NOTHING) -> None:
    """Remove an account's claimed addresses and sign-in methods before it is merged with an owned one (merging.py)."""
    EmailAddress.objects.filter(user=user, verified=False).delete()
    user.email = None
    user.save(update_fields=["email"])
    _remove_ways_in(user, shown)


def _take_over(
    user: User, address: str, shown: Shown, call: Call | None, request: HttpRequest | None
) -> None:
    """Remove everything that was set up before the account had an owner, except what this session has shown."""
    _make_primary(user, address)
    others = EmailAddress.objects.filter(user=user).exclude(email=address)
    told = list(others.filter(verified=True).values_list("email", flat=True))
    removed = {"addresses": others.delete()[0], **_remove_ways_in(user, shown)}
    jobs.cancel(erasure.identifier(user.pk))  # somebody other than the owner requested the deletion
    signals.account_taken_over.send(sender=User, user=user, call=call, request=request)
    if any(removed.values()):  # an ordinary sign-up has nothing to remove
        audit.record("account_taken_over", user=user, call=call, request=request, account=address, **removed)
        notices.send(user, "account_taken_over", also=told, call=call, request=request)


def _remove_ways_in(user: User, shown: Shown) -> dict[str, int]:
    """Remove all sign-in methods except those shown. Returns how many of each were removed."""
    Challenge.objects.filter(user=user).delete()
    kept = Q(pk__in=[])
    for provider, uid in shown.identities:
        kept |= Q(provider=provider, uid=uid)
    identities = SocialAccount.objects.filter(user=user).exclude(kept)
    factors = Authenticator.objects.filter(user=user).exclude(pk__in=shown.authenticators)
    removed = {"identities": identities.count(), "second_factors": factors.count()}
    identities.delete()
    factors.delete()
    return {
        **removed,
        "password": 0 if shown.password else int(_drop_password(user)),
        "devices": _end_devices(user, shown),
        "api_keys": keys.revoke_all(user),
        "browsers": _end_browsers(user, shown),
    }


def _make_primary(user: User, address: str) -> None:
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=address).update(primary=False)
    EmailAddress.objects.filter(user=user, email=address).update(primary=True)
    user.email = address
    user.save(update_fields=["email"])


def _drop_password(user: User) -> bool:
    """Set a new unusable password in any case: it voids links and sessions that were made with the old one."""
    had_one = user.has_usable_password()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    mirror.forget_passwords(user.pk)
    return had_one


def _end_devices(user: User, shown: Shown) -> int:
    if not shown.token and not shown.session:
        return tokens.revoke_all(
            user
        )  # also ends all browsers, and the streams of tokens that are already gone
    return tokens.revoke(Session.objects.filter(user=user).exclude(pk__in=tokens.own(shown.token)))


def _end_browsers(user: User, shown: Shown) -> int:
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=shown.session or ""))
    for session in sessions:
        session.end()
    return len(sessions)


def _release(address: str, user: User) -> None:
    """Remove a proved address from the accounts that only claimed it, with their challenges mailed to it."""
    claims = EmailAddress.objects.filter(email=address, verified=False).exclude(user=user)
    for stranger in User.objects.filter(pk__in=claims.values("user_id")):
        EmailAddress.objects.filter(user=stranger, email=address).delete()
        Challenge.objects.filter(user=stranger, data__email=address).delete()
        audit.record("address_lost", user=stranger, reason="its owner confirmed it")


@receiver(post_delete, sender=EmailAddress)
def _leave_no_address_without_its_row(instance: EmailAddress, **_: Any) -> None:
    """Remove a deleted address from the account too. Without a row it would count as entered by staff, so as proved."""
    user = User.objects.filter(pk=instance.user_id, email=instance.email).first()
    if user is None:
        return
    rest = EmailAddress.objects.filter(user=user, verified=True).order_by("pk").first()
    if rest is not None:
        _make_primary(user, rest.email)
    else:
        User.objects.filter(pk=user.pk).update(email=None)
