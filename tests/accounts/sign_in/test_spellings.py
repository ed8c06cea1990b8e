"""All spellings of a domain count as one address, and an address that can't get mail is refused without an error."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User, normalize_email
from accounts.protocol import EmailAccountRequestException
from podium.endpoints import testing
from tests.accounts.conftest import PASSWORD
from tests.accounts.sign_in.test_ownership import API, gets_in, reset
from tests.accounts.webmail import link

pytestmark = pytest.mark.django_db(transaction=True)

DOORS = ["page", "headless", "app"]
PLAIN, UMLAUT = "anna@example.com", "anna@m\u00fcller.example"
SPELLINGS = {
    "anna@\uff45xample.com": PLAIN,  # a wide letter
    "anna@exa\u00admple.com": PLAIN,  # a soft hyphen
    "anna@exam\u200bple.com": PLAIN,  # a zero-width space
    "anna@mu\u0308ller.example": UMLAUT,  # two characters for one letter
    "anna@M\u00dcLLER.example": UMLAUT,
    "anna@xn--mller-kva.example": UMLAUT,
}
REFUSED = ['"an\\na"@example.com', "ma\u017fon@example.com", "anna@" + "\u00fc" * 60 + ".com"]


def sign_up(door: str, address: str) -> bool:
    """Sign up by one of DOORS; return whether the address was accepted."""
    if door == "page":
        answer: Any = Client().post("/account/signup/", {"email": address, "password1": PASSWORD})
        return bool(answer.status_code == 302)
    if door == "headless":
        data = {"email": address, "password": PASSWORD}
        answer = Client().post(API + "auth/signup", data, content_type="application/json")
        assert answer.status_code in (400, 401)
        return bool(answer.status_code == 401)
    try:
        testing.call("emailIdp.start_registration", email=address)
    except EmailAccountRequestException:
        return False
    return True


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("spelled", "meant"), SPELLINGS.items(), ids=ascii)
def test_the_mail_goes_to_the_one_spelling(door: str, spelled: str, meant: str) -> None:
    assert normalize_email(spelled) == normalize_email(meant) == meant
    assert sign_up(door, spelled)
    assert [each.to for each in mail.outbox] == [[meant]]
    assert {user.email for user in User.objects.all()} <= {meant}


@pytest.mark.parametrize("door", DOORS)
def test_mails_to_all_spellings_are_counted_together(door: str) -> None:
    spellings = ["anna@" + "\u00ad" * number + "example.com" for number in range(1, 9)]
    assert [sign_up(door, each) for each in spellings] == [True] * 5 + [False] * 3
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("address", REFUSED, ids=ascii)
def test_addresses_without_a_usual_spelling_are_refused(door: str, address: str) -> None:
    assert not sign_up(door, address)
    assert not mail.outbox
    assert not User.objects.exists()


def test_a_user_signs_in_with_any_spelling() -> None:
    browser = Client()
    browser.post("/account/signup/", {"email": UMLAUT, "password1": PASSWORD})
    browser.post(link("confirm", UMLAUT))
    for spelled, meant in SPELLINGS.items():
        assert gets_in(spelled, PASSWORD) == (meant == UMLAUT)
    Client().post("/account/password/reset/", {"email": "anna@xn--mller-kva.example"})
    assert mail.outbox[-1].to == [UMLAUT]
    assert reset(UMLAUT, "another horse battery 8")


def test_a_reset_is_mailed_to_the_address_that_was_found_and_not_as_it_was_typed() -> None:
    User.objects.create_user("kate@example.com", PASSWORD)
    Client().post("/account/password/reset/", {"email": "\u212aate@example.com"})  # U+212A, the kelvin sign
    data = {"email": "\u212aate@EXAMPLE.com"}
    Client().post(API + "auth/password/request", data, content_type="application/json")
    testing.call("emailIdp.start_password_reset", email="\u212aate@example.com")
    assert [each.to for each in mail.outbox] == [["kate@example.com"]] * 3
