"""Browser sessions, including the admin's: their time limits, and everything that ends all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import tasks
from accounts.data import deletion
from accounts.models import SecurityEvent, User
from accounts.sessions import sessions
from tests.accounts.conftest import PASSWORD, Make

pytestmark = pytest.mark.django_db(transaction=True)

Later = Callable[..., None]
EMAILS = "/account/email/"


@pytest.fixture
def root(transactional_db: None) -> User:
    return User.objects.create_superuser("root@example.com", PASSWORD)


def sign_in(email: str = "anna@example.com") -> Client:
    """Sign a browser in on the account pages."""
    browser = Client()
    assert browser.post("/account/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return browser


def sign_in_to_the_admin() -> Client:
    browser = Client()
    form = {"username": "root@example.com", "password": PASSWORD}
    assert browser.post("/admin/login/", form).status_code == 302
    return browser


def is_in(browser: Client, page: str = EMAILS) -> bool:
    return browser.get(page).status_code == 200


def test_a_session_ends_without_use(anna: User, later: Later) -> None:
    browser = sign_in()
    later(days=13)
    assert is_in(browser)
    later(days=13)
    assert is_in(browser)
    later(days=14)
    assert not is_in(browser)
    assert SecurityEvent.objects.get(event="signed_out").details["reason"] == "the session expired"
    assert not UserSession.objects.filter(user=anna).first() or not Session.objects.exists()


def test_a_session_ends_however_much_it_is_used(anna: User, later: Later) -> None:
    browser = sign_in()
    for _ in range(8):
        later(days=10)
        assert is_in(browser)
    later(days=10)
    assert not is_in(browser)


def test_a_session_of_staff_ends_after_an_hour_without_use(root: User, later: Later) -> None:
    browser = sign_in_to_the_admin()
    later(minutes=59)
    assert is_in(browser, "/admin/")
    later(minutes=61)
    assert not is_in(browser, "/admin/")


def test_a_session_of_staff_ends_after_half_a_day(root: User, later: Later) -> None:
    browser = sign_in_to_the_admin()
    for _ in range(13):
        later(minutes=55)
        assert is_in(browser, "/admin/")
    later(minutes=10)
    assert not is_in(browser, "/admin/")


def test_the_times_are_settings(anna: User, later: Later, settings: Any) -> None:
    settings.ACCOUNTS_BROWSER_IDLE_DAYS = 1
    browser = sign_in()
    later(days=1)
    assert not is_in(browser)


@pytest.mark.parametrize("page", ["/account/login/", "/admin/login/"])
def test_signing_out_everywhere_ends_every_browser(page: str, call: Make, root: User) -> None:
    browser = sign_in(root.email or "") if page == "/account/login/" else sign_in_to_the_admin()
    assert is_in(browser)
    call("serverpod_auth_core.status.sign_out_all_devices", token=sessions.issue(root).token)
    assert not is_in(browser)
    assert not Session.objects.exists()


def test_a_blocked_users_sessions_do_not_come_back_with_the_user(root: User, anna: User) -> None:
    """Any code may block a user: only the row matters."""
    pages, admin = sign_in(), sign_in_to_the_admin()
    for user in (anna, root):
        user.is_active = False
        user.save()
        user.is_active = True
        user.save()
    assert not is_in(pages)
    assert not is_in(admin, "/admin/")


def test_a_deleted_users_sessions_end(root: User) -> None:
    browser = sign_in_to_the_admin()
    deletion.request(root)
    assert not is_in(browser, "/admin/")
    assert not Session.objects.exists()


def test_a_session_made_before_sessions_were_registered_is_registered_at_its_next_use(anna: User) -> None:
    browser = sign_in()
    session = browser.session
    del session["accounts.web_session"]
    session.save()
    UserSession.objects.all().delete()
    assert is_in(browser)
    sessions.revoke_all(anna)
    assert not is_in(browser)


def test_a_password_change_signs_out_every_other_browser(anna: User) -> None:
    here, there = sign_in(), sign_in()
    here.post("/account/reauthenticate/", {"password": PASSWORD})
    new = {
        "oldpassword": PASSWORD,
        "password1": "another horse battery 8",
        "password2": "another horse battery 8",
    }
    assert here.post("/account/password/change/", new).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    sessions.revoke_all(anna)
    assert not is_in(here)


def test_a_new_proof_gets_a_new_key(anna: User) -> None:
    browser = sign_in()
    before = browser.session.session_key
    assert browser.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert browser.session.session_key == before
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert browser.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    sessions.revoke_all(anna)
    assert not is_in(browser)


def test_expired_sessions_are_deleted(anna: User, later: Later) -> None:
    sign_in()
    later(days=15)
    tasks.delete_expired_web_sessions()
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_a_sign_in_over_another_user_stays(anna: User, root: User) -> None:
    browser = sign_in()
    form = {"username": "root@example.com", "password": PASSWORD}
    assert browser.post("/admin/login/", form).status_code == 302
    assert is_in(browser, "/admin/")
