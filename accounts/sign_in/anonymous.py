"""Guest accounts, kept while the device stays signed in. The user can add a sign-in method later.

A guest who signs in with e-mail, a provider or a passkey keeps the account and its data.
"""

from __future__ import annotations

from accounts import signals
from accounts.audit import audit
from accounts.models import User
from accounts.protocol import AnonymousAccountBlockedException, AuthSuccess
from accounts.protocol import AnonymousAccountBlockedExceptionReason as Reason
from accounts.sign_in import sign_in
from accounts.throttling import captcha, throttling
from podium.endpoints.calls import Call

METHOD = "anonymous"


def login(call: Call, token: str | None) -> AuthSuccess:
    """Create a guest account and sign in. A caller who is signed in gets another sign-in to the same account.

    token  of an attestation or CAPTCHA, for ACCOUNTS_CAPTCHA_BACKENDS

    Raises AnonymousAccountBlockedException.
    """
    try:
        throttling.count(call, METHOD)
    except throttling.TooMany:
        raise AnonymousAccountBlockedException(reason=Reason.TOO_MANY_ATTEMPTS) from None
    try:
        captcha.check(call, METHOD, token or "")
    except captcha.CaptchaFailed:
        raise AnonymousAccountBlockedException(reason=Reason.DENIED) from None
    user = User.objects.filter(pk=call.identity.user_id).first() if call.identity else None
    if user is None:
        user = User.objects.create_user()
        signals.user_created.send(sender=User, user=user, method=METHOD, claims=None, call=call)
        audit.record("user_created", user=user, call=call, method=METHOD)
    return sign_in.finish(call, user, method=METHOD)
