"""Merging of two accounts of one user: the data of `gone` moves to `keep`, and `gone` is deleted.

Rows of any app with a foreign key to the user move automatically. Apps move other data when they receive
`signals.users_merged`. All in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest

from accounts import signals
from accounts.audit import audit
from accounts.models import ApiKey, Challenge, Session, User
from accounts.notices import notices
from accounts.profile import profile
from accounts.protocol import UserProfile
from accounts.serverpod import mirror
from accounts.sessions import sessions
from accounts.sign_in import ownership
from podium.core.errors import PodiumError
from podium.endpoints.calls import Call

STAYS: set[type[models.Model]] = {
    *(Session, ApiKey, Challenge, UserSession, EmailAddress, Authenticator, UserProfile)
}
"""Deleted with `gone`, or moved by a separate rule below."""


class CannotMerge(PodiumError):
    """These two accounts can't be merged."""

    status = 409
    code = "accounts.cannot_merge"

    def __init__(self, why: str, **details: Any) -> None:
        self.why = why
        super().__init__(why=why, **details)

    @property
    def message(self) -> str:
        return self.why


def merge(keep: User, gone: User, *, call: Call | None = None, request: HttpRequest | None = None) -> User:
    """Move all data of `gone` to `keep`, delete `gone`, and sign its devices out. Returns `keep`, updated.

    For single values (name, picture, primary address, password, authenticator app) `keep` keeps its own, and gets those
    it lacks. Scopes are those of both. If nobody has proved the address of one account, and the
    other account has an owner, the sign-in methods of the first are removed: ownership.py.
    Raises CannotMerge (409): twice the same user, a blocked user, `gone` with rights in the admin, or rows of both
    that must be unique. A few queries for each table that refers to users.
    """
    with transaction.atomic():
        keep, gone = _locked(keep, gone)
        _check(keep, gone)
        sessions.revoke_all(gone)
        _strip_what_is_nobodys(keep, gone, call)
        moved = _move_addresses(keep, gone)
        _move_second_factors(keep, gone)
        profile.merge(keep, gone)
        keep.groups.add(*gone.groups.all())
        gone.groups.clear()
        gone.user_permissions.clear()  # rights in the admin are granted, not inherited
        signals.users_merged.send(sender=User, keep=keep, gone=gone, call=call, request=request)
        for model, field in references():
            _move(model, field, keep, gone)
        key = str(gone.pk)
        gone.delete()
        mirror.everything_of(keep)
        audit.record("users_merged", user=keep, call=call, request=request, gone=key)
        for address in moved:
            notices.send(keep, "address_added", call=call, request=request, changed=address)
    return User.objects.get(pk=keep.pk)


def _locked(keep: User, gone: User) -> tuple[User, User]:
    """Both users, locked in the order of their keys, so that two merges never wait for each other."""
    keys = [keep.pk, gone.pk]
    found = {user.pk: user for user in User.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(found) < len(set(keys)):
        raise CannotMerge("One of the two accounts no longer exists.")
    return found[keep.pk], found[gone.pk]


def _check(keep: User, gone: User) -> None:
    if keep.pk == gone.pk:
        raise CannotMerge("Both accounts are the same.")
    if not (keep.is_active and gone.is_active):
        raise CannotMerge("One of the two accounts is blocked: unblock it first.")
    if gone.is_staff or gone.is_superuser:
        raise CannotMerge("The account to delete has rights in the admin: remove them first.")


def _strip_what_is_nobodys(keep: User, gone: User, call: Call | None) -> None:
    """Remove the sign-in methods of an account without an owner, so that they do not open the other account."""
    keep_is, gone_is = ownership.is_unproved(keep), ownership.is_unproved(gone)
    if gone_is and not keep_is:
        ownership.strip(gone)
    elif keep_is and not gone_is and notices.addresses(gone):
        token = call.identity.token_id if call is not None and call.identity is not None else ""
        ownership.strip(keep, ownership.Shown(token=token))


def _move_addresses(keep: User, gone: User) -> list[str]:
    """Move addresses, and the password if `keep` has none. Returns the proved addresses that are new to `keep`."""
    for each in (keep, gone):
        ownership.keep_given(each)
    mine = {address.email: address for address in EmailAddress.objects.filter(user=keep)}
    theirs = list(EmailAddress.objects.filter(user=gone).order_by("-primary", "pk"))
    email, password = gone.email, gone.password if gone.has_usable_password() else ""
    User.objects.filter(pk=gone.pk).update(email=None)  # an address belongs to one account
    for address in theirs:
        same = mine.get(address.email)
        if same is None:
            has_primary = EmailAddress.objects.filter(user=keep, primary=True).exists()
            address.user, address.primary = keep, address.primary and not has_primary
            address.save()
        else:
            address.delete()
            same.verified = same.verified or address.verified
            same.save()
    keep.email = keep.email or email
    if password and not keep.has_usable_password():
        keep.password = password  # the hash itself: set_password would sign the user out everywhere
    keep.save(update_fields=["email", "password"])
    return [each.email for each in theirs if each.verified and each.email not in mine]


def _move_second_factors(keep: User, gone: User) -> None:
    """Move passkeys and security keys. The authenticator app and its recovery codes move both or not at all."""
    theirs = Authenticator.objects.filter(user=gone)
    theirs.filter(type=Authenticator.Type.WEBAUTHN).update(user=keep)
    if not Authenticator.objects.filter(user=keep).exclude(type=Authenticator.Type.WEBAUTHN).exists():
        theirs.update(user=keep)


def references() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every foreign key to users whose rows move automatically, including hidden relations."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not (isinstance(relation, models.ManyToOneRel) and not relation.field.many_to_many):
            continue
        model = relation.related_model
        if model not in STAYS and not model._meta.proxy and model._meta.managed:
            yield model, relation.field


def _move(model: type[models.Model], field: models.Field[Any, Any], keep: User, gone: User) -> None:
    """Move the rows of one foreign key. Raises CannotMerge if both users have a row that must be unique."""
    rows = model._base_manager.filter(**{field.name: gone})
    if model._meta.auto_created:  # the table of a ManyToManyField
        for row in rows:
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{field.name: keep})
            except IntegrityError:
                row.delete()
        return
    try:
        with transaction.atomic():
            rows.update(**{field.name: keep})
    except IntegrityError:
        label = model._meta.label
        raise CannotMerge(
            f"Both accounts have a {label}, of which a user can have one. Delete one of them, or merge them in a "
            "receiver of accounts.signals.users_merged.",
            model=label,
            field=field.name,
        ) from None
