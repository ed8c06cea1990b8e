"""The last step of every sign-in method: check the user, ask for a second factor, and issue a token."""

from __future__ import annotations

from datetime import timedelta

from accounts.audit import audit
from accounts.conf import conf
from accounts.models import Challenge, User
from accounts.notices import new_device
from accounts.protocol import (
    AuthSuccess,
    AuthUserBlockedException,
    SecondFactorRequiredException,
    SignInWhileAuthenticatedException,
)
from accounts.second_factor import factors
from accounts.sessions import sessions
from accounts.sign_in import challenges
from accounts.staff import scopes
from podium.core import clock
from podium.endpoints.calls import Call

SECOND_FACTOR = "sign_in.second_factor"
"""The kind of challenge whose ticket shows that the first factor was correct."""
SECOND_FACTOR_TRIES = 5
"""Maximum number of second factors tried for one first factor; the limits on guesses apply, too."""
STRONG_METHODS = frozenset(["passkey"])
"""Sign-in methods that count as two factors: a device, and a face, finger or PIN."""


def finish(call: Call, user: User, *, method: str, second_factor: bool = False) -> AuthSuccess:
    """Sign in a device of this user, whom the caller has identified.

    Raises what `admit` raises.
    """
    return success(admit(call, user, method=method, second_factor=second_factor))


def admit(
    call: Call, user: User, *, method: str, second_factor: bool = False, digest: bytes | None = None
) -> sessions.Issued:
    """Sign in a device, for callers that answer in another form.

    method         the sign-in method, as "email": stored with the sign-in, and in the audit log
    second_factor  whether one was already given
    digest         of a key that the caller has created: sessions.issue

    Raises AuthUserBlockedException; SignInWhileAuthenticatedException if another user is signed in;
    SecondFactorRequiredException, with a ticket for second_factor.py.
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
    issued = sessions.issue(user, method=method, user_agent=agent, address=call.address, digest=digest)
    if call.identity is not None:  # the new token replaces that of the call
        sessions.revoke(sessions.own(call.identity.token_id))
    new_device.tell(call, user)
    audit.record("signed_in", user=user, call=call, method=method, second_factor=second_factor)
    return issued


def _ask_for_second_factor(user: User, method: str) -> None:
    """Raise SecondFactorRequiredException if the user has a second factor."""
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
    """Return the challenge of a first factor, with its method in `data["method"]`. Uses up one of the ticket's tries.

    The ticket stays valid after a wrong second factor; `challenges.done` ends it after a correct one.
    Raises challenges.ChallengeFailed.
    """
    return challenges.held(SECOND_FACTOR, ticket)


def success(issued: sessions.Issued) -> AuthSuccess:
    """The response for a new or refreshed sign-in."""
    return AuthSuccess(
        auth_strategy=issued.row.strategy,
        token=issued.token,
        token_expires_at=issued.expires_at,
        refresh_token=issued.refresh_token,
        auth_user_id=issued.row.user_id,
        scope_names=set(scopes.current(issued.row.user)),
    )
