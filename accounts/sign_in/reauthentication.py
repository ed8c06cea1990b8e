"""A recent proof of identity, required before changes of sign-in methods and before actions that can't be undone.

A sign-in in the last ACCOUNTS_FRESH_MINUTES is enough, or the password, with a code if there is a second factor.
Somebody who finds an unlocked phone usually has neither. web/reauthentication.py has the same rule for pages.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import audit
from accounts.models import User
from accounts.protocol import ReauthenticationException
from accounts.protocol import ReauthenticationExceptionReason as Reason
from accounts.sessions import sessions
from accounts.throttling import throttling
from podium.endpoints.calls import Call

ACTION = "reauthenticate"


def require(call: Call, user: User, *, password: str | None = None, code: str | None = None) -> None:
    """Raise ReauthenticationException unless the user has recently proved their identity. About 50 ms at most.

    password  needed if the sign-in is older
    code      of the authenticator app, or a recovery code, needed if the user has such a second factor
    """
    if password is None:
        if is_proven(call, user):
            return
        raise _refusal(user, Reason.REQUIRED, "This needs a recent proof of your identity: sign in again.")
    try:
        throttling.attempt(call, ACTION, str(user.pk))
    except throttling.TooMany as wait:
        raise _refusal(
            user, Reason.TOO_MANY_ATTEMPTS, f"Too many tries: wait {wait.details['retry_after']} seconds."
        ) from None
    if not user.check_password(password):
        audit.record("reauthentication_failed", user=user, call=call)
        raise _refusal(user, Reason.INVALID_CREDENTIALS, "The password is wrong.")
    if _coded(user).exists():
        if not code:
            raise _refusal(
                user, Reason.SECOND_FACTOR_REQUIRED, "The code of the authenticator app is missing."
            )
        if not _is_right(user, code):
            audit.record("reauthentication_failed", user=user, call=call, factor=2)
            raise _refusal(user, Reason.INVALID_CREDENTIALS, "The code is wrong, or was already used.")
    throttling.succeeded(call, ACTION, str(user.pk))


def is_proven(call: Call, user: User) -> bool:
    """Test for a recent sign-in. A guest can't sign in again and always passes; operators and API keys never do."""
    other = call.identity is not None and bool(call.identity.operator or call.identity.api_key)
    return not other and (sessions.is_fresh(call) or _can_prove_nothing(user))


def _can_prove_nothing(user: User) -> bool:
    """Test for a guest account: it has no sign-in method, only its token."""
    ways = (SocialAccount.objects.filter(user=user), Authenticator.objects.filter(user=user))
    return not user.email and not user.has_usable_password() and not any(each.exists() for each in ways)


def _coded(user: User) -> QuerySet[Authenticator]:
    """The second factors with codes."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    has_app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    found: QuerySet[Authenticator] = Authenticator.objects.filter(
        user=user, type__in=kinds if has_app else ()
    )
    return found


def _is_right(user: User, code: str) -> bool:
    with transaction.atomic():  # a recovery code works once
        return any(each.wrap().validate_code(code.strip()) for each in _coded(user))


def _refusal(user: User, reason: Reason, message: str) -> ReauthenticationException:
    methods = (
        ["signIn"] + ["password"] * user.has_usable_password() + ["secondFactor"] * _coded(user).exists()
    )
    return ReauthenticationException(reason=reason, message=message, methods=methods)
