"""Receivers of accounts' own signals: schedule the download of a new user's picture at a provider."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts import jobs, signals
from accounts.models import User
from accounts.profile import profile, provider_pictures

if jobs.INSTALLED:
    from accounts import tasks
    from tasks import scheduling


@receiver([signals.user_created, signals.identity_linked])
def fetch_picture(user: User, claims: Any = None, **_: Any) -> None:
    """Schedule the download of the picture, once this sign-in is stored. Users who have a picture keep it.

    Without the app tasks no picture is fetched: a sign-in must not wait for it.
    """
    url = getattr(claims, "picture", "")
    if jobs.INSTALLED and url and provider_pictures.allowed(url) and not profile.has_picture(user.pk):
        scheduling.schedule(tasks.fetch_picture, user_id=user.pk, url=url)
