"""Hide the pages of sign-in methods that are off: allauth's, and those of the headless API.

allauth itself hides the pages of providers that are off (OnPages in providers/registry.py). Further pages of a provider
are listed in its class (Provider.views).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.defaults import page_not_found

from accounts.providers import registry
from accounts.sign_in import methods

VIEWS = {
    methods.EMAIL: (
        "account_signup",
        "account_reset_password",
        "account_change_password",
        "account_set_password",
        "account_request_login_code",
        "account_confirm_login_code",
        "account:signup",
        "account:login",
        "account:request_password_reset",
        "account:reset_password",
        "account:change_password",
        "account:request_login_code",
        "account:confirm_login_code",
        "account:resend_login_code",
        "headless_signup",
        "headless_request_password_reset",
        "headless_request_login_code",
    ),
    methods.PASSKEY: (
        "account_signup_by_passkey",
        "mfa_login_webauthn",
        "mfa_signup_webauthn",
        "mfa:login_webauthn",
        "mfa:signup_webauthn",
        "headless_by_passkey",
    ),
}
"""Beginnings of the names of views. Names in the headless API are without "headless:browser:" and "headless:app:"."""
HEADLESS = ("headless:browser:", "headless:app:")


class SignInMethods:
    """Middleware: 404 for the pages of methods that are off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not is_off(match.view_name or ""):
            return None
        return page_not_found(request, LookupError("this sign-in method is off"))


def is_off(view: str) -> bool:
    """Test whether a view, by its name, belongs to a method that is off."""
    for start in HEADLESS:
        view = view.removeprefix(start)
    providers = {name: tuple(each.views) for name, each in registry.every().items() if each.views}
    hidden = (names for method, names in (VIEWS | providers).items() if not methods.is_on(method))
    return any(view.startswith(names) for names in hidden)
