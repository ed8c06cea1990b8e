"""Pending sign-ins, confirmations and resets, which wait in an anonymous browser session for their last step.

allauth keeps them in the session. Nothing ends that session when the account gets a new owner or a new password, so a
session that passed the first step before could pass the last one afterwards. So each pending step is bound to the
account's password, as Django binds the sessions of signed-in users.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Internal: allauth has no public name for the key under which the session keeps this step.
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY

# Internal: the same.
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY

# Internal: the same.
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare

from accounts.models import User

BOUND = "accounts_pending"
"""Session key: the password hashes that pending steps are bound to, by user."""
WAITING = {
    LOGIN_SESSION_KEY: "user_pk",
    EMAIL_VERIFICATION_CODE_SESSION_KEY: "user_id",
    PASSWORD_RESET_VERIFICATION_SESSION_KEY: "user_id",
}
"""Session keys of the pending steps, each with the name of the field that holds the user's id."""

LOOKING = ("allauth.", "accounts.web.headless_urls")
"""Modules of the views that continue a pending step."""

Page = Callable[[HttpRequest], HttpResponseBase]


class Middleware:
    """Drop void pending steps and bind new ones. One SELECT for each pending step."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.page(request)
        if request.session.modified:
            _bind(request.session)
        return answer

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> None:
        """Check only before allauth's pages. Other pages don't use pending steps and need not load the session."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and view.__module__.startswith(LOOKING):
            _drop(request.session)


def _drop(session: Any) -> None:
    bound: dict[str, str] = session.get(BOUND, {})
    for key, user in _waiting(session).items():
        if user is not None and not constant_time_compare(bound.get(str(user.pk), ""), _password_of(user)):
            del session[key]
            session[BOUND] = {name: value for name, value in bound.items() if name != str(user.pk)}


def _bind(session: Any) -> None:
    users = {str(user.pk): user for user in _waiting(session).values() if user is not None}
    bound = {key: _password_of(user) for key, user in users.items()}
    kept: dict[str, str] = session.get(BOUND, {})
    if bound := {key: kept.get(key, value) for key, value in bound.items()}:
        session[BOUND] = bound
    else:
        session.pop(BOUND, None)


def _waiting(session: Any) -> dict[str, User | None]:
    """The users of the pending steps, by session key. None if the step imitates one for a taken or unknown address."""
    found = {key: session.get(key) for key in WAITING}
    ids = {key: value.get(WAITING[key]) for key, value in found.items() if isinstance(value, dict)}
    return {key: User.objects.filter(pk=id).first() if id else None for key, id in ids.items()}


def _password_of(user: User) -> str:
    return str(user.get_session_auth_hash())
