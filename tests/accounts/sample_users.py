"""Thirty sample users with pictures, sessions, events and long names."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group

from accounts.audit import audit
from accounts.models import SecurityEvent, User
from accounts.protocol import UserProfile, UserProfileImage
from accounts.sessions import sessions
from files.models import State, StoredFile
from monitoring.models import CallLog
from podium.core import clock
from tasks.models import Job

AGENTS = [
    "podium-dart/1.0 (Android 16; Pixel 9 Pro)",
    "podium-dart/1.0 (iOS 19.1; iPhone17,2)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
    "",
]
FIRST = ["Anna", "Bo", "Chidinma", "Dmitri", "Eñaut", "Fatima", "Gül", "Hiroshi", "Ingrid", "Jo"]
LAST = ["Ek", "Featherstonehaugh-Montmorency", "Okonkwo"]


def make_users(count: int = 30, *, start: int = 0) -> list[User]:
    scopes = [Group.objects.get_or_create(name=name)[0] for name in ("editor", "support")]
    users = [_user(number, scopes) for number in range(start, start + count)]
    User.objects.filter(pk__in=[user.pk for user in users[4:5]]).update(is_active=False)
    return users


def _user(number: int, scopes: list[Group]) -> User:
    name = f"{FIRST[number % 10]} {LAST[number // 10 % 3]}"
    email = f"{FIRST[number % 10].lower()}{number}@example.com" if number % 7 != 6 else None
    user = User.objects.create(email=email, name=name if number % 5 != 4 else "", is_staff=number == 3)
    user.created_at = clock.now() - timedelta(days=number * 11, hours=number)
    user.last_login = clock.now() - timedelta(hours=number * 5) if number % 4 else None
    user.save()
    if email:
        EmailAddress.objects.create(user=user, email=email, verified=number % 3 != 0, primary=True)
    user.groups.set(scopes[: number % 3])
    for device in range(number % 4 + 1):
        sessions.issue(
            user,
            method=["email", "google", "passkey"][device % 3],
            user_agent=AGENTS[(number + device) % 4],
            address=f"2001:db8::{number}:{device}",
        )
    if number % 2:
        SocialAccount.objects.create(
            user=user, provider="google", uid=str(10**20 + number), extra_data={"email": email}
        )
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "kept away"})
        _profile(user, name)
    _history(user, number)
    return user


def _profile(user: User, name: str) -> None:
    profile, _ = UserProfile.objects.get_or_create(
        auth_user=user, defaults={"user_name": name.split()[0], "full_name": name}
    )
    picture = UserProfileImage.objects.create(
        user_profile=profile,
        storage_id="public",
        path="a.webp",
        url="data:image/gif;base64,R0lGODlhAQABAAAAACw=",
    )
    UserProfile.objects.filter(pk=profile.pk).update(image=picture)


def _history(user: User, number: int) -> None:
    for event in ["user_created", "password_wrong", "signed_in", "impersonated"][: number % 4 + 1]:
        audit.record(
            event, user=user, method="email", reason="asked by mail because nothing worked on the phone"
        )
    SecurityEvent.objects.filter(user=user).update(address=f"192.0.2.{number}", user_agent=AGENTS[number % 4])
    for copy in range(number % 3):
        StoredFile.objects.create(
            owner=user,
            name=f"holiday picture number {copy} of {user}.jpeg",
            size=1_234_567 * (copy + 1),
            content_type="image/jpeg",
            key=f"{user.pk}/{copy}",
            state=State.READY,
        )
        CallLog.objects.create(
            time=clock.now(),
            kind="call",
            name="notes.getNote",
            user_id=str(user.pk),
            status=500,
            seconds=0.2,
            error="Traceback\nValueError: a rather long text of an error that nobody expected to see here",
        )
    Job.objects.create(task="notes.remind", user_id=str(user.pk))
