"""A batch of Serverpod's users, and the accounts that they get. bringing.py calls it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.imports import passwords
from accounts.imports.users import LostPassword
from accounts.models import User, is_address, normalize_email
from accounts.profile.profile import NAME_LENGTH
from accounts.protocol import UserProfile
from accounts.sign_in import ownership
from accounts.staff import scopes
from legacy_auth.models import AuthKey, EmailAuth, MigratedUser, UserInfo
from podium.core.ids import uuid7

APPLES = re.compile(r"\d{6}\.[0-9a-f]{32}\.\d{4}")
"""Apple's ids. Their users' addresses are those that Apple has verified."""
HASH = re.compile(r"[0-9a-f]{64}")
SCOPE_LENGTH = Group._meta.get_field("name").max_length or 0
IMPORTED = "serverpod"
"""The provider under which `manage.py importusers` keeps the numbers of users."""


class Batch:
    """Match users with existing accounts: one that `importusers` made, or one whose address is proved to be the same
    user's. The others get a new account.
    """

    def __init__(self, infos: Sequence[UserInfo]) -> None:
        self.infos = infos
        ids = [info.pk for info in infos]
        self.auths: dict[int, list[EmailAuth]] = defaultdict(list)
        for auth in EmailAuth.objects.filter(user_id__in=ids).order_by("pk"):
            self.auths[auth.user_id].append(auth)
        imported = SocialAccount.objects.filter(provider=IMPORTED, uid__in=map(str, ids)).select_related(
            "user"
        )
        self.imported: dict[str, User] = {row.uid: row.user for row in imported}
        self.new: list[User] = []
        self.addresses: list[EmailAddress] = []
        self.profiles: list[UserProfile] = []
        self.links: list[MigratedUser] = []
        self.notes: list[str] = []
        addresses = {each for info in infos for each, _ in self._addresses_of(info)}
        self.named = {user.email: user for user in User.objects.filter(email__in=addresses)}
        self.known = _owners(addresses, self.named.values())
        self.claimed: list[tuple[User, str]] = []

    def write(self) -> None:
        """Store the batch. Raises IntegrityError if another process stored one of the users first."""
        for info in self.infos:
            self._take(info)
        User.objects.bulk_create(self.new)
        EmailAddress.objects.bulk_create(self.addresses)
        UserProfile.objects.bulk_create(self.profiles)
        MigratedUser.objects.bulk_create(
            self.links
        )  # before a proof, which looks for users of Serverpod again
        for user, address in self.claimed:
            ownership.prove(user, address)
        self._give_scopes()

    def _take(self, info: UserInfo) -> None:
        user = self._account_of(info)
        if user is None:
            user = self._make(info)
        else:
            self._join(user, info)
        self.links.append(MigratedUser(old_user=info, new_auth_user=user))

    def _account_of(self, info: UserInfo) -> User | None:
        """A user who is here already and has no number yet."""
        proved = [address for address, is_proved in self._addresses_of(info) if is_proved]
        owners = [self.imported.get(str(info.pk)), *(self.known.get(each) for each in proved)]
        taken = {link.new_auth_user_id for link in self.links}
        for user in owners:
            if user is None or user in self.new or user.pk in taken:
                continue
            if not MigratedUser.objects.filter(new_auth_user=user).exists():
                return user
        return None

    def _make(self, info: UserInfo) -> User:
        user = User(
            id=uuid7(),
            password=self._password_of(info) or make_password(None),
            name=_one_line(info.user_name),
            is_active=not info.blocked,
            created_at=info.created if info.created.tzinfo else info.created.replace(tzinfo=UTC),
            scope_names=set(self._scopes_of(info)),
        )
        self.new.append(user)
        if full_name := _one_line(info.full_name):
            self.profiles.append(
                UserProfile(auth_user=user, user_name=user.name or None, full_name=full_name)
            )
        for address, is_proved in self._addresses_of(info):
            self._add_address(user, info, address, is_proved)
        return user

    def _add_address(self, user: User, info: UserInfo, address: str, is_proved: bool) -> None:
        if self.known.get(address) is not None:
            self._note(info, f"{address} belongs to another account, and is left out")
            return
        if address in self.named:  # it was typed into a sign-up here
            if is_proved:
                self.claimed.append((user, address))
            return
        primary = user.email is None
        user.email = user.email or address
        self.addresses.append(EmailAddress(user=user, email=address, verified=is_proved, primary=primary))
        self.known[address] = user

    def _join(self, user: User, info: UserInfo) -> None:
        if info.blocked and user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
        if not user.has_usable_password() and (password := self._password_of(info)):
            user.password = password
            user.save(update_fields=["password"])

    def _addresses_of(self, info: UserInfo) -> list[tuple[str, bool]]:
        """The user's addresses, and whether Serverpod has verified them. The one to sign in with comes first.

        Firebase's users may have one that nobody has verified.
        """
        found = dict.fromkeys((normalize_email(auth.email) for auth in self.auths[info.pk]), True)
        if address := normalize_email(info.email or ""):
            own = normalize_email(info.user_identifier) == address or APPLES.fullmatch(info.user_identifier)
            found.setdefault(address, bool(own))
        return [(address, proved) for address, proved in found.items() if is_address(address)]

    def _password_of(self, info: UserInfo) -> str:
        auths = self.auths[info.pk]
        encoded, fault = password_of(auths[0]) if auths else ("", "")
        if fault:
            self._note(info, f"the password must be reset: {fault}")
        return encoded

    def _scopes_of(self, info: UserInfo) -> list[str]:
        return [name for name in info.scope_names if 0 < len(name) <= SCOPE_LENGTH]

    def _give_scopes(self) -> None:
        wanted = {
            (link.new_auth_user_id, name)
            for info, link in zip(self.infos, self.links, strict=True)
            for name in self._scopes_of(info)
        }
        names = {name for _, name in wanted}
        Group.objects.bulk_create([Group(name=name) for name in sorted(names)], ignore_conflicts=True)
        groups = dict(Group.objects.filter(name__in=names).values_list("name", "pk"))
        through: Any = User.groups.through
        rows = [through(user_id=user, group_id=groups[name]) for user, name in sorted(wanted, key=str)]
        through.objects.bulk_create(rows, ignore_conflicts=True)
        scopes.write_down(User.objects.filter(pk__in={user for user, _ in wanted}))

    def _note(self, info: UserInfo, text: str) -> None:
        self.notes.append(f"user {info.pk}: {text}")


def password_of(auth: EmailAuth) -> tuple[str, str]:
    """A hash of Serverpod as Django keeps it, or "" and why it can't be kept."""
    if not auth.hash:
        return "", ""
    try:
        return passwords.serverpod_auth(auth.hash, auth.email), ""
    except LostPassword as why:
        return "", str(why)


def digest_of(row: AuthKey) -> bytes | None:
    """The digest of a key's Session; None for a hash that is not one."""
    return bytes.fromhex(row.hash) if HASH.fullmatch(row.hash) else None


def _owners(addresses: set[str], named: Iterable[User]) -> dict[str, User]:
    """Map addresses to the users who have proved them: ownership.py has the rules. One SELECT.

    named  the users whose primary address is one of them
    """
    rows = list(EmailAddress.objects.filter(email__in=addresses).select_related("user"))
    owners: dict[str, User] = {row.email: row.user for row in rows if row.verified}
    claims = {(row.email, row.user_id) for row in rows}
    for user in named:
        if user.email and (user.email, user.pk) not in claims:
            owners.setdefault(user.email, user)
    return owners


def _one_line(text: str | None) -> str:
    """A name as profiles keep it: one line, and not too long."""
    return " ".join("".join(each if each.isprintable() else " " for each in text or "").split())[:NAME_LENGTH]
