"""A user's profile as apps see it. The first change creates its row; reading creates none."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from accounts import signals
from accounts.models import User
from accounts.profile import pictures
from accounts.protocol import ProfileException, UserProfile, UserProfileImage, UserProfileModel
from accounts.protocol import ProfileExceptionReason as Reason

NAME_LENGTH = 150
_NOT_ON_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
STORAGE = "public"
"""Serverpod's name of the storage with public files. Here all pictures are in Django's default storage."""


def of(user: User) -> UserProfileModel:
    """Return the profile of a user. Missing values come from the user. One SELECT.

    The e-mail address is the user's primary one, confirmed or not: show it only to this user.
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
    """Set the name or nickname that others see; None or "" removes it. Raises ProfileException: BAD_NAME."""
    checked = checked_name(name)
    UserProfile.objects.filter(pk=_locked(user).pk).update(user_name=checked)
    user.name = checked or ""
    user.save(update_fields=["name"])
    return _changed(user)


@transaction.atomic
def change_full_name(user: User, name: str | None) -> UserProfileModel:
    """Set the full name; None or "" removes it. Raises ProfileException: BAD_NAME."""
    UserProfile.objects.filter(pk=_locked(user).pk).update(full_name=checked_name(name))
    return _changed(user)


def set_picture(user: User, data: bytes) -> UserProfileModel:
    """Set the picture and delete the previous one. Raises ProfileException: PICTURE_TOO_LARGE, NO_PICTURE."""
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
            return _changed(user, picture=True)
    except BaseException:  # otherwise the stored file would never be found again
        pictures.delete(path)
        raise


@transaction.atomic
def remove_picture(user: User) -> UserProfileModel:
    """Remove the picture, if there is one."""
    profile = UserProfile.objects.select_for_update().filter(auth_user=user).first()
    if profile is not None and profile.image is not None:
        before = profile.image
        UserProfile.objects.filter(pk=profile.pk).update(image=None)
        _drop(before)
    return _changed(user, picture=True)


def _changed(user: User, *, picture: bool = False) -> UserProfileModel:
    """Announce the change to apps, and return the current profile."""
    signals.profile_changed.send(sender=User, user=user, picture=picture)
    return of(user)


def has_picture(user_id: Any) -> bool:
    return UserProfile.objects.filter(auth_user_id=user_id, image__isnull=False).exists()


def picture_paths(user: User) -> list[str]:
    """The storage paths of a user's pictures: one or none."""
    profiles = UserProfile.objects.filter(auth_user=user)
    return list(UserProfileImage.objects.filter(user_profile__in=profiles).values_list("path", flat=True))


@transaction.atomic
def merge(keep: User, gone: User) -> None:
    """Give `keep` the names and the picture that it lacks. Its own values stay."""
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
    """The user's row, created if missing and locked until the transaction ends."""
    UserProfile.objects.get_or_create(auth_user=user)
    return UserProfile.objects.select_for_update().get(auth_user=user)


def _drop(image: UserProfileImage | None) -> None:
    if image is not None:
        path = image.path
        UserProfileImage.objects.filter(pk=image.pk).delete()
        transaction.on_commit(lambda: pictures.delete(path))


@receiver(pre_delete, sender=User)
def _forget_pictures(instance: User, **kwargs: Any) -> None:
    """Delete pictures with their user, also in the admin. The database deletes the rows; files go at the commit."""
    for path in picture_paths(instance):
        transaction.on_commit(lambda path=path: pictures.delete(path))  # type: ignore[misc]


def checked_name(name: str | None) -> str | None:
    """Return a name as it is stored. Raises ProfileException: BAD_NAME."""
    text = (name or "").strip()
    if len(text) > NAME_LENGTH or _NOT_ON_A_LINE.search(text):
        raise ProfileException(
            reason=Reason.BAD_NAME, message=f"A name is one line of at most {NAME_LENGTH} characters."
        )
    return text or None
