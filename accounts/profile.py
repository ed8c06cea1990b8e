"""A person's profile as apps see it. Its row is made by whoever first has something to store; reading makes none."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from accounts import pictures
from accounts.models import User
from accounts.protocol import ProfileException, UserProfile, UserProfileImage, UserProfileModel
from accounts.protocol import ProfileExceptionReason as Reason

NAME_LENGTH = 150
_NOT_ON_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
STORAGE = "public"
"""What Serverpod calls the storage whose files everybody can get; here all are in Django's default storage."""


def of(user: User) -> UserProfileModel:
    """The profile of a person; what nobody stored there is taken from the person. One SELECT.

    The e-mail address is the one that the person signs in with, confirmed or not: show it to that person alone.
    """
    stored = UserProfile.objects.select_related("image").filter(auth_user=user).first()
    return UserProfileModel(
        auth_user_id=user.pk,
        user_name=(stored and stored.user_name) or user.name or None,
        full_name=stored.full_name if stored else None,
        email=user.email,
        image_url=stored.image.url if stored and stored.image else None,
    )


@transaction.atomic
def change_user_name(user: User, name: str | None) -> UserProfileModel:
    """Set the name or nickname that others see; None or "" for none. Raises ProfileException: BAD_NAME."""
    checked = _checked(name)
    UserProfile.objects.filter(pk=_locked(user).pk).update(user_name=checked)
    user.name = checked or ""
    user.save(update_fields=["name"])
    return of(user)


@transaction.atomic
def change_full_name(user: User, name: str | None) -> UserProfileModel:
    """Set the full name; None or "" for none. Raises ProfileException: BAD_NAME."""
    UserProfile.objects.filter(pk=_locked(user).pk).update(full_name=_checked(name))
    return of(user)


def set_picture(user: User, data: bytes) -> UserProfileModel:
    """Show this picture from now on; the one before goes. Raises ProfileException: PICTURE_TOO_LARGE, NO_PICTURE."""
    path, url = pictures.store(pictures.squared(data))
    try:
        with transaction.atomic():
            profile = _locked(user)
            before = profile.image
            image = UserProfileImage.objects.create(
                user_profile=profile, storage_id=STORAGE, path=path, url=url
            )
            UserProfile.objects.filter(pk=profile.pk).update(image=image)
            _drop(before)
    except BaseException:  # nobody would ever find it again
        pictures.delete(path)
        raise
    return of(user)


@transaction.atomic
def remove_picture(user: User) -> UserProfileModel:
    """Show no picture any more; without one this does nothing."""
    profile = UserProfile.objects.select_for_update().filter(auth_user=user).first()
    if profile is not None and profile.image is not None:
        before = profile.image
        UserProfile.objects.filter(pk=profile.pk).update(image=None)
        _drop(before)
    return of(user)


def has_picture(user_id: Any) -> bool:
    return UserProfile.objects.filter(auth_user_id=user_id, image__isnull=False).exists()


def picture_paths(user: User) -> list[str]:
    """Where in the storage a person's pictures are: one, or none."""
    profiles = UserProfile.objects.filter(auth_user=user)
    return list(UserProfileImage.objects.filter(user_profile__in=profiles).values_list("path", flat=True))


@transaction.atomic
def merge(keep: User, gone: User) -> None:
    """Give `keep` what it has not: names and the picture. Its own stay."""
    theirs = UserProfile.objects.select_related("image").filter(auth_user=gone).first()
    keep.name = keep.name or gone.name
    keep.save(update_fields=["name"])
    if theirs is None:
        return
    mine = _locked(keep)
    image = theirs.image
    UserProfile.objects.filter(pk=theirs.pk).update(image=None)
    changes: dict[str, Any] = {
        "user_name": mine.user_name or theirs.user_name,
        "full_name": mine.full_name or theirs.full_name,
    }
    if image is not None and mine.image_id is None:
        UserProfileImage.objects.filter(pk=image.pk).update(user_profile=mine)
        changes["image"] = image
    UserProfile.objects.filter(pk=mine.pk).update(**changes)
    _forget_pictures(gone)
    UserProfile.objects.filter(pk=theirs.pk).delete()


def _locked(user: User) -> UserProfile:
    """The person's row, made where there is none, that nobody else changes until the transaction ends."""
    UserProfile.objects.get_or_create(auth_user=user)
    return UserProfile.objects.select_for_update().get(auth_user=user)


def _drop(image: UserProfileImage | None) -> None:
    if image is not None:
        path = image.path
        UserProfileImage.objects.filter(pk=image.pk).delete()
        transaction.on_commit(lambda: pictures.delete(path))


@receiver(pre_delete, sender=User)
def _forget_pictures(instance: User, **kwargs: Any) -> None:
    """Wherever a person is deleted, in the admin too: the rows go by the database, and the pictures when it commits."""
    for path in picture_paths(instance):
        transaction.on_commit(lambda path=path: pictures.delete(path))  # type: ignore[misc]


def _checked(name: str | None) -> str | None:
    """A name as it is stored. Raises ProfileException: BAD_NAME."""
    text = (name or "").strip()
    if len(text) > NAME_LENGTH or _NOT_ON_A_LINE.search(text):
        raise ProfileException(
            reason=Reason.BAD_NAME, message=f"A name is one line of at most {NAME_LENGTH} characters."
        )
    return text or None
