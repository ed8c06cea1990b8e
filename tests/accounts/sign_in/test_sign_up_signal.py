"""signals.user_created for sign-ups with an address and a password on pages and in the headless API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts import signals
from accounts.models import User

ANNA, PASSWORD = "anna@example.com", "four random words"
Heard = list[tuple[str, str, bool]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """The address and method of each signal, and whether a transaction was open."""
    found: Heard = []

    def created(*, user: User, method: str, claims: Any, call: Any, **_: Any) -> None:
        assert User.objects.filter(pk=user.pk).exists() and claims is None and call is None
        found.append((str(user.email), method, connection.in_atomic_block))

    signals.user_created.connect(created)
    yield found
    signals.user_created.disconnect(created)


def on_the_page() -> Any:
    return Client().post("/account/signup/", {"email": ANNA, "password1": PASSWORD})


def in_the_headless_api() -> Any:
    fields = {"email": ANNA, "password": PASSWORD}
    return Client().post("/_allauth/browser/v1/auth/signup", fields, content_type="application/json")


@pytest.mark.parametrize(("sign_up", "status"), [(on_the_page, 302), (in_the_headless_api, 401)])
def test_a_sign_up_is_announced_once_when_it_is_stored(
    transactional_db: None, heard: Heard, sign_up: Any, status: int
) -> None:
    assert [sign_up().status_code for _ in range(2)] == [status] * 2
    assert User.objects.count() == 1, "the second time, the address is taken"
    assert heard == [(ANNA, "email", False)]


@pytest.mark.django_db
def test_a_sign_up_that_is_refused_is_not_announced(heard: Heard) -> None:
    answer = Client().post("/account/signup/", {"email": ANNA, "password1": "short"})
    assert answer.status_code == 200 and not User.objects.exists()
    assert heard == []
