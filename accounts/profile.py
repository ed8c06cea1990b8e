"""A person's profile as apps see it. Its row is made by whoever first has something to store; reading makes none."""

from __future__ import annotations

from accounts.models import User
from accounts.protocol import UserProfile, UserProfileModel


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
