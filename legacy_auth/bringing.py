"""Users of Serverpod become accounts: all of them in `manage.py adopt`, and each one at first use if it is new since.

Rows of Serverpod are read and linked, and stay. Users who already have a link are not changed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from accounts.models import Session, Strategy, User
from accounts.passwords import legacy_hashers
from accounts.second_factor import factors
from accounts.serverpod import users as core_users
from accounts.sessions import sessions
from legacy_auth import serverpod_users, users
from legacy_auth.conf import conf
from legacy_auth.models import AuthKey, EmailAuth, MigratedUser, UserInfo

BATCH_ROWS = 500


@dataclass
class Brought:
    """Counts of the rows that were taken over. `notes` name users of whom something was left out."""

    made: int = 0
    joined: int = 0
    keys: int = 0
    blocked: int = 0
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        found = [
            f"{self.made} users of serverpod_user_info got an account, {self.joined} joined an existing one",
            f"{self.keys} keys of serverpod_auth_key stay valid",
        ]
        return [*found, *([f"{self.blocked} users blocked since"] if self.blocked else []), *self.notes]


def bring_all() -> Brought:
    """Bring over all users and keys that are not here yet. Safe to run again. In the caller's transaction."""
    brought = Brought()
    linked = MigratedUser.objects.values("old_user_id")
    gone = UserInfo.objects.filter(user_identifier__startswith=users.DELETED)
    for infos in _batches(UserInfo.objects.exclude(pk__in=linked).exclude(pk__in=gone)):
        batch = serverpod_users.Batch(infos)
        batch.write()
        brought.made += len(batch.new)
        brought.joined += len(batch.links) - len(batch.new)
        brought.notes += batch.notes
    for keys in _batches(AuthKey.objects.all()):
        brought.keys += _bring_keys(keys)
    _give_passwords()
    brought.blocked = _block_accounts()
    return brought


def bring_user(info: UserInfo) -> User | None:
    """The account of a user of Serverpod, made if there is none. None for a user who was deleted here."""
    user = users.user_of(info.pk)
    if user is not None or info.user_identifier.startswith(users.DELETED):
        return user
    try:
        with transaction.atomic():
            serverpod_users.Batch([info]).write()
    except IntegrityError:  # another call was quicker
        pass
    return users.user_of(info.pk)


def bring_address(address: str) -> None:
    """Bring over the user with this address, if Serverpod made one since. One or two SELECTs.

    address  as it is kept here. Clients may have sent its domain in ASCII to Serverpod.
    """
    if "\0" in address:
        return
    spellings = core_users.spellings(address)
    auth = EmailAuth.objects.filter(email__in=spellings).first()
    found = UserInfo.objects.filter(pk=auth.user_id) if auth else UserInfo.objects.filter(email__in=spellings)
    info = found.order_by("pk").first()
    if info is None:
        return
    user = bring_user(info)
    if user is not None and auth is not None and conf.SIDE_BY_SIDE:
        _take_password(user, auth)


def bring_key(row: AuthKey) -> bool:
    """Make the Session of a key; return whether there is one now."""
    info = UserInfo.objects.filter(pk=row.user_id).first()
    if info is None or bring_user(info) is None:
        return False
    _bring_keys([row])
    return True


def _take_password(user: User, auth: EmailAuth) -> None:
    """Take a password that Serverpod has changed, and sign the user out everywhere: the old one may be known.

    The account keeps the hash of the row as long as both servers run, so a difference is a change of Serverpod's.
    Users of Serverpod's newer modules are the matter of accounts/serverpod.
    """
    encoded, _ = serverpod_users.password_of(auth)
    if not encoded or encoded == user.password or core_users.has_email_account(user):
        return
    if user.has_usable_password():
        sessions.revoke_all(user)
    user.password = encoded
    user.save(update_fields=["password"])


def keep_in_their_form(user: User, stored: str) -> None:
    """Store a new password as Serverpod's row has it, so that the two can be compared. stored: of that row."""
    user.password = legacy_hashers.encoded(stored, user.email or "")
    User.objects.filter(pk=user.pk).update(password=user.password)


def _bring_keys(keys: Sequence[AuthKey]) -> int:
    """Make the Tokens that are missing. Return their number.

    They expire when they are unused for as long as others may be. They are not a recent proof of identity, so their
    time is that of the account. A user who has a second factor by now gets none: Serverpod did not ask for it.
    """
    digests = {row.pk: digest for row in keys if (digest := serverpod_users.digest_of(row))}
    found = Session.objects.filter(digest__in=digests.values()).values_list("digest", flat=True)
    known = {bytes(each) for each in found}
    accounts = _accounts_of({row.user_id for row in keys})
    made = []
    for row in keys:
        digest, user = digests.get(row.pk), accounts.get(row.user_id)
        if digest is None or user is None or digest in known:
            continue
        token = Session(user=user, strategy=Strategy.SESSION, method=row.method[:40], digest=digest)
        token.created_at = user.created_at
        made.append(token)
    Session.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _accounts_of(numbers: set[int]) -> dict[int, User]:
    """The accounts of users by their numbers, but for those that have a second factor. Two SELECTs."""
    links = MigratedUser.objects.select_related("new_auth_user").filter(old_user__id__in=numbers)
    accounts = {link.old_user_id: link.new_auth_user for link in links}
    rows = Authenticator.objects.filter(user__in=accounts.values())
    having = set(rows.values_list("user_id", flat=True))
    guarded = {user.pk for user in accounts.values() if user.pk in having and factors.due(user)}
    return {number: user for number, user in accounts.items() if user.pk not in guarded}


def _give_passwords() -> None:
    """Bring over passwords of users whom Serverpod has moved to its new modules: it left them where they were."""
    without = User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    links = MigratedUser.objects.select_related("new_auth_user").filter(new_auth_user__in=without)
    users_by_number = {link.old_user_id: link.new_auth_user for link in links}
    for auth in EmailAuth.objects.filter(user_id__in=users_by_number).exclude(hash="").order_by("-pk"):
        encoded, _ = serverpod_users.password_of(auth)
        if encoded:
            user = users_by_number[auth.user_id]
            user.password = encoded
            user.save(update_fields=["password"])


def _block_accounts() -> int:
    """Block the accounts whose users Serverpod has blocked since. receivers.py sees to the other direction."""
    blocked = UserInfo.objects.filter(blocked=True).values("pk")
    links = MigratedUser.objects.select_related("new_auth_user").filter(
        old_user__in=blocked, new_auth_user__in=User.objects.filter(is_active=True)
    )
    for link in links:
        link.new_auth_user.is_active = False
        link.new_auth_user.save(update_fields=["is_active"])
    return len(links)


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """Rows in the order of their ids, some hundred at a time."""
    last: Model | None = None
    while batch := list((rows.filter(pk__gt=last.pk) if last else rows).order_by("pk")[:BATCH_ROWS]):
        yield batch
        last = batch[-1]
