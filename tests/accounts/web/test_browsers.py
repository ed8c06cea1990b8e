"""The API for an app's own pages (allauth's headless API) and allauth's pages: origins, cookies, second factors."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.models import SecurityEvent, User
from accounts.second_factor import factors
from podium.endpoints import testing
from tests.accounts.conftest import PASSWORD

OURS, FOREIGN = "https://app.example.com", "https://evil.example.net"
API = "/_allauth/browser/v1/"


@pytest.fixture(autouse=True)
def origins(settings: Any, transactional_db: None) -> None:
    """The settings with WEB_ORIGINS=https://app.example.com."""
    settings.CORS_ALLOWED_ORIGINS = [OURS]
    settings.CSRF_TRUSTED_ORIGINS = [OURS]


class Page:
    """JavaScript of a page on an origin: its cookies, the CSRF token in a header, JSON."""

    def __init__(self, origin: str) -> None:
        self.browser, self.origin = Client(enforce_csrf_checks=True), origin

    def get(self, path: str) -> Any:
        return self.browser.get(API + path, headers={"Origin": self.origin})

    def post(self, path: str, **data: Any) -> Any:
        headers = {"Origin": self.origin}
        if "csrftoken" in self.browser.cookies:
            headers["X-CSRFToken"] = self.browser.cookies["csrftoken"].value
        return self.browser.post(API + path, data, content_type="application/json", headers=headers)

    def sign_in(self, password: str = PASSWORD) -> Any:
        self.get("config")
        return self.post("auth/login", email="anna@example.com", password=password)


def test_a_page_of_ours_signs_in_with_a_cookie(anna: User) -> None:
    page = Page(OURS)
    answer = page.sign_in()
    assert answer.status_code == 200
    assert answer.json()["data"]["user"]["id"] == str(anna.pk)
    assert "session_token" not in answer.json()["meta"]
    assert answer.headers["Access-Control-Allow-Origin"] == OURS
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "origin" in answer.headers["Vary"].lower()
    assert page.get("auth/session").json()["meta"]["is_authenticated"]
    cookie = answer.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    event = SecurityEvent.objects.get()
    assert (event.event, event.user, event.details) == (
        "signed_in",
        anna,
        {"method": "password", "web": True},
    )


def test_a_foreign_page_gets_nothing(anna: User) -> None:
    page = Page(FOREIGN)
    answer = page.sign_in()
    assert answer.status_code == 403
    assert "sessionid" not in answer.cookies
    ours = Page(OURS)
    ours.sign_in()
    page.browser = ours.browser
    for each in (page.get("auth/session"), page.get("config"), page.post("auth/login")):
        assert not [name for name in each.headers if name.lower().startswith("access-control")]
    assert page.browser.delete(API + "auth/session", headers={"Origin": FOREIGN}).status_code == 403
    assert ours.get("auth/session").json()["meta"]["is_authenticated"]


def test_without_the_csrf_token_nothing_is_done(anna: User) -> None:
    page = Page(OURS)
    assert page.post("auth/login", email=anna.email, password=PASSWORD).status_code == 403


@pytest.mark.parametrize("origin", [OURS, FOREIGN, "null"])
def test_preflight_requests(origin: str) -> None:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-csrftoken",
    }
    answer = Client().options(API + "auth/login", headers=headers)
    assert answer.headers.get("Access-Control-Allow-Origin") == (OURS if origin == OURS else None)
    assert ("x-csrftoken" in answer.headers.get("Access-Control-Allow-Headers", "")) == (origin == OURS)


def test_other_pages_are_open_to_no_other_origin(anna: User) -> None:
    for path in ("/account/login/", "/admin/login/", "/_allauth/app/v1/config"):
        answer = Client().get(path, headers={"Origin": OURS})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_apps_have_the_endpoints_and_no_second_way() -> None:
    assert Client().get("/_allauth/app/v1/config").status_code == 404


def test_guesses_are_slowed_here_too(anna: User) -> None:
    page = Page(OURS)
    answers = [page.sign_in("wrong") for _ in range(7)]
    assert answers[0].json()["errors"][0]["code"] == "email_password_mismatch"
    assert answers[-1].json()["errors"][0]["code"] == "too_many_login_attempts"
    assert page.sign_in().status_code == 400
    assert {"password_wrong", "too_many_tries"} <= set(SecurityEvent.objects.values_list("event", flat=True))


def test_a_code_is_asked_for_and_guesses_at_it_are_slowed(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)
    secret = testing.call("secondFactor.start_totp", user=anna, proof=PASSWORD).secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(now) // 30))
    testing.call("secondFactor.confirm_totp", user=anna, code=code)
    page = Page(OURS)
    assert page.sign_in().status_code == 401
    assert page.post("auth/2fa/authenticate", code=code).status_code == 400, "it was used in the app"
    now += 30
    code = totp.format_hotp_value(totp.hotp_value(secret, int(now) // 30))
    assert page.post("auth/2fa/authenticate", code=code).status_code == 200
    event = SecurityEvent.objects.filter(event="signed_in").get()
    assert event.details["method"] == "password+mfa"
    thief = Page(OURS)
    thief.sign_in()
    answers = [thief.post("auth/2fa/authenticate", code="000000").json() for _ in range(7)]
    assert answers[0]["errors"][0]["code"] == "incorrect_code"
    assert answers[-1]["errors"][0]["code"] == "too_many_login_attempts"
    assert SecurityEvent.objects.filter(event="second_factor_wrong").count() >= 5


def test_other_sign_in_methods_do_not_ask_for_an_apps_passkey(anna: User) -> None:
    Authenticator.objects.create(
        user=anna, type=Authenticator.Type.WEBAUTHN, data={"name": "x", factors.WAY_IN: True}
    )
    assert Page(OURS).sign_in().status_code == 200
    Authenticator.objects.update(data={"name": "a key added on the page for second factors"})
    assert Page(OURS).sign_in().status_code == 401


def test_signing_out_and_the_admins_sign_in_are_in_the_log(anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_staff=True)
    browser = Client()
    browser.post("/admin/login/", {"username": anna.email, "password": PASSWORD})
    browser.post("/account/logout/")
    events = SecurityEvent.objects.order_by("id").values_list("event", "user", "details")
    assert list(events) == [
        ("signed_in", anna.pk, {"method": "admin", "web": True}),
        ("signed_out", anna.pk, {"web": True}),
    ]


def test_the_pages_for_second_factors(anna: User) -> None:
    browser = Client()
    assert b"passkey_login" in browser.get("/account/login/").content
    assert browser.get("/account/signup/").status_code == 200
    assert browser.get("/account/2fa/")["Location"].startswith("/account/login/")
    browser.post("/account/login/", {"login": anna.email, "password": PASSWORD})
    page = browser.get("/account/2fa/").content
    assert b"Authenticator App" in page
    assert b"Security Keys" in page
    fresh = browser.get("/account/2fa/totp/activate/")["Location"]
    assert fresh.startswith("/account/reauthenticate/")
    browser.post(fresh, {"password": PASSWORD})
    assert browser.get("/account/2fa/totp/activate/").status_code == 200
    assert browser.get("/account/2fa/webauthn/add/").status_code == 200
