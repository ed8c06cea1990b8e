"""Mails about changes of an account's sign-in methods, to every proved address, so that each owner of one can object.

allauth's own notices reach only the primary address; adapter.py passes them to this module. Claimed addresses get no
mail: they may belong to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.requests import CallRequest
from podium.core import clock
from podium.endpoints.calls import Call

AGENT_LENGTH = 200
FROM_ALLAUTH = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/password_set": "password_added",
    "account/email/email_changed": "address_made_primary",
    "socialaccount/email/account_connected": "provider_linked",
    "socialaccount/email/account_disconnected": "provider_unlinked",
    "mfa/email/totp_activated": "second_factor_added",
    "mfa/email/totp_deactivated": "second_factor_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "recovery_codes_renewed",
}
"""Our notice for each of allauth's, by the prefix of its template names."""


def send(
    user: AbstractBaseUser,
    notice: str,
    *,
    also: Iterable[str] = (),
    call: Call | None = None,
    request: HttpRequest | None = None,
    **known: Any,
) -> None:
    """Mail every proved address of an account once the change is stored, unless ACCOUNT_EMAIL_NOTIFICATIONS is off.

    notice  a template accounts/email/<notice>_message.txt
    also    addresses that the account has just lost
    known   more values for the template
    """
    if not app_settings.EMAIL_NOTIFICATIONS:
        return
    known_origin = request or (CallRequest(call) if call is not None else context.request)
    origin = known_origin or CallRequest(Call("", "", None))  # a task or a command: links lead to PUBLIC_URL
    shown = bool(known_origin) and not _is_of_staff(origin, user)
    details = {
        "at": clock.now(),
        "address": origin.META.get("REMOTE_ADDR") if shown else "",
        "device": origin.headers.get("user-agent", "")[:AGENT_LENGTH] if shown else "",
        **known,
    }
    to = dict.fromkeys([*addresses(user), *also])
    transaction.on_commit(partial(_mail, origin, notice, list(to), details))


def addresses(user: AbstractBaseUser) -> list[str]:
    """The proved addresses of an account, the primary one first. One SELECT."""
    rows = list(EmailAddress.objects.filter(user_id=user.pk).order_by("-primary", "pk"))
    given = user.email if isinstance(user, User) and user.email else ""
    listed = [row.email for row in rows if row.verified]
    return listed if not given or any(row.email == given for row in rows) else [given, *listed]


def _is_of_staff(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Test for a request by an operator. Their network address and device are not shown to the user."""
    actor = getattr(request, "user", None)
    return actor is not None and actor.is_authenticated and actor.pk != user.pk


def _mail(request: HttpRequest, notice: str, to: list[str], details: dict[str, Any]) -> None:
    with context.request_context(request):
        adapter = get_adapter(request)
        for address in to:
            adapter.send_mail(f"accounts/email/{notice}", address, details)
