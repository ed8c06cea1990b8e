"""ACCOUNTS_SIGN_IN: a method that is off is off in calls, on pages, in the headless API and in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import checks
from accounts.endpoints import idp_email
from accounts.endpoints import methods as own
from accounts.models import User
from accounts.sign_in import methods
from accounts.web import method_pages
from podium.endpoints import registry
from tests.accounts.conftest import PASSWORD

WIRE = {
    "email": "emailIdp",
    "anonymous": "anonymousIdp",
    "passkey": "passkeyIdp",
    "google": "googleIdp",
    "apple": "appleIdp",
    "firebase": "firebaseIdp",
    "github": "gitHubIdp",
    "microsoft": "microsoftIdp",
    "facebook": "facebookIdp",
    "oidc": "oidcIdp",
}
"""The endpoints that Serverpod's apps call."""
LOGIN = {"login": "anna@example.com", "password": PASSWORD}


@pytest.mark.parametrize("method", methods.every())
def test_a_method_that_is_off_has_no_endpoint(settings: Any, method: str) -> None:
    served = set(registry.registry().names())
    assert set(WIRE.values()) < served
    settings.ACCOUNTS_SIGN_IN = [each for each in methods.every() if each != method]
    assert served - set(registry.registry().names()) == {WIRE[method]}


def test_endpoints_that_every_account_needs_exist_without_any_method(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = []
    served = registry.registry().names()
    assert {"jwtRefresh", "userProfileEdit", "accounts", "accountData", "secondFactor"} < set(served)
    assert not set(WIRE.values()) & set(served)


class OurEmailEndpoint(idp_email.EmailIdpBaseEndpoint):
    """A class of an app with another name."""


class OffEndpoint(OurEmailEndpoint):
    @classmethod
    def is_served(cls) -> bool:
        return False


def test_a_class_of_an_app_takes_the_place_of_the_one_of_accounts(settings: Any) -> None:
    given = [own.EmailIdpEndpoint, own.AnonymousIdpEndpoint, idp_email.EmailIdpBaseEndpoint]
    assert registry._served(given) == given
    assert registry._served([*given, OurEmailEndpoint]) == [*given[1:], OurEmailEndpoint]
    assert registry._served([*given, OffEndpoint]) == given[1:]
    settings.ACCOUNTS_SIGN_IN = ["anonymous"]
    assert registry._served([*given, OurEmailEndpoint]) == given[1:]


def test_a_class_of_an_app_for_a_method_that_is_off_is_an_error(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_declared", lambda: [own.EmailIdpEndpoint, OurEmailEndpoint])
    assert list(checks.sign_in_methods_are_known(None)) == []
    settings.ACCOUNTS_SIGN_IN = ["google"]
    [fault] = checks.sign_in_methods_are_known(None)
    assert fault.id == "accounts.E012"
    assert "tests/accounts/sign_in/test_sign_in_methods.py:" in str(fault.msg)
    assert "OurEmailEndpoint" in str(fault.msg) and "'email'" in str(fault.msg)


def test_an_unknown_method_is_one_error_with_the_list_of_all(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ["email", "gogle", "e-mail"]
    [fault] = checks.sign_in_methods_are_known(None)
    assert (fault.id, fault.msg) == (
        "accounts.E011",
        "ACCOUNTS_SIGN_IN: unknown sign-in methods 'gogle', 'e-mail'.",
    )
    assert all(method in str(fault.hint) for method in methods.every())


def test_an_admin_that_nobody_can_enter_is_a_warning(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ["anonymous"]
    assert [each.id for each in checks.sign_in_methods_are_known(None)] == ["accounts.W003"]


def test_without_email_passwords_are_off_everywhere(settings: Any, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_staff=True, is_superuser=True)
    admin = {"username": "anna@example.com", "password": PASSWORD}
    assert Client().post("/admin/login/", admin).status_code == 302
    assert Client().post("/account/login/", LOGIN).status_code == 302

    settings.ACCOUNTS_SIGN_IN = ["passkey", "google"]
    page = Client().get("/account/login/").content.decode()
    assert 'type="password"' not in page and "/account/signup/" not in page
    assert "passkey_login" in page
    for answer in (Client().post("/account/login/", LOGIN), Client().post("/admin/login/", admin)):
        assert answer.status_code == 200 and not answer.wsgi_request.user.is_authenticated
    assert "Signing in with a password is off" in answer.content.decode()
    for name in ("account_signup", "account_reset_password", "account_change_password"):
        assert Client().get(reverse(name)).status_code == 404
    json = {"email": "anna@example.com", "password": PASSWORD}
    for path in ("login", "signup", "password/request"):
        answer = Client().post(f"/_allauth/browser/v1/auth/{path}", json, content_type="application/json")
        assert answer.status_code == 404, path


def test_without_passkeys_they_are_a_second_factor_only(settings: Any, db: None) -> None:
    for path in ("/account/2fa/webauthn/login/", "/_allauth/browser/v1/auth/webauthn/login"):
        assert Client().get(path, headers={"accept": "application/json"}).status_code == 200
    settings.ACCOUNTS_SIGN_IN = ["email"]
    for path in ("/account/2fa/webauthn/login/", "/_allauth/browser/v1/auth/webauthn/login"):
        assert Client().get(path).status_code == 404
    assert "passkey_login" not in Client().get("/account/login/").content.decode()
    assert not method_pages.is_off("mfa_add_webauthn")
    assert not method_pages.is_off("headless:browser:mfa:authenticate_webauthn")
