"""Passwords on the pages for browsers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD

NEW = "another horse battery 8"


def test_a_new_password_takes_the_old_one(anna: User) -> None:
    browser = Client()
    browser.force_login(anna)
    for old, taken in [("wrong", False), ("", False), (PASSWORD, True)]:
        browser.post("/account/password/change/", {"oldpassword": old, "password1": NEW, "password2": NEW})
        anna.refresh_from_db()
        assert anna.check_password(NEW) is taken


@pytest.mark.parametrize("page", ["login", "signup"])
@pytest.mark.usefixtures("transactional_db")
def test_passwords_are_hidden_and_may_be_pasted(page: str) -> None:
    html = Client().get(f"/account/{page}/").content.decode()
    fields = re.findall(r"<input[^>]*name=\"password\d?\"[^>]*>", html)
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert 'autocomplete="off"' not in field
        assert "onpaste" not in field


@pytest.mark.django_db
def test_a_password_counts_as_it_was_typed() -> None:
    typed = "  Blanks around, UPPER and lower  "
    User.objects.create_user("anna@example.com", typed)
    for given, right in ((typed.strip(), False), (typed.lower(), False), (typed[:-1], False), (typed, True)):
        browser = Client()
        browser.post("/account/login/", {"login": "anna@example.com", "password": given})
        assert ("_auth_user_id" in browser.session) is right


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_the_link_to_a_new_password_works_for_an_hour(
    minutes: int, works: bool, monkeypatch: pytest.MonkeyPatch, mailoutbox: Any
) -> None:
    User.objects.create_user("anna@example.com", PASSWORD)
    Client().post("/account/password/reset/", {"email": "anna@example.com"})
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mailoutbox[0].body)
    assert link is not None
    now = PasswordResetTokenGenerator._now(PasswordResetTokenGenerator()) + timedelta(minutes=minutes)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: now)
    page = Client().get(link[1], follow=True).content.decode()
    assert ('name="password1"' in page) is works


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["email/", "password/change/", "3rdparty/", "sessions/", "2fa/", "data/"])
def test_every_account_page_has_a_way_to_sign_out(page: str) -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("anna@example.com", PASSWORD))
    assert 'href="/account/logout/"' in browser.get(f"/account/{page}").content.decode()
