"""Browser sessions of the admin, the account pages and the headless API: register, limit and end them.

A session ends after a time without use and at a maximum age, sooner for staff. Django finds a session only by its key.
So each one also has a row in allauth's UserSession, which names its user: "sign out everywhere" finds them there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from accounts.audit import audit
from accounts.models import User
from accounts.sessions import lifetimes
from podium.core import clock
from podium.core.logs import one_line

MARK = "accounts.web_session"
"""Session key: the times of the sign-in and of the last use, and the key under which the session is registered."""
REGISTER_SECONDS = 60
"""A use is stored only if the last one is older than this: one write a minute, not one for each request."""
AGENT_LENGTH = UserSession._meta.get_field("user_agent").max_length


class WebSessions:
    """Middleware: sign out an expired session, and store the use of a valid one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if not isinstance(user, User):
            return self.get_response(request)
        if _is_over(request, user):
            with audit.because("the session expired"):
                logout(request)
        else:
            _note_use(request, user)
        proofs = _proofs(request, user)
        answer = self.get_response(request)
        if request.user == user and _proofs(request, user) > proofs:
            request.session.cycle_key()  # a new key after each proof: an earlier key becomes worthless
            _register(request, user)
        return answer


def _is_over(request: HttpRequest, user: User) -> bool:
    if (mark := request.session.get(MARK)) is None:
        return False
    now = clock.now().timestamp()
    idle, age = lifetimes.browser(user)
    return bool(now - mark["seen"] >= idle.total_seconds() or now - mark["began"] >= age.total_seconds())


def _note_use(request: HttpRequest, user: User) -> None:
    mark = request.session.get(MARK) or {"began": clock.now().timestamp(), "seen": 0.0, "key": ""}
    if (
        mark["key"] != request.session.session_key
        or clock.now().timestamp() - mark["seen"] >= REGISTER_SECONDS
    ):
        request.session[MARK] = mark
        _register(request, user)


def _register(request: HttpRequest, user: User) -> None:
    """Register the session as this user's, under its current key."""
    key = request.session.session_key
    request.session[MARK] |= {"seen": clock.now().timestamp(), "key": key}
    known = {
        "user": user,
        "ip": request.META.get("REMOTE_ADDR") or "0.0.0.0",
        "user_agent": one_line(request.headers.get("user-agent", ""))[:AGENT_LENGTH],
        "last_seen_at": clock.now(),
    }
    UserSession.objects.update_or_create(session_key=key, defaults=known)


def _proofs(request: HttpRequest, user: User) -> int:
    """The number of times that the user has proved their identity again in this session."""
    return sum(bool(each.get("reauthenticated")) for each in get_authentication_records(request, user))


@receiver(user_logged_in, dispatch_uid="accounts.web.web_sessions")
def _begin(request: HttpRequest, user: User, **_: Any) -> None:
    """Start a session's limits at every sign-in, in the admin too."""
    now = clock.now().timestamp()
    request.session[MARK] = {"began": now, "seen": now, "key": ""}
    if request.session.session_key:
        _register(request, user)


def end(user: User) -> int:
    """End all browser sessions of a user. Returns how many."""
    sessions = list(UserSession.objects.filter(user_id=user.pk))
    for session in sessions:
        session.end()
    return len(sessions)


def delete_expired() -> int:
    """Delete expired sessions and their registrations. Returns the number of registrations."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    gone = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return int(gone.delete()[0])
