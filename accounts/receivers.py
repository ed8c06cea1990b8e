"""What accounts themselves do when somebody came: have the picture fetched that the provider told of."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts import profile, provider_pictures, signals, tasks
from accounts.models import User
from tasks import scheduling


@receiver([signals.user_created, signals.identity_linked])
def fetch_picture(user: User, claims: Any = None, **_: Any) -> None:
    """Have a worker fetch the picture, once this sign-in is stored; for who has one already nothing is fetched."""
    url = getattr(claims, "picture", "")
    if url and provider_pictures.allowed(url) and not profile.has_picture(user.pk):
        scheduling.schedule(tasks.fetch_picture, user_id=user.pk, url=url)
