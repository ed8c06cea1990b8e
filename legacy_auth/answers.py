"""Sign-ins as the legacy module answers them: a response with a key, or with a reason, never an exception.

Apps of the module can't ask for a second factor. Who has one, or needs one, gets the reason `blocked`, and signs in
with an app that can ask.
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.audit import audit
from accounts.models import User
from accounts.protocol import (
    AuthUserBlockedException,
    EmailAccountLoginException,
    SecondFactorRequiredException,
)
from accounts.protocol import EmailAccountLoginExceptionReason as LoginReason
from accounts.second_factor import factors
from accounts.sign_in.identities import SignUpClosed
from accounts.throttling.throttling import TooMany
from legacy_auth import keys
from legacy_auth.models import AuthenticationFailReason as Reason
from legacy_auth.models import AuthenticationResponse
from podium.endpoints.calls import Call

CANNOT_ASK = "an app of serverpod_auth can't ask for a second factor"


class InvalidCredentials(Exception):
    """A provider's token was refused."""


def answer(call: Call, method: str, prove: Callable[[], User]) -> AuthenticationResponse:
    """Sign in whom `prove` gives, or say why not.

    Raises LimitsUnavailable (503) if nobody can sign in at the moment.
    """
    try:
        user = prove()
        _need_no_second_factor(call, user)
        key, info = keys.issue(call, user, method=method)
    except EmailAccountLoginException as refusal:
        many = refusal.reason == LoginReason.TOO_MANY_ATTEMPTS
        return _failed(Reason.TOO_MANY_FAILED_ATTEMPTS if many else Reason.INVALID_CREDENTIALS)
    except (AuthUserBlockedException, SecondFactorRequiredException):
        return _failed(Reason.BLOCKED)
    except InvalidCredentials:
        return _failed(Reason.INVALID_CREDENTIALS)
    except SignUpClosed:
        return _failed(Reason.USER_CREATION_DENIED)
    except TooMany:
        return _failed(Reason.TOO_MANY_FAILED_ATTEMPTS)
    return AuthenticationResponse(success=True, key=key.key, key_id=key.pk, user_info=info)


def _need_no_second_factor(call: Call, user: User) -> None:
    """Raise SecondFactorRequiredException for a user who has a second factor, or has yet to set up a demanded one."""
    if not user.is_active or not (factors.due(user) or factors.is_missing(user)):
        return
    audit.record("sign_in_refused", user=user, call=call, reason=CANNOT_ASK)
    raise SecondFactorRequiredException(token="", methods=[])


def _failed(reason: Reason) -> AuthenticationResponse:
    return AuthenticationResponse(success=False, fail_reason=reason)
