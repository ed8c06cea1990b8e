"""Accounts without a name: made at a tap, kept as long as the device stays signed in, and upgraded by a further way in.

Whoever signs in with e-mail, a provider or a passkey while signed in like this keeps the account and all that is in it.
"""

from __future__ import annotations

from accounts import audit, human, limits, sign_in, signals
from accounts.models import User
from accounts.protocol import AnonymousAccountBlockedException, AuthSuccess
from accounts.protocol import AnonymousAccountBlockedExceptionReason as Reason
from endpoints.calls import Call

METHOD = "anonymous"


def login(call: Call, token: str | None) -> AuthSuccess:
    """A new account without a name, and a sign-in to it; for who is signed in already another sign-in to theirs.

    token  of an attestation or CAPTCHA, for ACCOUNTS_HUMAN_CHECK

    Raises AnonymousAccountBlockedException.
    """
    try:
        limits.count(call, METHOD)
    except limits.TooMany:
        raise AnonymousAccountBlockedException(reason=Reason.TOO_MANY_ATTEMPTS) from None
    try:
        human.check(call, METHOD, token or "")
    except human.NotHuman:
        raise AnonymousAccountBlockedException(reason=Reason.DENIED) from None
    user = User.objects.filter(pk=call.identity.user_id).first() if call.identity else None
    if user is None:
        user = User.objects.create_user()
        signals.user_created.send(sender=User, user=user, method=METHOD, claims=None, call=call)
        audit.record("user_created", user=user, call=call, method=METHOD)
    return sign_in.finish(call, user, method=METHOD)
