"""Signing up, in and out by e-mail and password, as a client does it; what is refused, and what that gives away."""

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

from accounts.models import Token, User
from accounts.protocol import SecondFactorRequiredException, SignInException, SignUpException
from accounts.protocol import SignInExceptionReason as InReason
from accounts.protocol import SignUpExceptionReason as UpReason
from endpoints.errors import InvalidArguments
from tests.accounts.conftest import PASSWORD, Make, works

# Up ------------------------------------------------------------------------------------------------------------------


def test_who_signs_up_is_signed_in_and_gets_a_mail(call: Make) -> None:
    success = call("signUp", email="Anna@Example.COM ", password=PASSWORD, device="Phone/1.0")
    user = User.objects.get()
    assert (user.email, user.pk) == ("anna@example.com", success.auth_user_id)
    assert user.check_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert (success.auth_strategy, success.refresh_token, success.scope_names) == ("session", None, set())
    assert success.token_expires_at is not None
    profile = call("whoAmI", token=success.token)
    assert (profile.email, profile.user_name, profile.image_url) == ("anna@example.com", None, None)
    assert Token.objects.get().user_agent == "Phone/1.0"
    assert [message.to for message in mail.outbox] == [["anna@example.com"]]


def test_the_link_in_the_mail_confirms_the_address(call: Make, settings: Any) -> None:
    settings.PUBLIC_URL = "https://api.example.com"
    call("signUp", email="anna@example.com", password=PASSWORD)
    link = re.search(r"https://api\.example\.com(/account/confirm-email/\S+)", str(mail.outbox[0].body))
    assert link is not None
    assert not EmailAddress.objects.get(email="anna@example.com").verified
    page = Client().get(link[1])
    assert page.status_code in (200, 302)
    Client().post(link[1])
    assert EmailAddress.objects.get(email="anna@example.com").verified


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("anna", PASSWORD, UpReason.INVALID_EMAIL),
        ("", PASSWORD, UpReason.INVALID_EMAIL),
        ("a" * 60 + "@" + "b." * 120 + "com", PASSWORD, UpReason.INVALID_EMAIL),
        ("anna@example.com", "short", UpReason.INVALID_PASSWORD),
        ("anna@example.com", "", UpReason.INVALID_PASSWORD),
        ("anna@example.com", "password123", UpReason.INVALID_PASSWORD),
        ("anna@example.com", "anna@example", UpReason.INVALID_PASSWORD),
        ("anna@example.com", "4815162342108", UpReason.INVALID_PASSWORD),
    ],
)
def test_sign_up_refuses(call: Make, email: str, password: str, reason: UpReason) -> None:
    with pytest.raises(SignUpException) as refused:
        call("signUp", email=email, password=password)
    assert refused.value.reason == reason
    assert refused.value.message
    assert not User.objects.exists()
    assert mail.outbox == []


def test_an_address_has_one_account_whatever_its_case(call: Make, anna: User) -> None:
    with pytest.raises(SignUpException) as refused:
        call("signUp", email="ANNA@example.com", password=PASSWORD)
    assert refused.value.reason == UpReason.EMAIL_TAKEN
    assert User.objects.count() == 1


def test_an_address_that_is_someones_second_one_is_taken_too(call: Make, anna: User) -> None:
    EmailAddress.objects.create(user=anna, email="work@example.com", verified=True)
    with pytest.raises(SignUpException) as refused:
        call("signUp", email="work@example.com", password=PASSWORD)
    assert refused.value.reason == UpReason.EMAIL_TAKEN
    assert User.objects.count() == 1


def test_with_mandatory_verification_nobody_learns_who_has_an_account(call: Make, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    User.objects.create_user("known@example.com", PASSWORD)
    answers = []
    for email in ("known@example.com", "unknown@example.com"):
        with pytest.raises(SignUpException) as refused:
            call("signUp", email=email, password=PASSWORD)
        answers.append((refused.value.reason, refused.value.message))
    assert answers[0] == answers[1]
    assert answers[0][0] == UpReason.VERIFICATION_REQUIRED
    assert [message.to for message in mail.outbox] == [["known@example.com"], ["unknown@example.com"]]
    assert "confirm-email" not in str(mail.outbox[0].body)
    assert not Token.objects.exists()
    for email in ("known@example.com", "unknown@example.com"):  # no bomb of mails
        with pytest.raises(SignUpException):
            call("signUp", email=email, password=PASSWORD)
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_away_stops_nobody(call: Make, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert works(call("signUp", email="anna@example.com", password=PASSWORD).token)


def test_sign_ups_from_one_address_are_limited(call: Make, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    for number in range(2):
        call("signUp", email=f"anna{number}@example.com", password=PASSWORD)
    with pytest.raises(SignUpException) as refused:
        call("signUp", email="anna3@example.com", password=PASSWORD)
    assert refused.value.reason == UpReason.TOO_MANY_ATTEMPTS
    call("signUp", email="anna4@example.com", password=PASSWORD, address="192.0.2.2")
    assert User.objects.count() == 3


# In ------------------------------------------------------------------------------------------------------------------


def test_signing_in_gives_a_token_that_works(call: Make, anna: User) -> None:
    anna.groups.add(Group.objects.create(name="editor"))
    success = call("signIn", email=" ANNA@example.com", password=PASSWORD)
    assert (success.auth_user_id, success.scope_names) == (anna.pk, {"editor"})
    assert call("whoAmI", token=success.token).auth_user_id == anna.pk
    anna.refresh_from_db()
    assert anna.last_login is not None


def test_a_superuser_has_a_scope_of_its_own_but_staff_has_not(call: Make) -> None:
    User.objects.create_superuser("root@example.com", PASSWORD)
    User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
    assert call("signIn", email="root@example.com", password=PASSWORD).scope_names == {"admin"}
    assert call("signIn", email="staff@example.com", password=PASSWORD).scope_names == set()


@pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com", "", "no address"])
def test_a_wrong_password_and_an_unknown_address_look_the_same(call: Make, anna: User, email: str) -> None:
    with pytest.raises(SignInException) as refused:
        call("signIn", email=email, password="wrong")
    assert refused.value.reason == InReason.INVALID_CREDENTIALS
    assert refused.value.message == "The address or the password is wrong."
    assert not Token.objects.exists()


def test_tries_on_one_account_are_limited_from_wherever_they_come(call: Make, anna: User) -> None:
    for number in range(5):
        with pytest.raises(SignInException) as refused:
            call("signIn", email="anna@example.com", password="wrong", address=f"192.0.2.{number}")
        assert refused.value.reason == InReason.INVALID_CREDENTIALS
    with pytest.raises(SignInException) as refused:
        call("signIn", email="anna@example.com", password=PASSWORD, address="192.0.2.9")
    assert refused.value.reason == InReason.TOO_MANY_ATTEMPTS


def test_tries_from_one_address_are_limited_whatever_the_account(call: Make, anna: User) -> None:
    for number in range(10):
        with pytest.raises(SignInException):
            call("signIn", email=f"{number}@example.com", password="wrong")
    with pytest.raises(SignInException) as refused:
        call("signIn", email="anna@example.com", password=PASSWORD)
    assert refused.value.reason == InReason.TOO_MANY_ATTEMPTS
    assert call("signIn", email="anna@example.com", password=PASSWORD, address="192.0.2.2").token


def test_only_failed_tries_count(call: Make, anna: User) -> None:
    for _ in range(7):
        call("signIn", email="anna@example.com", password=PASSWORD)


def test_a_blocked_person_is_told_so_only_with_the_right_password(call: Make, anna: User) -> None:
    anna.is_active = False
    anna.save()
    for password, reason in ((PASSWORD, InReason.BLOCKED), ("wrong", InReason.INVALID_CREDENTIALS)):
        with pytest.raises(SignInException) as refused:
            call("signIn", email="anna@example.com", password=password)
        assert refused.value.reason == reason
    assert not Token.objects.exists()


def test_an_address_may_have_to_be_confirmed_first(call: Make, anna: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    for _ in range(2):
        with pytest.raises(SignInException) as refused:
            call("signIn", email="anna@example.com", password=PASSWORD)
        assert refused.value.reason == InReason.EMAIL_NOT_VERIFIED
    assert len(mail.outbox) == 1
    EmailAddress.objects.filter(user=anna).update(verified=True)
    assert call("signIn", email="anna@example.com", password=PASSWORD).token


def test_a_second_factor_is_not_left_out(call: Make, anna: User) -> None:
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with pytest.raises(SecondFactorRequiredException) as refused:
        call("signIn", email="anna@example.com", password=PASSWORD)
    assert refused.value.methods == ["totp"]
    assert not Token.objects.exists()


def test_an_older_hash_is_renewed_and_signs_nobody_out(call: Make, anna: User) -> None:
    token = call("signIn", email="anna@example.com", password=PASSWORD).token
    User.objects.filter(pk=anna.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    call("signIn", email="anna@example.com", password=PASSWORD)
    anna.refresh_from_db()
    assert anna.password.startswith("argon2$")
    assert works(token)


def test_who_am_i_is_null_for_nobody(call: Make) -> None:
    assert call("whoAmI") is None


# The web: allauth's pages, its headless API and the admin -------------------------------------------------------------


def test_people_sign_up_and_in_on_the_pages_too(call: Make) -> None:
    browser = Client()
    assert browser.get("/account/signup/").status_code == 200
    browser.post("/account/signup/", {"email": "Anna@example.com", "password1": PASSWORD})
    assert User.objects.get().email == "anna@example.com"
    assert EmailAddress.objects.get().primary
    other = Client()
    other.post("/account/login/", {"login": "ANNA@example.com", "password": PASSWORD})
    assert other.session["_auth_user_id"] == str(User.objects.get().pk)
    assert call("signIn", email="anna@example.com", password=PASSWORD).token


def test_a_forgotten_password_is_set_anew_and_signs_all_devices_out(call: Make, anna: User) -> None:
    token = call("signIn", email="anna@example.com", password=PASSWORD).token
    browser = Client()
    browser.post("/account/password/reset/", {"email": "anna@example.com"})
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    new = {"password1": "another horse battery 8", "password2": "another horse battery 8"}
    assert browser.post(form, new).status_code == 302
    assert not works(token)
    assert call("signIn", email="anna@example.com", password="another horse battery 8").token


def test_the_headless_api_works_with_these_users(anna: User) -> None:
    answer = Client().post(
        "/_allauth/app/v1/auth/login",
        {"email": "anna@example.com", "password": PASSWORD},
        content_type="application/json",
    )
    assert answer.status_code == 200
    assert answer.json()["data"]["user"]["id"] == str(anna.pk)


def test_the_admins_sign_in_has_the_same_limits(transactional_db: None) -> None:
    root = User.objects.create_superuser("root@example.com", PASSWORD)

    def sign_in(password: str) -> Any:
        return Client().post("/admin/login/", {"username": "Root@example.com", "password": password})

    assert sign_in(PASSWORD).status_code == 302
    Authenticator.objects.create(user=root, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert b"second factor" in sign_in(PASSWORD).content
    Authenticator.objects.all().delete()
    for _ in range(5):
        assert sign_in("wrong").status_code == 200
    assert b"Too many failed" in sign_in(PASSWORD).content


def test_an_address_with_a_nul_is_refused_at_the_door(call: Make) -> None:
    for method in ("sign_up", "sign_in"):
        with pytest.raises(InvalidArguments, match="NUL"):
            call(method, email="an\x00na@example.com", password=PASSWORD)
    assert User.objects.count() == 0
