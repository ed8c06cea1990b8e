"""Rules for all kinds of second factors: when one is due, and notices about changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.dispatch import Signal

from accounts.conf import conf
from accounts.models import User
from accounts.requests import request_of
from podium.endpoints.calls import Call

TOTP = Authenticator.Type.TOTP
RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES
WEBAUTHN = Authenticator.Type.WEBAUTHN

WAY_IN = "way_in"
"""Key in the data of a passkey that was added as a sign-in method, not as a second factor of the password."""


def is_required(user: AbstractBaseUser) -> bool:
    """Test whether this server demands a second factor of a user: ACCOUNTS_REQUIRE_SECOND_FACTOR."""
    if conf.REQUIRE_SECOND_FACTOR == "staff":
        return bool(getattr(user, "is_staff", False) or getattr(user, "is_superuser", False))
    return conf.REQUIRE_SECOND_FACTOR == "everybody"


def is_missing(user: AbstractBaseUser) -> bool:
    """Test whether a user has yet to set up a demanded second factor. One SELECT at most."""
    return is_required(user) and not due(user)


def due(user: AbstractBaseUser) -> set[str]:
    """The types of second factor that a user may give; none if no sign-in asks for one. One SELECT.

    A passkey added in an app is one more sign-in method: the password still opens the account without it. Every
    sign-in method asks for an authenticator app, or for a key added on the page for second factors.
    If a second factor is demanded, a passkey counts as one, too.
    """
    rows = Authenticator.objects.filter(user_id=user.pk).values_list("type", f"data__{WAY_IN}")
    ways_in_count = is_required(user)
    if all(kind == RECOVERY_CODES or (way_in and not ways_in_count) for kind, way_in in rows):
        return set()
    return {str(kind) for kind, _ in rows if kind in app_settings.SUPPORTED_TYPES}


def asked_since(user_id: Any) -> datetime | None:
    """The time since which sign-ins of a user require a second factor; None if they do not. One SELECT."""
    rows = Authenticator.objects.filter(user_id=user_id).exclude(type=RECOVERY_CODES)
    found = rows.values_list(f"data__{WAY_IN}", "created_at")
    return min((created_at for way_in, created_at in found if not way_in), default=None)


def announce(call: Call, user: User, authenticator: Authenticator, what: Signal, mail: str = "") -> None:
    """Send allauth's signal, which the audit log receives, and a mail of allauth's to the user."""
    with request_of(call) as request:
        request.user = user
        what.send(
            sender=Authenticator,
            request=request,
            user=user,
            authenticator=authenticator,
            reauthenticated=False,
            passwordless=False,
        )
        if mail:
            get_adapter(request).send_notification_mail(f"mfa/email/{mail}", user)
