"""allauth's pages, its headless API and the admin: they share users and limits with apps."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from accounts.models import Session, User
from accounts.protocol import EmailAccountLoginException, SecondFactorRequiredException
from podium.core.ids import uuid7
from podium.endpoints import testing
from podium.endpoints.calls import Identity
from podium.endpoints.errors import InvalidArguments, NotSignedIn
from tests.accounts.conftest import PASSWORD, Make, works

ANNA = "anna@example.com"


def refused(call: Make, password: str = "wrong", **options: Any) -> str:
    """The reason for the refusal of a sign-in."""
    with pytest.raises(EmailAccountLoginException) as error:
        call("emailIdp.login", **{"email": ANNA, **options}, password=password)
    return str(error.value.reason.value)


def test_signing_in_gives_a_token_that_works(call: Make, anna: User) -> None:
    anna.groups.add(Group.objects.create(name="editor"))
    success = call("emailIdp.login", email=f" {ANNA.upper()} ", password=PASSWORD, device="Phone/1.0")
    assert works(success.token)
    assert (success.auth_strategy, success.refresh_token) == ("session", None)
    assert success.scope_names == {"editor"}
    assert (Session.objects.get().user_agent, Session.objects.get().method) == ("Phone/1.0", "email")
    anna.refresh_from_db()
    assert anna.last_login is not None


def test_a_superuser_has_a_scope_of_its_own_but_staff_has_not(call: Make) -> None:
    User.objects.create_superuser("root@example.com", PASSWORD)
    User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
    assert call("emailIdp.login", email="root@example.com", password=PASSWORD).scope_names == {"admin"}
    assert call("emailIdp.login", email="staff@example.com", password=PASSWORD).scope_names == set()


def test_guesses_for_an_account_are_slowed_from_wherever_they_come(call: Make, anna: User) -> None:
    reasons = [refused(call, address=f"198.51.100.{number}") for number in range(8)]
    assert reasons[:5] == ["invalidCredentials"] * 5
    assert reasons[-1] == "tooManyAttempts"
    assert refused(call, PASSWORD, address="203.0.113.9") == "tooManyAttempts"


def test_nobody_can_lock_somebody_out_of_a_device_that_is_known(call: Make, anna: User) -> None:
    home = {"address": "203.0.113.9", "device": "Phone/1.0"}
    assert call("emailIdp.login", email=ANNA, password=PASSWORD, **home).token
    for number in range(12):
        refused(call, address=f"198.51.100.{number}")
    assert refused(call, PASSWORD, address="198.51.100.99") == "tooManyAttempts"
    assert call("emailIdp.login", email=ANNA, password=PASSWORD, **home).token


def test_guesses_from_one_network_are_slowed_whatever_the_account(call: Make, anna: User) -> None:
    reasons = [
        refused(call, email=f"{number}@example.com", address=f"2001:db8::{number:x}", device=f"d{number}")
        for number in range(24)
    ]
    assert reasons[:20] == ["invalidCredentials"] * 20
    assert reasons[-1] == "tooManyAttempts"
    assert call("emailIdp.login", email=ANNA, password=PASSWORD, address="2001:db8:1::1").token


def test_a_sign_in_does_not_reset_guesses_at_other_accounts(call: Make, anna: User) -> None:
    """A thief who signs in to an account of their own now and then is still slowed."""
    for number in range(21):
        refused(call, email=f"{number}@example.com", device=f"d{number}")
    assert refused(call, email="x@example.com", device="other") == "tooManyAttempts"
    assert refused(call, PASSWORD, device="other") == "tooManyAttempts"


@pytest.mark.parametrize("mode", ["mandatory", "optional", "none"])
def test_an_address_has_to_be_confirmed_first(call: Make, anna: User, settings: Any, mode: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = mode
    EmailAddress.objects.create(user=anna, email=ANNA, primary=True, verified=False)
    assert refused(call, PASSWORD) == "invalidCredentials"
    assert not mail.outbox, "the response time would reveal that the password was right"
    EmailAddress.objects.update(verified=True)
    assert call("emailIdp.login", email=ANNA, password=PASSWORD).token


def test_a_second_factor_is_not_left_out(call: Make, anna: User) -> None:
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with pytest.raises(SecondFactorRequiredException) as due:
        call("emailIdp.login", email=ANNA, password=PASSWORD)
    assert due.value.methods == ["totp"]
    assert not Session.objects.exists()


def test_an_older_hash_is_renewed_and_signs_nobody_out(call: Make, anna: User) -> None:
    token = call("emailIdp.login", email=ANNA, password=PASSWORD).token
    User.objects.filter(pk=anna.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    call("emailIdp.login", email=ANNA, password=PASSWORD)
    anna.refresh_from_db()
    assert anna.password.startswith("argon2$")
    assert works(token)


def test_an_address_with_a_nul_is_refused_at_the_door(call: Make) -> None:
    with pytest.raises(InvalidArguments, match="NUL"):
        call("emailIdp.login", email="an\x00na@example.com", password=PASSWORD)
    with pytest.raises(InvalidArguments, match="NUL"):
        call("emailIdp.start_registration", email="an\x00na@example.com")
    assert User.objects.count() == 0


def test_users_see_and_end_their_own_devices(call: Make, anna: User) -> None:
    phone = call("emailIdp.login", email=ANNA, password=PASSWORD, device="Phone/1.0").token
    laptop = call("emailIdp.login", email=ANNA, password=PASSWORD, device="Laptop/1.0").token
    ben = User.objects.create_user("ben@example.com", PASSWORD)
    stranger = call("emailIdp.login", email=ben.email, password=PASSWORD).token
    listed = {each.name: each for each in call("accounts.list_devices", token=phone)}
    assert {name: each.current for name, each in listed.items()} == {"Phone/1.0": True, "Laptop/1.0": False}
    assert {each.method for each in listed.values()} == {"email"}
    assert not call("accounts.end_device", token=stranger, deviceId=str(listed["Laptop/1.0"].id))
    assert works(laptop)
    assert call("accounts.end_device", token=phone, deviceId=str(listed["Laptop/1.0"].id))
    assert [works(token) for token in (phone, laptop, stranger)] == [True, False, True]


def test_users_sign_up_and_in_on_the_pages_too(call: Make) -> None:
    browser = Client()
    assert browser.get("/account/signup/").status_code == 200
    browser.post("/account/signup/", {"email": "Anna@example.com", "password1": PASSWORD})
    assert User.objects.get().email == ANNA
    link = re.search(r"http://[^/]+(/account/confirm-email/\S+)", str(mail.outbox[0].body))
    assert link is not None
    browser.post(link[1])
    assert EmailAddress.objects.get().verified
    other = Client()
    other.post("/account/login/", {"login": "ANNA@example.com", "password": PASSWORD})
    assert other.session["_auth_user_id"] == str(User.objects.get().pk)
    assert call("emailIdp.login", email=ANNA, password=PASSWORD).token


def test_a_password_reset_on_the_pages_signs_all_devices_out(call: Make, anna: User) -> None:
    token = call("emailIdp.login", email=ANNA, password=PASSWORD).token
    browser = Client()
    browser.post("/account/password/reset/", {"email": ANNA})
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    new = {"password1": "another horse battery 8", "password2": "another horse battery 8"}
    assert browser.post(form, new).status_code == 302
    assert not works(token)
    assert call("emailIdp.login", email=ANNA, password="another horse battery 8").token


def test_the_admins_sign_in_has_the_same_limits(call: Make) -> None:
    root = User.objects.create_superuser("root@example.com", PASSWORD)

    def sign_in(password: str, device: str = "") -> Any:
        form = {"username": "Root@example.com", "password": password}
        return Client(headers={"User-Agent": device}).post("/admin/login/", form)

    assert sign_in(PASSWORD).status_code == 302
    Authenticator.objects.create(user=root, type=Authenticator.Type.TOTP, data={"secret": "x"})
    refusal = sign_in(PASSWORD).content.decode()
    assert "second factor" in refusal and '<a href="/account/login/?next=%2Fadmin%2F"' in refusal
    Authenticator.objects.all().delete()
    for number in range(6):
        assert sign_in("wrong", f"Thief/{number}").status_code == 200
    assert b"Too many failed" in sign_in(PASSWORD, "Thief/9").content
    assert refused(call, PASSWORD, email="root@example.com") == "tooManyAttempts"
    assert sign_in(PASSWORD).status_code == 302


@pytest.mark.django_db
def test_a_user_who_was_just_deleted_has_no_identity() -> None:
    """The token is cached for a few seconds."""
    gone = Identity(str(uuid7()))
    with pytest.raises(NotSignedIn):
        testing.call("secondFactor.startTotp", user=gone)
