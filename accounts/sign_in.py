"""Where every way in ends: may this person in, is a second factor due, and a token for the device."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator

from accounts import audit, challenges, new_device, scopes, tokens
from accounts.conf import conf
from accounts.models import Challenge, User
from accounts.protocol import (
    AuthSuccess,
    AuthUserBlockedException,
    SecondFactorRequiredException,
    SignInWhileAuthenticatedException,
)
from core import clock
from endpoints.calls import Call

SECOND_FACTOR = "sign_in.second_factor"
"""The kind of challenge whose ticket says that the first factor was right."""
STRONG_METHODS = frozenset(["passkey"])
"""Ways in that are two factors by themselves: a device that is had, and a face, finger or PIN."""


def finish(call: Call, user: User, *, method: str, second_factor: bool = False) -> AuthSuccess:
    """Sign a device of this person in. Whoever calls this has made sure who it is.

    method         the way in, as "email": kept with the sign-in, and in the audit log
    second_factor  whether one was given already

    Raises AuthUserBlockedException; SignInWhileAuthenticatedException where somebody else is signed in;
    SecondFactorRequiredException, whose ticket `redeem` takes once the second factor was right.
    """
    if call.identity is not None and call.identity.user_id != str(user.pk):
        raise SignInWhileAuthenticatedException()
    if not user.is_active:
        audit.record("sign_in_blocked", user=user, call=call, method=method)
        raise AuthUserBlockedException()
    if not second_factor and method not in STRONG_METHODS:
        _ask_for_second_factor(user, method)
    User.objects.filter(pk=user.pk).update(last_login=clock.now())
    agent = call.headers.get("user-agent", "")
    issued = tokens.issue(user, method=method, user_agent=agent, address=call.address)
    new_device.tell(call, user)
    audit.record("signed_in", user=user, call=call, method=method, second_factor=second_factor)
    return success(issued)


def _ask_for_second_factor(user: User, method: str) -> None:
    """Raises SecondFactorRequiredException where the person has one."""
    types = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    if not set(types) - {Authenticator.Type.RECOVERY_CODES}:
        return
    ticket = challenges.ticket(
        SECOND_FACTOR,
        user=user,
        lifetime=timedelta(minutes=conf.SECOND_FACTOR_MINUTES),
        data={"method": method},
    )
    raise SecondFactorRequiredException(token=ticket, methods=sorted(set(types)))


def redeem(ticket: str) -> Challenge:
    """Who gave the first factor, and by which way in (`data["method"]`). Raises challenges.ChallengeFailed."""
    return challenges.redeem(SECOND_FACTOR, ticket)


def success(issued: tokens.Issued) -> AuthSuccess:
    """What the client gets of a new sign-in, or of a refreshed one."""
    return AuthSuccess(
        auth_strategy=issued.row.strategy,
        token=issued.token,
        token_expires_at=issued.expires_at,
        refresh_token=issued.refresh_token,
        auth_user_id=issued.row.user_id,
        scope_names=set(scopes.of(issued.row.user)),
    )
