"""The audit log of pages and the headless API: receivers of Django's and allauth's signals.

Also records the second factors of apps: factors.announce sends allauth's signals for them.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from accounts.audit import audit
from accounts.models import User


def connect() -> None:
    """Connect the receivers. Called once, at start."""
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.audit.web_audit")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.audit.web_audit")
    for signal, event in {
        account.password_changed: "password_changed",
        account.password_set: "password_added",
        account.password_reset: "password_reset",
        account.email_changed: "email_changed",
        account.email_added: "email_added",
        account.email_removed: "email_removed",
        mfa.authenticator_added: "second_factor_added",
        mfa.authenticator_removed: "second_factor_removed",
        mfa.authenticator_reset: "recovery_codes_renewed",
        mfa.authenticator_used: "second_factor_used",
        mfa.authentication_failed: "second_factor_wrong",
    }.items():
        signal.connect(_recorder(event), weak=False, dispatch_uid="accounts.audit.web_audit")


def _signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    methods = [str(each.get("method")) for each in get_authentication_records(request, user)]
    method = "+".join(methods) or ("admin" if _in_admin(request) else "email_confirmation")
    audit.record("signed_in", user=user, request=request, method=method, web=True)


def _in_admin(request: HttpRequest) -> bool:
    return request.resolver_match is not None and "admin" in request.resolver_match.namespaces


def _signed_out(*, request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        audit.record("signed_out", user=user, request=request, web=True)


def _recorder(event: str) -> Any:
    def record(*, request: HttpRequest, user: User, authenticator: Any = None, **_: Any) -> None:
        details: dict[str, Any] = {"type": str(authenticator.type)} if authenticator is not None else {}
        audit.record(event, user=user, request=request, **details)

    return record
