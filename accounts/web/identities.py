"""Identities on pages and in the headless API: receivers of allauth's signals. sign_in/identities.py has the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.account.signals import user_signed_up
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.http import HttpRequest

from accounts import signals
from accounts.audit import audit
from accounts.models import User
from accounts.sign_in import identities, ownership
from accounts.web import proofs

PROVED = "proved_address"
"""Key in allauth's state of a provider sign-in: the address that the provider verified, if nobody owns it."""


def connect() -> None:
    """Connect the receivers. Called once, at start."""
    user_signed_up.connect(created, dispatch_uid="accounts.sign_in.identities")
    social_account_added.connect(linked, dispatch_uid="accounts.sign_in.identities")
    social_account_removed.connect(unlinked, dispatch_uid="accounts.sign_in.identities")


def created(*, request: HttpRequest, user: User, sociallogin: Any = None, **_: Any) -> None:
    """Receiver of allauth's user_signed_up, which allauth sends once the account is stored: announce the new user."""
    method = sociallogin.account.provider if sociallogin is not None else "email"
    audit.record("user_created", user=user, request=request, method=method)
    signals.user_created.send(sender=User, user=user, method=method, claims=None, call=None)


def linked(*, request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    """Receiver of allauth's social_account_added."""
    account = sociallogin.account
    user: User = account.user
    audit.record("identity_linked", user=user, request=request, method=account.provider)
    address = sociallogin.state.get(PROVED)
    if address and address == user.email and ownership.is_unproved(user):
        shown = proofs.shown_by(request, user)
        seen = shown.identities | {(account.provider, account.uid)}
        identities.take_word(user, address, replace(shown, identities=seen), request=request)


def unlinked(*, request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    """Receiver of allauth's social_account_removed."""
    audit.record("identity_unlinked", user=socialaccount.user, request=request, method=socialaccount.provider)
