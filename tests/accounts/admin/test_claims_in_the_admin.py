"""A claimed address does not become proved when staff edit or delete its row in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from accounts.sign_in import ownership
from tests.accounts.conftest import PASSWORD
from tests.accounts.sign_in.test_ownership import ANNA, MALLORY, gets_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return client


def save(operator: Client, user: User, *rows: EmailAddress, email: str | None = None, **more: str) -> Any:
    """Submit the admin page of a user; return the response."""
    form = {"email": email or user.email or "", "name": "", **more}
    form |= {"emailaddress_set-TOTAL_FORMS": str(len(rows)), "emailaddress_set-INITIAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        form |= {f"emailaddress_set-{number}-{name}": getattr(row, name) for name in ("id", "email")}
        form[f"emailaddress_set-{number}-user"] = str(user.pk)
    return operator.post(f"/admin/accounts/user/{user.pk}/change/", form | more)


def claimed(address: str) -> tuple[User, EmailAddress]:
    user = User.objects.create_user(address, PASSWORD)
    return user, EmailAddress.objects.create(user=user, email=address, primary=True)


def test_a_claimed_address_whose_row_is_removed_is_gone(operator: Client) -> None:
    mallory, row = claimed(ANNA)
    assert save(operator, mallory, row, **{"emailaddress_set-0-DELETE": "on"}).status_code == 302
    mallory.refresh_from_db()
    assert mallory.email is None
    assert ownership.owner(ANNA) is None
    assert not gets_in(ANNA, PASSWORD)


def test_another_proved_address_takes_the_place_of_one_that_is_removed(operator: Client) -> None:
    user = User.objects.create_user(ANNA, PASSWORD)
    row = EmailAddress.objects.create(user=user, email=ANNA, primary=True, verified=True)
    EmailAddress.objects.create(user=user, email="third@example.com")
    EmailAddress.objects.create(user=user, email=MALLORY, verified=True)
    rows = list(EmailAddress.objects.filter(user=user).order_by("pk"))
    save(operator, user, *rows, **{"emailaddress_set-0-DELETE": "on"})
    assert not EmailAddress.objects.filter(pk=row.pk).exists()
    user.refresh_from_db()
    assert user.email == MALLORY
    assert EmailAddress.objects.get(email=MALLORY).primary


def test_the_text_of_a_confirmed_row_is_not_changed(operator: Client) -> None:
    user = User.objects.create_user(ANNA, PASSWORD)
    EmailAddress.objects.create(user=user, email=ANNA, primary=True, verified=True)
    row = EmailAddress.objects.create(user=user, email="second@example.com", verified=True)
    row.email = MALLORY
    save(operator, user, row)
    kept = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    assert set(kept) == {ANNA, "second@example.com"}


def test_the_proved_address_of_another_is_not_given(operator: Client) -> None:
    other = User.objects.create_user("other@example.com", PASSWORD)
    EmailAddress.objects.create(user=other, email=ANNA, verified=True)
    user = User.objects.create_user("user@example.com", PASSWORD)
    assert "belongs to another account" in save(operator, user, email=ANNA).content.decode()
    form = {"email": ANNA.upper(), "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    added = operator.post("/admin/accounts/user/add/", form)
    assert "belongs to another account" in added.content.decode()
    assert not User.objects.filter(email=ANNA).exists()
