"""The database's rows about a batch of users: read at once, and kept up to date during the import."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from accounts.imports.users import ImportedUser
from accounts.models import User


class Known:
    """Existing users, addresses and identities that match a batch. Three SELECTs.

    source  the provider whose identities hold the old ids
    """

    def __init__(self, batch: Collection[ImportedUser], source: str) -> None:
        self.source = source
        keys = {(source, imported.old_id) for imported in batch}
        keys |= {(each.provider, each.uid) for imported in batch for each in imported.identities}
        found = SocialAccount.objects.filter(_any_of(keys)).values_list("provider", "uid", "user_id")
        self.identities: dict[tuple[str, str], UUID] = {(name, uid): owner for name, uid, owner in found}
        emails = {each.email for imported in batch for each in imported.addresses}
        rows = EmailAddress.objects.filter(email__in=emails).order_by("verified")
        self.addresses = {
            row.email: row for row in rows
        }  # sorted so that a confirmed row replaces an unconfirmed one
        ids = {imported.id for imported in batch if imported.id} | set(self.identities.values())
        ids |= {row.user_id for row in self.addresses.values()}
        users = User.objects.filter(Q(pk__in=ids) | Q(email__in=emails))
        self.users = {user.pk: user for user in users}
        self.by_email = {user.email: user for user in self.users.values()}

    def user(self, imported: ImportedUser) -> User | None:
        """The user that an earlier run created for this entry, or merged it with."""
        if imported.id in self.users:
            return self.users[imported.id]
        owner = self.identities.get((self.source, imported.old_id))
        return self.users[owner] if owner else None

    def owner(self, email: str) -> User | None:
        """The user with an address, as the primary or a further one."""
        if email in self.by_email:
            return self.by_email[email]
        row = self.addresses.get(email)
        return self.users[row.user_id] if row else None

    def add(self, user: User) -> None:
        self.users[user.pk] = self.by_email[user.email] = user


def _any_of(keys: Iterable[tuple[str, str]]) -> Q:
    uids: dict[str, list[str]] = {}
    for provider, uid in keys:
        uids.setdefault(provider, []).append(uid)
    return reduce(or_, (Q(provider=provider, uid__in=of) for provider, of in uids.items()))
