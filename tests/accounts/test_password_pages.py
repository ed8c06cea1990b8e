"""Passwords on the pages for browsers."""

from __future__ import annotations

import re

import pytest
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
