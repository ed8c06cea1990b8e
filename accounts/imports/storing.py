"""Store people of another system: new ones made, those of an earlier run brought up to date. The only writer here.

What is newer here stays: who has signed in here since is left alone, and a password that was set or renewed here is
never written over. Signals of models are not sent, as always with bulk_create.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import get_hasher, is_password_usable, make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import ownership, scopes, tokens
from accounts.imports.known import Known
from accounts.imports.people import Identity, Person
from accounts.imports.report import Outcome, Report
from accounts.models import EMAIL_MAX_LENGTH, User
from core import clock
from core.ids import uuid7

NAME_MAX_LENGTH = User._meta.get_field("name").max_length or 0
UID_MAX_LENGTH = SocialAccount._meta.get_field("uid").max_length or 0
SCOPE_MAX_LENGTH = Group._meta.get_field("name").max_length or 0
CHANGED = ["password", "is_active", "name", "last_login"]
"""What a later run may change of a user."""


def store(people: Sequence[Person], source: str, report: Report, *, merge: bool) -> None:
    """Take these people in, all or, where someone else was quicker with an address, none. Raises IntegrityError.

    source  "firebase", "supabase" or "serverpod": also the provider under which an old id can be looked up
    merge   give the identities of whoever has the address of someone here to that someone
    """
    with transaction.atomic():
        batch = Batch(people, source, merge=merge)
        batch.take_all()
        batch.write()
    for outcome, person, text in batch.ends:
        report.add(outcome, person.place, text)
        if outcome not in (Outcome.REFUSED, Outcome.SKIPPED):
            for note in dict.fromkeys(person.notes):  # twice, where a batch was tried twice
                report.note(person.place, note)


class Batch:
    """Some hundred people, and what becomes of them."""

    def __init__(self, people: Sequence[Person], source: str, *, merge: bool) -> None:
        self.people, self.source, self.merge = people, source, merge
        self.known = Known(people, source)
        self.ends: list[tuple[Outcome, Person, str]] = []
        self.new_users: list[User] = []
        self.changed_users: list[User] = []
        self.new_addresses: list[EmailAddress] = []
        self.confirmed: list[EmailAddress] = []
        self.proved: list[tuple[User, Person]] = []
        self.new_identities: list[SocialAccount] = []
        self.scopes: list[tuple[User, str]] = []

    def take_all(self) -> None:
        places: dict[str, str] = {}
        for person in self.people:
            first = places.setdefault(person.old_id, person.place)
            if first == person.place:
                self.take(person)
            else:
                self._end(Outcome.REFUSED, person, f"the same id stands at {first}")

    def take(self, person: Person) -> None:
        user = self.known.person(person)
        if user is not None:
            self._update(user, person)
        elif fault := _fault_of(person):
            self._end(Outcome.REFUSED, person, fault)
        elif owner := self.known.owner(person.addresses[0].email):
            self._merge(owner, person)
        else:
            self._create(person)

    def _end(self, outcome: Outcome, person: Person, text: str = "") -> None:
        self.ends.append((outcome, person, text))

    def _create(self, person: Person) -> None:
        user = User(
            id=person.id or uuid7(),
            email=person.addresses[0].email,
            password=person.password or make_password(None),
            is_active=not person.blocked,
            created_at=person.created_at or clock.now(),
            last_login=person.last_login,
        )
        set_profile(user, person)
        self.new_users.append(user)
        self.known.add(user)
        self._add_addresses(user, person)
        self._add_identities(user, person, person.identities)
        self._add_scopes(user, person)
        self._end(Outcome.CREATED, person)

    def _update(self, user: User, person: Person) -> None:
        here = user.last_login
        if here and (person.last_login is None or here > person.last_login):
            self._end(Outcome.SKIPPED, person, f"has signed in here since ({here:%Y-%m-%d %H:%M} UTC)")
            return
        if user.is_staff:
            self._end(Outcome.SKIPPED, person, "is staff here; staff are changed in the admin alone")
            return
        before = [getattr(user, name) for name in CHANGED]
        if person.password and _came_along(user.password):
            user.password = person.password
        if person.blocked and user.is_active:
            user.is_active = False
            transaction.on_commit(partial(tokens.revoke_all, user))
        user.last_login = person.last_login
        set_profile(user, person)
        changed = before != [getattr(user, name) for name in CHANGED]
        if changed:
            self.changed_users.append(user)
        added = self._add_addresses(user, person) + self._add_identities(user, person, person.identities)
        self._end(Outcome.UPDATED if changed or added else Outcome.UNCHANGED, person)

    def _merge(self, owner: User, person: Person) -> None:
        """Only where both sides have confirmed the address: else who signed up there with it would get in here."""
        address = person.addresses[0]
        row = self.known.addresses.get(address.email)
        confirmed = address.verified and row is not None and row.verified and row.user_id == owner.pk
        fault = f"{address.email} belongs to {owner.pk} here already"
        if not self.merge:
            self._end(Outcome.REFUSED, person, f"{fault} (--merge brings the two together)")
        elif not confirmed:
            self._end(Outcome.REFUSED, person, f"{fault}, and is not confirmed on both sides")
        elif person.blocked or owner.is_staff:
            why = "is blocked there" if person.blocked else "is staff here"
            self._end(Outcome.REFUSED, person, f"{fault}; not merged, since the person {why}")
        else:
            old = [Identity(self.source, person.old_id)]
            old = [] if any(each.provider == self.source for each in person.identities) else old
            person.notes = [f"merged with {owner.pk}, whose password and profile stay"]
            if person.scopes:
                person.notes.append(f"not given on merging: the scopes {', '.join(sorted(person.scopes))}")
            self._add_identities(owner, person, [*person.identities, *old])
            self._end(Outcome.MERGED, person)

    # What belongs to a person; each gives how many rows that makes or changes ----------------------------------------

    def _add_addresses(self, user: User, person: Person) -> int:
        count = len(self.new_addresses) + len(self.confirmed)
        for each in person.addresses:
            owner, row = self.known.owner(each.email), self.known.addresses.get(each.email)
            if owner is not None and owner.pk != user.pk:
                person.notes.append(f"{each.email} belongs to {owner.pk} here already, and is left out")
            elif not _is_address(each.email):
                person.notes.append(f"{each.email[:80]!r} is no e-mail address, and is left out")
            elif row is None:
                primary = each.email == user.email
                row = EmailAddress(user=user, email=each.email, verified=each.verified, primary=primary)
                self.known.addresses[each.email] = row
                self.new_addresses.append(row)
            elif each.verified and not row.verified:
                row.verified = True
                self.confirmed.append(row)
                if row.pk and each.email == user.email:
                    self.proved.append((user, person))
        return len(self.new_addresses) + len(self.confirmed) - count

    def _add_identities(self, user: User, person: Person, identities: Sequence[Identity]) -> int:
        count = len(self.new_identities)
        for each in identities:
            key = (each.provider, each.uid)
            owner = self.known.identities.get(key)
            if owner is not None and owner != user.pk:
                person.notes.append(f"{each.provider} {each.uid} belongs to {owner} already, and is left out")
            elif len(each.uid) > UID_MAX_LENGTH:
                person.notes.append(f"the id at {each.provider} is longer than {UID_MAX_LENGTH}: left out")
            elif owner is None:
                self.known.identities[key] = user.pk
                self.new_identities.append(
                    SocialAccount(user=user, provider=each.provider, uid=each.uid, extra_data=each.data)
                )
        return len(self.new_identities) - count

    def _add_scopes(self, user: User, person: Person) -> None:
        for name in sorted(person.scopes):
            if len(name) > SCOPE_MAX_LENGTH:
                person.notes.append(f"the scope {name[:40]}... has more than {SCOPE_MAX_LENGTH} characters")
            else:
                self.scopes.append((user, name))

    def write(self) -> None:
        User.objects.bulk_create(self.new_users)
        User.objects.bulk_update(self.changed_users, CHANGED)
        EmailAddress.objects.bulk_create(self.new_addresses)
        EmailAddress.objects.bulk_update([row for row in self.confirmed if row.pk], ["verified"])
        SocialAccount.objects.bulk_create(self.new_identities)
        names = {name for _, name in self.scopes}
        Group.objects.bulk_create([Group(name=name) for name in sorted(names)], ignore_conflicts=True)
        groups = dict(Group.objects.filter(name__in=names).values_list("name", "pk"))
        through: Any = User.groups.through
        through.objects.bulk_create(
            [through(user_id=user.pk, group_id=groups[name]) for user, name in self.scopes]
        )
        scopes.write_down(User.objects.filter(pk__in={user.pk for user, _ in self.scopes}))
        for user, person in self.proved:
            self._give_to_its_owner(user, person)

    def _give_to_its_owner(self, user: User, person: Person) -> None:
        """Remove sign-in methods of an earlier run that the entry, whose address is confirmed now, no longer has."""
        known = {(each.provider, each.uid) for each in person.identities} | {(self.source, person.old_id)}
        shown = ownership.Shown(password=bool(person.password), identities=frozenset(known))
        ownership.settle(user, str(user.email), primary=True, unproved=True, shown=shown)


def set_profile(user: User, person: Person) -> None:
    """What others see of a person, where nothing stands here yet. The one place that knows where profiles are.

    A picture's address has no place yet: it is left out.
    """
    if not user.name:
        user.name = person.name[:NAME_MAX_LENGTH]
        if len(person.name) > NAME_MAX_LENGTH:
            person.notes.append(f"the name is cut to {NAME_MAX_LENGTH} characters")


def _fault_of(person: Person) -> str:
    """Why a person can't be made; empty where nothing speaks against it."""
    if not person.addresses:
        return "has no e-mail address, which everyone needs here"
    email = person.addresses[0].email
    return "" if _is_address(email) else f"{email[:80]!r} is no e-mail address"


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= EMAIL_MAX_LENGTH


def _came_along(encoded: str) -> bool:
    """Whether a stored password is still the one that an earlier run brought: none, or not yet hashed anew."""
    return not is_password_usable(encoded) or encoded.partition("$")[0] != get_hasher().algorithm
