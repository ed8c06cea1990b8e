"""The audit log: what matters for security, who did it and from where. Holds no secret, and never fails its caller."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.http import HttpRequest

from accounts.conf import conf
from accounts.models import SecurityEvent, User
from core import clock
from core.logs import one_line
from endpoints.calls import Call

logger = logging.getLogger("podium.accounts")

EVENTS = {
    "signed_in": "somebody signed in, and by which way",
    "sign_in_blocked": "a blocked person gave the right password, or the like",
    "sign_in_refused": "a provider's token was not good, and why",
    "signed_out": "somebody signed out",
    "signed_out_everywhere": "all devices of a person were signed out",
    "device_signed_out": "a person, or staff, signed one device out",
    "refresh_token_reused": "a used-up refresh token was sent: it may be stolen; its sign-in was ended",
    "password_wrong": "a wrong password was given",
    "code_refused": "a mailed code was wrong or too old",
    "too_many_tries": "somebody was kept waiting by a limit; once a minute for each address",
    "human_check_failed": "no check said that it was a person",
    "registration_started": "a code to sign up with was mailed, or a notice that the address has an account",
    "user_created": "an account was made",
    "password_added": "an account without a password got one",
    "password_changed": "the password was changed, by the person or by staff",
    "password_reset_started": "a code to set a new password with was mailed",
    "password_reset": "a new password was set by a mailed code",
    "address_lost": "an address went from who had never confirmed it to who did",
    "account_taken_over": "an account went to the user who first proved its address; with what was removed",
    "email_added": "an account got a further address",
    "email_changed": "another address became the account's first",
    "email_removed": "an address was taken from an account",
    "identity_linked": "a provider's account became a way in",
    "identity_unlinked": "a provider's account is no way in any more",
    "identity_revoked": "a person took this server's leave back at the provider",
    "passkey_refused": "a passkey was not good, and why",
    "second_factor_added": "a second factor or passkey was set up",
    "second_factor_removed": "a second factor or passkey was taken away",
    "second_factor_used": "a second factor was right",
    "second_factor_wrong": "a second factor was wrong",
    "recovery_codes_renewed": "there are new recovery codes",
    "reauthentication_failed": "who was signed in could not prove it again",
    "created_by_operator": "an operator made an account",
    "changed_by_operator": "an operator changed fields of a person, and which",
    "deleted": "an operator deleted a person, and why",
    "merged_by_operator": "an operator made two accounts one, and why",
    "exported_by_operator": "an operator downloaded all that is stored of a person, and why",
    "password_reset_mailed": "an operator had a link to set a new password mailed",
    "address_confirmed": "an operator took an address as confirmed",
    "second_factors_reset": "an operator removed a person's second factors, and why",
    "impersonated": "an operator got a token to act as a person, and why",
    "impersonation_refused": "an operator acting as a user called a method that refuses it; once a minute for each",
    "user_blocked": "a person was blocked",
    "user_unblocked": "a person was unblocked",
    "staff_given": "a person may open the admin",
    "staff_taken": "a person may not open the admin any more",
    "superuser_given": "a person may do everything",
    "superuser_taken": "a person may not do everything any more",
    "scopes_given": "a person got scopes",
    "scopes_taken": "a person lost scopes",
    "permissions_changed": "what a person may do in the admin changed",
    "scope_renamed": "a scope has another name: who had the old one has the new one",
    "scope_deleted": "a scope is gone, with how many people had it",
    "consent_given": "a person agreed to a document",
    "consent_withdrawn": "a person took that back",
    "deletion_requested": "a person wants the account deleted",
    "deletion_cancelled": "a person kept it after all",
    "user_deleted": "an account was deleted",
    "users_merged": "two accounts became one",
    "export_requested": "a person asked for all that is stored of them",
}
"""Every event there is, and what it says. An app's own may be recorded too."""


def record(
    event: str,
    *,
    user: User | None = None,
    call: Call | None = None,
    request: HttpRequest | None = None,
    **details: Any,
) -> None:
    """Note an event. One INSERT; where that fails it is logged, and the caller goes on.

    event    one of EVENTS, or an app's own
    user     whom it concerns, which need not be who did it
    call     or `request`: from where
    details  JSON: no passwords, codes, tokens
    """
    if reason := _reason.get():
        details["reason"] = reason
    address = agent = ""
    if call is not None:
        address, agent = call.address, call.headers.get("user-agent", "")
        if call.identity is not None and call.identity.operator:
            details["by"] = call.identity.operator
    elif request is not None:
        address, agent = request.META.get("REMOTE_ADDR") or "", request.headers.get("user-agent", "")
    made = SecurityEvent(
        event=event,
        user=user,
        address=one_line(address)[:45],
        user_agent=one_line(agent)[:300],
        details=details,
    )
    try:
        with transaction.atomic():  # within a caller's transaction a savepoint: that goes on
            made.save(force_insert=True)
    except DatabaseError:
        logger.exception("the security event %s could not be stored", event)
    logger.info("%s user=%s address=%s %s", event, user.pk if user else "-", address or "-", details or "")


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Note a reason with every event that is recorded inside the block."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


_reason: ContextVar[str] = ContextVar("reason", default="")


def delete_old() -> int:
    """Delete what is older than ACCOUNTS_AUDIT_DAYS; gives how many."""
    if not conf.AUDIT_DAYS:
        return 0
    count, _ = SecurityEvent.objects.filter(at__lt=clock.now() - timedelta(days=conf.AUDIT_DAYS)).delete()
    return count
