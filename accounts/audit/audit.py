"""The audit log of security events: user, actor and origin. Holds no secrets, and never fails its caller."""

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
from podium.core import clock
from podium.core.logs import one_line
from podium.endpoints.calls import Call

logger = logging.getLogger("podium.accounts")

EVENTS = {
    "signed_in": "a user signed in; with the sign-in method",
    "sign_in_blocked": "a blocked user tried to sign in with correct credentials",
    "sign_in_refused": "a provider's token was invalid; with the reason",
    "signed_out": "a user signed out",
    "signed_out_everywhere": "all devices of a user were signed out",
    "device_signed_out": "the user or staff signed one device out",
    "refresh_token_reused": "a used refresh token was sent again: it may be stolen, so its sign-in was ended",
    "password_wrong": "a wrong password was given",
    "code_refused": "a mailed code was wrong or too old",
    "too_many_tries": "a limit refused a try; recorded once a minute for each address",
    "human_check_failed": "no CAPTCHA backend accepted the token",
    "registration_started": "a sign-up code was mailed, or a notice that the address has an account",
    "user_created": "an account was created",
    "password_added": "a password was added to an account without one",
    "password_changed": "the user or staff changed the password",
    "password_reset_started": "a password reset code was mailed",
    "password_reset": "a new password was set with a mailed code",
    "address_lost": "an account lost an unconfirmed address to the user who confirmed it",
    "account_taken_over": "an account went to the user who first proved its address; with what was removed",
    "email_added": "an address was added to an account",
    "email_changed": "another address became the account's primary one",
    "email_removed": "an address was removed from an account",
    "identity_linked": "a provider's account was linked as a sign-in method",
    "identity_unlinked": "a provider's account was unlinked",
    "identity_revoked": "a user revoked this server's permission at the provider",
    "passkey_refused": "a passkey was refused; with the reason",
    "second_factor_added": "a second factor or passkey was added",
    "second_factor_removed": "a second factor or passkey was removed",
    "second_factor_used": "a correct second factor was given",
    "second_factor_wrong": "a wrong second factor was given",
    "recovery_codes_renewed": "new recovery codes were created",
    "reauthentication_failed": "a signed-in user failed to prove their identity again",
    "created_by_operator": "an operator created an account",
    "changed_by_operator": "an operator changed fields of a user; with their names",
    "deleted": "an operator deleted a user; with the reason",
    "merged_by_operator": "an operator merged two accounts; with the reason",
    "exported_by_operator": "an operator downloaded all data of a user; with the reason",
    "password_reset_mailed": "an operator sent a password reset link by mail",
    "address_confirmed": "an operator marked an address as confirmed",
    "second_factors_reset": "an operator removed a user's second factors; with the reason",
    "api_key_created": "an API key of a user was created; with its name, scopes and expiry",
    "api_key_rotated": "an API key got a new secret; with the hours for which the previous one works",
    "api_key_revoked": "an API key was revoked",
    "impersonated": "an operator got a token to act as a user; with the reason",
    "impersonation_refused": "an operator acting as a user called a method that refuses it; recorded once a minute",
    "viewed_as_user": "an operator looked at rows as a user sees them; with the model",
    "user_blocked": "a user was blocked",
    "user_unblocked": "a user was unblocked",
    "staff_given": "a user got access to the admin",
    "staff_taken": "a user lost access to the admin",
    "superuser_given": "a user became a superuser",
    "superuser_taken": "a user is a superuser no longer",
    "scopes_given": "a user got scopes",
    "scopes_taken": "a user lost scopes",
    "permissions_changed": "a user's permissions in the admin changed",
    "scope_renamed": "a scope was renamed; its members keep it",
    "scope_deleted": "a scope was deleted; with the number of its members",
    "consent_given": "a user consented to a document",
    "consent_withdrawn": "a user withdrew a consent",
    "deletion_requested": "a user requested the deletion of the account",
    "deletion_cancelled": "a user cancelled the deletion",
    "user_deleted": "an account was deleted",
    "users_merged": "two accounts were merged",
    "export_requested": "a user requested an export of their data",
}
"""All events and their meanings. An app can record its own, too."""


def record(
    event: str,
    *,
    user: User | None = None,
    call: Call | None = None,
    request: HttpRequest | None = None,
    **details: Any,
) -> None:
    """Record an event. One INSERT. If it fails, the failure is logged and the caller continues.

    event    one of EVENTS, or an app's own
    user     the user it concerns, who is not always the one who acted
    call     or `request`: the origin
    details  JSON: no passwords, codes, tokens
    """
    if reason := _reason.get():
        details["reason"] = reason
    address = agent = ""
    if call is not None:
        address, agent = call.address, call.headers.get("user-agent", "")
        if call.identity is not None and call.identity.operator:
            details["by"] = call.identity.operator
        if call.identity is not None and call.identity.api_key:
            details |= {"api_key": call.identity.api_key, "api_key_id": call.identity.token_id}
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
        with transaction.atomic():  # a savepoint within a caller's transaction, which continues
            made.save(force_insert=True)
    except DatabaseError:
        logger.exception("the security event %s could not be stored", event)
    logger.info("%s user=%s address=%s %s", event, user.pk if user else "-", address or "-", details or "")


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Record a reason with every event inside the block."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


_reason: ContextVar[str] = ContextVar("reason", default="")


def delete_old() -> int:
    """Delete events older than ACCOUNTS_AUDIT_DAYS, and return their number."""
    if not conf.AUDIT_DAYS:
        return 0
    count, _ = SecurityEvent.objects.filter(at__lt=clock.now() - timedelta(days=conf.AUDIT_DAYS)).delete()
    return count
