"""A recent proof of identity, on pages and in the headless API. reauthentication.py has the same rule for calls."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records

# Internal: the public decorator is for views; adapters decide here, and need to know whether there is a way to ask.
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired

# Internal: nothing public distinguishes requests of the headless API, which get another answer.
from allauth.core.internal.httpkit import is_headless_request
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse_lazy

from accounts.conf import conf
from accounts.models import User

SIGN_IN = reverse_lazy("account_login")


def signed_in_just_now(request: HttpRequest, user: User) -> bool:
    """Test for a sign-in, or another proof, in this session within ACCOUNTS_FRESH_MINUTES."""
    records = get_authentication_records(request, user)
    return bool(records) and time.time() - records[-1]["at"] < conf.FRESH_MINUTES * 60


def sign_in_again(request: HttpRequest) -> HttpResponseBase:
    """Sign out, and redirect to the sign-in page, which leads back."""
    logout(request)
    return redirect_to_login(request.path, str(SIGN_IN))


def is_needed(request: HttpRequest) -> bool:
    """Test whether a change of sign-in methods needs another proof.

    If so, allauth asks for the password or a code. A user with neither must sign in again with the method they have:
    raises ImmediateHttpResponse, or ReauthenticationRequired in the headless API.
    """
    user = request.user
    if not isinstance(user, User):
        return True
    if signed_in_just_now(request, user):
        return False
    if get_reauthentication_flows(user):
        return True
    if is_headless_request(request):
        raise ReauthenticationRequired
    raise ImmediateHttpResponse(sign_in_again(request))


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    """The USERSESSIONS_ADAPTER: signing out other browsers needs a recent proof."""

    def end_sessions(self, sessions: Any) -> None:
        chosen: list[UserSession] = list(sessions)
        if any(not each.is_current() for each in chosen):
            raise_if_reauthentication_required(context.request, app="allauth.account")
        super().end_sessions(chosen)
