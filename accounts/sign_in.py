"""Where every way in ends: may this person in, is a second factor due, and a token for the device."""

from __future__ import annotations

from datetime import timedelta

from accounts import audit, challenges, factors, new_device, scopes, tokens
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
SECOND_FACTOR_TRIES = 5
"""Second factors that are looked at for one first factor; the limits on guesses slow them down besides."""
STRONG_METHODS = frozenset(["passkey"])
"""Ways in that are two factors by themselves: a device that is had, and a face, finger or PIN."""


def finish(call: Call, user: User, *, method: str, second_factor: bool = False) -> AuthSuccess:
    """Sign a device of this person in. Whoever calls this has made sure who it is.

    method         the way in, as "email": kept with the sign-in, and in the audit log
    second_factor  whether one was given already

    Raises AuthUserBlockedException; SignInWhileAuthenticatedException where somebody else is signed in;
    SecondFactorRequiredException, whose ticket second_factor.py takes.
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
    if call.identity is not None:  # the new token replaces the call's own
        tokens.revoke(tokens.own(call.identity.token_id))
    new_device.tell(call, user)
    audit.record("signed_in", user=user, call=call, method=method, second_factor=second_factor)
    return success(issued)


def _ask_for_second_factor(user: User, method: str) -> None:
    """Raises SecondFactorRequiredException where the person has one."""
    if not (types := factors.due(user)):
        return
    ticket = challenges.ticket(
        SECOND_FACTOR,
        user=user,
        lifetime=timedelta(minutes=conf.SECOND_FACTOR_MINUTES),
        tries=SECOND_FACTOR_TRIES,
        data={"method": method},
    )
    raise SecondFactorRequiredException(token=ticket, methods=sorted(types))


def first_factor(ticket: str) -> Challenge:
    """Who gave the first factor, and by which way in (`data["method"]`); costs the ticket one of its tries.

    The ticket is still good after a wrong second factor; `challenges.done` ends it after a right one.
    Raises challenges.ChallengeFailed.
    """
    return challenges.held(SECOND_FACTOR, ticket)


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
