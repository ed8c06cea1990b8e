"""Store users of another system: create new ones, and update those of an earlier run. The only writer of imports.

Newer data here stays: users who have signed in here since are not changed, and a password set or renewed here
is never overwritten. Model signals are not sent, because of bulk_create.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import get_hasher, is_password_usable, make_password
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.imports.known import Known
from accounts.imports.report import Outcome, Report
from accounts.imports.users import Identity, ImportedUser
from accounts.models import User, is_address
from accounts.sessions import sessions
from accounts.sign_in import ownership
from accounts.staff import scopes
from podium.core import clock
from podium.core.ids import uuid7

NAME_MAX_LENGTH = User._meta.get_field("name").max_length or 0
UID_MAX_LENGTH = SocialAccount._meta.get_field("uid").max_length or 0
SCOPE_MAX_LENGTH = Group._meta.get_field("name").max_length or 0
CHANGED = ["password", "is_active", "name", "last_login"]
"""The fields of a user that a later run may change."""


def store(users: Sequence[ImportedUser], source: str, report: Report, *, merge: bool) -> None:
    """Store all these users, or none if somebody else took an address meanwhile. Raises IntegrityError.

    source  "firebase", "supabase" or "serverpod"; also the provider under which the old ids are stored
    merge   add the identities of an entry to the user here who has the same address
    """
    with transaction.atomic():
        batch = Batch(users, source, merge=merge)
        batch.take_all()
        batch.write()
    for outcome, imported, text in batch.ends:
        report.add(outcome, imported.place, text)
        if outcome not in (Outcome.REFUSED, Outcome.SKIPPED):
            for note in dict.fromkeys(imported.notes):  # a note occurs twice if a batch was tried twice
                report.note(imported.place, note)


class Batch:
    """Some hundred entries, and their outcomes."""

    def __init__(self, users: Sequence[ImportedUser], source: str, *, merge: bool) -> None:
        self.users, self.source, self.merge = users, source, merge
        self.known = Known(users, source)
        self.ends: list[tuple[Outcome, ImportedUser, str]] = []
        self.new_users: list[User] = []
        self.changed_users: list[User] = []
        self.new_addresses: list[EmailAddress] = []
        self.confirmed: list[EmailAddress] = []
        self.proved: list[tuple[User, ImportedUser]] = []
        self.new_identities: list[SocialAccount] = []
        self.scopes: list[tuple[User, str]] = []

    def take_all(self) -> None:
        places: dict[str, str] = {}
        for imported in self.users:
            first = places.setdefault(imported.old_id, imported.place)
            if first == imported.place:
                self.take(imported)
            else:
                self._end(Outcome.REFUSED, imported, f"the id is also used at {first}")

    def take(self, imported: ImportedUser) -> None:
        user = self.known.user(imported)
        if user is not None:
            self._update(user, imported)
        elif fault := _fault_of(imported):
            self._end(Outcome.REFUSED, imported, fault)
        elif owner := self.known.owner(imported.addresses[0].email):
            self._merge(owner, imported)
        else:
            self._create(imported)

    def _end(self, outcome: Outcome, imported: ImportedUser, text: str = "") -> None:
        self.ends.append((outcome, imported, text))

    def _create(self, imported: ImportedUser) -> None:
        user = User(
            id=imported.id or uuid7(),
            email=imported.addresses[0].email,
            password=imported.password or make_password(None),
            is_active=not imported.blocked,
            created_at=imported.created_at or clock.now(),
            last_login=imported.last_login,
        )
        set_profile(user, imported)
        self.new_users.append(user)
        self.known.add(user)
        self._add_addresses(user, imported)
        self._add_identities(user, imported, imported.identities)
        self._add_scopes(user, imported)
        self._end(Outcome.CREATED, imported)

    def _update(self, user: User, imported: ImportedUser) -> None:
        here = user.last_login
        if here and (imported.last_login is None or here > imported.last_login):
            self._end(Outcome.SKIPPED, imported, f"has signed in here since ({here:%Y-%m-%d %H:%M} UTC)")
            return
        if user.is_staff:
            self._end(Outcome.SKIPPED, imported, "is staff here; staff can only be changed in the admin")
            return
        before = [getattr(user, name) for name in CHANGED]
        if imported.password and _came_along(user.password):
            user.password = imported.password
        if imported.blocked and user.is_active:
            user.is_active = False
            transaction.on_commit(partial(sessions.revoke_all, user))
        user.last_login = imported.last_login
        set_profile(user, imported)
        changed = before != [getattr(user, name) for name in CHANGED]
        if changed:
            self.changed_users.append(user)
        added = self._add_addresses(user, imported) + self._add_identities(
            user, imported, imported.identities
        )
        self._end(Outcome.UPDATED if changed or added else Outcome.UNCHANGED, imported)

    def _merge(self, owner: User, imported: ImportedUser) -> None:
        """Merge only if both sides confirmed the address: otherwise a stranger who signed up there gets access."""
        address = imported.addresses[0]
        row = self.known.addresses.get(address.email)
        confirmed = address.verified and row is not None and row.verified and row.user_id == owner.pk
        fault = f"{address.email} belongs to {owner.pk} here already"
        if not self.merge:
            self._end(Outcome.REFUSED, imported, f"{fault} (--merge merges the two)")
        elif not confirmed:
            self._end(Outcome.REFUSED, imported, f"{fault}, and is not confirmed on both sides")
        elif imported.blocked or owner.is_staff:
            why = "is blocked there" if imported.blocked else "is staff here"
            self._end(Outcome.REFUSED, imported, f"{fault}; not merged, since the user {why}")
        else:
            old = [Identity(self.source, imported.old_id)]
            old = [] if any(each.provider == self.source for each in imported.identities) else old
            imported.notes = [f"merged with {owner.pk}, whose password and profile stay"]
            if imported.scopes:
                imported.notes.append(
                    f"scopes not granted by the merge: {', '.join(sorted(imported.scopes))}"
                )
            self._add_identities(owner, imported, [*imported.identities, *old])
            self._end(Outcome.MERGED, imported)

    # Related rows; each method returns the number of rows created or changed -----------------------------------------

    def _add_addresses(self, user: User, imported: ImportedUser) -> int:
        count = len(self.new_addresses) + len(self.confirmed)
        for each in imported.addresses:
            owner, row = self.known.owner(each.email), self.known.addresses.get(each.email)
            if owner is not None and owner.pk != user.pk:
                imported.notes.append(f"{each.email} belongs to {owner.pk} here already, and is left out")
            elif not is_address(each.email):
                imported.notes.append(f"{each.email[:80]!r} is not a valid e-mail address, and is left out")
            elif row is None:
                primary = each.email == user.email
                row = EmailAddress(user=user, email=each.email, verified=each.verified, primary=primary)
                self.known.addresses[each.email] = row
                self.new_addresses.append(row)
            elif each.verified and not row.verified:
                row.verified = True
                self.confirmed.append(row)
                if row.pk and each.email == user.email:
                    self.proved.append((user, imported))
        return len(self.new_addresses) + len(self.confirmed) - count

    def _add_identities(self, user: User, imported: ImportedUser, identities: Sequence[Identity]) -> int:
        count = len(self.new_identities)
        for each in identities:
            key = (each.provider, each.uid)
            owner = self.known.identities.get(key)
            if owner is not None and owner != user.pk:
                imported.notes.append(
                    f"{each.provider} {each.uid} belongs to {owner} already, and is left out"
                )
            elif len(each.uid) > UID_MAX_LENGTH:
                imported.notes.append(f"the id at {each.provider} is longer than {UID_MAX_LENGTH}: left out")
            elif owner is None:
                self.known.identities[key] = user.pk
                self.new_identities.append(
                    SocialAccount(user=user, provider=each.provider, uid=each.uid, extra_data=each.data)
                )
        return len(self.new_identities) - count

    def _add_scopes(self, user: User, imported: ImportedUser) -> None:
        for name in sorted(imported.scopes):
            if len(name) > SCOPE_MAX_LENGTH:
                imported.notes.append(f"the scope {name[:40]}... has more than {SCOPE_MAX_LENGTH} characters")
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
        for user, imported in self.proved:
            self._give_to_its_owner(user, imported)

    def _give_to_its_owner(self, user: User, imported: ImportedUser) -> None:
        """Remove sign-in methods of an earlier run that the entry, whose address is confirmed now, no longer has."""
        known = {(each.provider, each.uid) for each in imported.identities} | {(self.source, imported.old_id)}
        shown = ownership.Shown(password=bool(imported.password), identities=frozenset(known))
        ownership.settle(user, str(user.email), primary=True, unproved=True, shown=shown)


def set_profile(user: User, imported: ImportedUser) -> None:
    """Set the profile of a user, without overwriting existing values. The only place that knows where profiles are.

    The address of a picture is not imported.
    """
    if not user.name:
        user.name = imported.name[:NAME_MAX_LENGTH]
        if len(imported.name) > NAME_MAX_LENGTH:
            imported.notes.append(f"the name is cut to {NAME_MAX_LENGTH} characters")


def _fault_of(imported: ImportedUser) -> str:
    """The reason for which an entry can't be stored, or ""."""
    if not imported.addresses:
        return "has no e-mail address, which is required here"
    email = imported.addresses[0].email
    return "" if is_address(email) else f"{email[:80]!r} is not a valid e-mail address"


def _came_along(encoded: str) -> bool:
    """Test whether a stored password came from an earlier run: unusable, or not yet hashed again."""
    return not is_password_usable(encoded) or encoded.partition("$")[0] != get_hasher().algorithm
