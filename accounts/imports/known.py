"""What the database has of a batch of people: read at once, and kept up to date while they are taken in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from accounts.imports.people import Person
from accounts.models import User


class Known:
    """Users, addresses and identities that these people may meet. Three SELECTs.

    source  the provider under which the old ids are kept
    """

    def __init__(self, people: Collection[Person], source: str) -> None:
        self.source = source
        keys = {(source, person.old_id) for person in people}
        keys |= {(each.provider, each.uid) for person in people for each in person.identities}
        found = SocialAccount.objects.filter(_any_of(keys)).values_list("provider", "uid", "user_id")
        self.identities: dict[tuple[str, str], UUID] = {(name, uid): owner for name, uid, owner in found}
        emails = {each.email for person in people for each in person.addresses}
        rows = EmailAddress.objects.filter(email__in=emails).order_by("verified")
        self.addresses = {row.email: row for row in rows}  # whoever has confirmed one comes last, and has it
        ids = {person.id for person in people if person.id} | set(self.identities.values())
        ids |= {row.user_id for row in self.addresses.values()}
        users = User.objects.filter(Q(pk__in=ids) | Q(email__in=emails))
        self.users = {user.pk: user for user in users}
        self.by_email = {user.email: user for user in self.users.values()}

    def person(self, person: Person) -> User | None:
        """Whom an earlier run made of this person, or merged it with."""
        if person.id in self.users:
            return self.users[person.id]
        owner = self.identities.get((self.source, person.old_id))
        return self.users[owner] if owner else None

    def owner(self, email: str) -> User | None:
        """Who has an address: the one to sign in with, or another one."""
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
