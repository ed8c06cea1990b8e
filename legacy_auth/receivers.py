"""Keep the rows of the legacy module in step with their accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver

from accounts import signals
from accounts.data import export
from accounts.models import NO_PASSWORD, Session, User, normalize_email
from accounts.passwords import legacy_hashers
from accounts.profile import profile
from accounts.providers.google.setup import Google
from legacy_auth import bringing, serverpod_users, users
from legacy_auth.conf import conf
from legacy_auth.models import (
    AuthKey,
    EmailAuth,
    EmailCreateAccountRequest,
    EmailFailedSignIn,
    EmailReset,
    GoogleRefreshToken,
    MigratedUser,
    UserImage,
    UserInfo,
)
from legacy_auth.signals import number_going, numbers_merged

OWNED: tuple[type[models.Model], ...] = (AuthKey, EmailAuth, EmailReset, UserImage, GoogleRefreshToken)
"""Refer to a user by a number that is not a foreign key."""
ADDRESSED: tuple[type[models.Model], ...] = (EmailCreateAccountRequest, EmailFailedSignIn)
"""Have an e-mail address, and do not refer to its user."""


@receiver(signals.address_wanted)
def _address_wanted(address: str, **_: Any) -> None:
    bringing.bring_address(address)


@receiver(post_save, sender=User)
def _user_saved(instance: User, created: bool, update_fields: Any = None, **_: Any) -> None:
    if created or not (found := users.numbers(instance)):
        return
    UserInfo.objects.filter(pk__in=found).update(email=instance.email, blocked=instance.blocked)
    raw = getattr(instance, "_password", None)  # Django keeps it until it is stored
    if raw is not None or (update_fields and "password" in update_fields):
        write_password(instance, raw)


def write_password(user: User, raw: str | None) -> None:
    """Update Serverpod's copy of a password while Serverpod runs; otherwise delete it.

    raw  the new password; None if only its hash is new
    """
    rows = EmailAuth.objects.filter(user_id__in=users.numbers(user))
    if not user.has_usable_password() and user.password != NO_PASSWORD:
        rows.update(hash="")  # one was taken away; with NO_PASSWORD it is still to be brought over
    elif conf.SIDE_BY_SIDE:
        if raw is not None and rows.update(hash=(stored := legacy_hashers.stored(raw))):
            bringing.keep_in_their_form(user, stored)
    elif not user.password.startswith(legacy_hashers.ALGORITHM):
        rows.update(hash="")


@receiver(post_delete, sender=EmailAddress)
def _address_gone(instance: Any, **_: Any) -> None:
    """Delete Serverpod's row of a removed address: its code would go to the present owner of the mailbox."""
    found = MigratedUser.objects.filter(new_auth_user_id=instance.user_id).values("old_user_id")
    rows = EmailAuth.objects.filter(user_id__in=found)
    same = [row.pk for row in rows if normalize_email(row.email) == instance.email]
    EmailAuth.objects.filter(pk__in=same).delete()


@receiver(post_delete, sender=SocialAccount)
def _identity_gone(instance: Any, **_: Any) -> None:
    """Remove the traces of an unlinked identity from Serverpod's rows, by which providers.py would link it again."""
    links = MigratedUser.objects.select_related("old_user").filter(new_auth_user_id=instance.user_id)
    for info in [link.old_user for link in links]:
        by_address = instance.provider == Google.name and info.user_identifier == info.email
        if by_address or info.user_identifier == instance.uid:
            UserInfo.objects.filter(pk=info.pk).update(user_identifier=str(instance.user_id))
        AuthKey.objects.filter(user_id=info.pk, method=instance.provider).update(method="")


@receiver(signals.account_taken_over)
def _taken_over(user: User, **_: Any) -> None:
    """Do the same for identities that were never used here. Those that the owner has shown stay linked."""
    linked = SocialAccount.objects.filter(user=user).values("uid")
    found = UserInfo.objects.filter(pk__in=users.numbers(user))
    found.exclude(user_identifier__in=linked).update(user_identifier=str(user.pk))


@receiver(signals.scopes_changed)
def _scopes_changed(user: User, scopes: set[str], **_: Any) -> None:
    """Set the new scopes on all keys, as Serverpod's `updateUserScopes` does."""
    found = users.numbers(user)
    UserInfo.objects.filter(pk__in=found).update(scope_names=sorted(scopes))
    AuthKey.objects.filter(user_id__in=found).update(scope_names=sorted(scopes))


@receiver(signals.profile_changed)
def _profile_changed(user: User, picture: bool, **_: Any) -> None:
    """Keep a picture of Serverpod's until there is a newer one, or the user removes it."""
    shown = profile.of(user)
    changes: dict[str, Any] = {"user_name": shown.user_name or "", "full_name": shown.full_name}
    if picture:
        changes["image_url"] = shown.image_url
    for number in users.numbers(user):
        UserInfo.objects.filter(pk=number).update(**changes)
        if picture and shown.image_url:
            version = UserImage.objects.filter(user_id=number).aggregate(last=Max("version"))["last"] or 0
            UserImage.objects.create(user_id=number, version=version + 1, url=shown.image_url)


@receiver(post_delete, sender=Session)
def _token_gone(instance: Session, **_: Any) -> None:
    found = MigratedUser.objects.filter(new_auth_user_id=instance.user_id).values("old_user_id")
    AuthKey.objects.filter(user_id__in=found, hash=bytes(instance.digest).hex()).delete()


@receiver(signals.signed_out_everywhere)
def _signed_out_everywhere(user: User, token_id: str, **_: Any) -> None:
    """Keys that Serverpod has made since the adoption have no Session whose end could end them."""
    kept = Session.objects.filter(pk=token_id).first() if token_id else None
    keys = AuthKey.objects.filter(user_id__in=users.numbers(user))
    (keys.exclude(hash=bytes(kept.digest).hex()) if kept is not None else keys).delete()


@receiver(pre_delete, sender=User)
def _user_goes(instance: User, **_: Any) -> None:
    """The rows go with the account. If tables of the app refer to one and forbid that, it stays without a name."""
    addresses = _addresses_of(instance)
    for model in ADDRESSED:
        model._base_manager.filter(email__in=addresses).delete()
    for number in users.numbers(instance):
        number_going.send(sender=UserInfo, number=number)
        for model in OWNED:
            model._base_manager.filter(user_id=number).delete()
        try:
            with transaction.atomic():
                UserInfo.objects.filter(pk=number).delete()
        except (IntegrityError, models.ProtectedError, models.RestrictedError):
            UserInfo.objects.filter(pk=number).update(
                user_identifier=f"{users.DELETED}{number}",
                user_name="",
                full_name=None,
                email=None,
                image_url=None,
                scope_names=[],
                blocked=True,
            )


def _addresses_of(user: User) -> set[str]:
    """All addresses of a user, as they are kept here and as Serverpod spelled them."""
    numbers = users.numbers(user)
    found = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    found |= set(UserInfo.objects.filter(pk__in=numbers).values_list("email", flat=True))
    found |= set(EmailAuth.objects.filter(user_id__in=numbers).values_list("email", flat=True))
    return {each for each in found if each}


@receiver(signals.users_merged)
def _users_merged(keep: User, gone: User, **_: Any) -> None:
    """If both have a number, that of `gone` goes: what refers to it by a foreign key moves."""
    _keep_one_password(keep, gone)
    if not (mine := users.numbers(keep)):
        return  # the only number moves by itself
    for number in users.numbers(gone):
        for model, name in _references():
            model._base_manager.filter(**{name: number}).update(**{name: mine[0]})
        numbers_merged.send(sender=UserInfo, keep=mine[0], gone=number)
        EmailAuth.objects.filter(user_id=number).update(user_id=mine[0])
        for owned in OWNED:
            owned._base_manager.filter(user_id=number).delete()
        UserInfo.objects.filter(pk=number).delete()


def _keep_one_password(keep: User, gone: User) -> None:
    """Serverpod's copies of passwords that the account does not have after the merge would count as newer ones."""
    for auth in EmailAuth.objects.filter(user_id__in=users.numbers(gone)):
        if serverpod_users.password_of(auth)[0] != keep.password:
            EmailAuth.objects.filter(pk=auth.pk).update(hash="")


def _references() -> Iterator[tuple[type[models.Model], str]]:
    """The columns that refer to users of the module, except the link to the account."""
    for relation in UserInfo._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model is not MigratedUser:
            yield relation.related_model, relation.field.attname


@receiver(signals.exporting)
def _export(user: User, **_: Any) -> Iterable[export.Entry]:
    found = users.numbers(user)
    shown = (
        "id",
        "user_identifier",
        "user_name",
        "full_name",
        "email",
        "created",
        "image_url",
        "scope_names",
    )
    yield export.table("serverpod_auth/user_info", UserInfo.objects.filter(pk__in=found), *shown)
    images = UserImage.objects.filter(user_id__in=found)
    yield export.table("serverpod_auth/user_images", images, "version", "url")
