"""The acts of the endpoint `admin`: blocking users by their number. Each act is in the audit log."""

from __future__ import annotations

from accounts.audit import audit
from accounts.callers import caller
from accounts.conf import conf
from accounts.models import User
from accounts.staff.rights import may_change
from legacy_auth import bringing, users
from legacy_auth.models import UserInfo
from podium.core.errors import PodiumError
from podium.endpoints.calls import Call
from podium.endpoints.errors import ScopeMissing

SCOPE = "serverpod.admin"
"""The name of Serverpod's scope for administrators."""
REASON = "by the endpoint serverpod_auth.admin"


class UserNotFound(PodiumError):
    """No user has this number."""

    code = "legacy_auth.user_not_found"


class NothingToDo(PodiumError):
    """The user is blocked already, or is not blocked."""

    status = 409
    code = "legacy_auth.nothing_to_do"


def find(call: Call, number: int) -> UserInfo | None:
    """A user by their number. Raises ScopeMissing (403)."""
    _check(call)
    user = _user(number)
    return users.of(user) if user is not None else None


def block(call: Call, number: int) -> None:
    """Keep a user from signing in, and sign them out everywhere.

    Raises ScopeMissing (403), UserNotFound (400), NothingToDo (409).
    """
    _set_active(call, number, False)


def unblock(call: Call, number: int) -> None:
    """Let a user sign in again. Raises the same."""
    _set_active(call, number, True)


def _set_active(call: Call, number: int, active: bool) -> None:
    _check(call)
    user = _user(number)
    if user is None:
        raise UserNotFound(user_id=number)
    operator = caller(call)
    if operator == user or not may_change(operator, user):
        raise ScopeMissing
    if user.is_active == active:
        raise NothingToDo(user_id=number)
    user.is_active = active
    with audit.because(REASON):
        user.save(update_fields=["is_active"])  # this ends all sign-ins (accounts/sessions/sessions.py)
    audit.record("changed_by_operator", user=user, call=call, by=str(operator.pk), fields=["is_active"])


def _check(call: Call) -> None:
    if call.identity is None or not call.identity.scopes & {SCOPE, conf.SUPERUSER_SCOPE}:
        raise ScopeMissing


def _user(number: int) -> User | None:
    info = UserInfo.objects.filter(pk=number).first()
    return bringing.bring_user(info) if info is not None else None
