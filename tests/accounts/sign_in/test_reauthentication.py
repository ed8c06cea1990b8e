"""A recent proof of identity before changes of sign-in methods: the same rule in calls and on pages."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.models import Session, User
from accounts.protocol import ReauthenticationException
from accounts.providers.claims import Claims
from accounts.sessions import sessions
from accounts.sign_in import identities
from podium.core import clock
from podium.endpoints.calls import Call, Identity
from tests.accounts.conftest import PASSWORD, Make, just_signed_in, works

pytestmark = pytest.mark.django_db(transaction=True)

NEW = {"action_add": "", "email": "other@example.com"}


def long_ago(user: User) -> tuple[Identity, str]:
    """The identity and token of a device that signed in eleven minutes ago."""
    issued = sessions.issue(user)
    Session.objects.filter(pk=issued.row.pk).update(created_at=clock.now() - timedelta(minutes=11))
    return Identity(str(user.pk), token_id=str(issued.row.pk)), issued.token


def link(identity: Identity) -> None:
    claims = Claims(provider="google", subject="1")
    identities.sign_in(Call("googleIdp", "login", identity), claims)


def test_linking_a_provider_needs_a_sign_in_of_the_last_minutes(anna: User) -> None:
    identity, _ = long_ago(anna)
    with pytest.raises(ReauthenticationException) as refused:
        link(identity)
    assert refused.value.reason.value == "required"
    assert not SocialAccount.objects.exists()
    link(just_signed_in(anna))
    assert SocialAccount.objects.get().user == anna


def test_a_linked_provider_signs_in_at_any_time(anna: User) -> None:
    link(just_signed_in(anna))
    identity, _ = long_ago(anna)
    link(identity)
    assert not Session.objects.filter(pk=identity.token_id).exists()


def test_a_guest_links_a_provider_whenever() -> None:
    """A guest has only a token, and so no other way to prove their identity."""
    guest = User.objects.create_user()
    link(long_ago(guest)[0])
    assert SocialAccount.objects.get().user == guest
    with pytest.raises(ReauthenticationException):
        identities.sign_in(
            Call("googleIdp", "login", long_ago(guest)[0]), Claims(provider="google", subject="2")
        )


def test_ending_another_device_needs_a_proof(call: Make, anna: User) -> None:
    _, mine = long_ago(anna)
    other = sessions.issue(anna)
    with pytest.raises(ReauthenticationException):
        call("accounts.end_device", token=mine, deviceId=str(other.row.pk))
    with pytest.raises(ReauthenticationException):
        call("accounts.end_device", token=mine, deviceId=str(other.row.pk), password="wrong")
    assert works(other.token)
    assert call("accounts.end_device", token=mine, deviceId=str(other.row.pk), password=PASSWORD)
    assert not works(other.token)


def test_ending_the_calling_device_needs_no_proof(call: Make, anna: User) -> None:
    identity, mine = long_ago(anna)
    assert call("accounts.end_device", token=mine, deviceId=identity.token_id)
    assert not works(mine)


def test_a_new_sign_in_takes_the_place_of_the_one_it_came_with(call: Make, anna: User) -> None:
    first, other = sessions.issue(anna).token, sessions.issue(anna).token
    second = call("emailIdp.login", token=first, email=anna.email, password=PASSWORD).token
    assert [works(each) for each in (first, other, second)] == [False, True, True]


# Pages --------------------------------------------------------------------------------------------------------------


def browser(user: User, *, minutes: float, method: str = "password") -> Client:
    """A browser that signed in that many minutes ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, method)
    session["account_authentication_methods"][0]["at"] -= minutes * 60
    session.save()
    return client


@pytest.fixture
def carl() -> User:
    """A user who signs in only with Google."""
    user = User.objects.create_user("carl@example.com")
    SocialAccount.objects.create(user=user, provider="google", uid="c1")
    EmailAddress.objects.create(user=user, email="carl@example.com", verified=True, primary=True)
    return user


def test_another_address_on_the_page_needs_a_proof(anna: User) -> None:
    client = browser(anna, minutes=11)
    answer = client.post("/account/email/", NEW)
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not EmailAddress.objects.filter(email=NEW["email"]).exists()
    client.post(answer["Location"], {"password": PASSWORD, "next": "/account/email/"})
    assert EmailAddress.objects.filter(email=NEW["email"]).exists()


def test_a_sign_in_of_the_last_minutes_is_proof_enough(anna: User) -> None:
    browser(anna, minutes=9).post("/account/email/", NEW)
    assert EmailAddress.objects.filter(email=NEW["email"]).exists()


def test_a_user_without_a_password_signs_in_again(carl: User) -> None:
    client = browser(carl, minutes=11, method="socialaccount")
    assert client.post("/account/email/", NEW)["Location"] == "/account/login/?next=/account/email/"
    assert not EmailAddress.objects.filter(email=NEW["email"]).exists()
    browser(carl, minutes=9, method="socialaccount").post("/account/email/", NEW)
    assert EmailAddress.objects.filter(email=NEW["email"]).exists()


def test_a_first_password_needs_a_sign_in_of_the_last_minutes(carl: User) -> None:
    new = {"password1": PASSWORD, "password2": PASSWORD}
    answer = browser(carl, minutes=11, method="socialaccount").post("/account/password/set/", new)
    assert answer["Location"] == "/account/login/?next=/account/password/set/"
    carl.refresh_from_db()
    assert not carl.has_usable_password()
    browser(carl, minutes=9, method="socialaccount").post("/account/password/set/", new)
    carl.refresh_from_db()
    assert carl.check_password(PASSWORD)


def test_disconnecting_a_provider_needs_a_proof(anna: User) -> None:
    account = SocialAccount.objects.create(user=anna, provider="google", uid="a1")
    form = {"account": account.pk}
    answer = browser(anna, minutes=11).post("/account/3rdparty/", form)
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert SocialAccount.objects.exists()


@pytest.mark.parametrize(("minutes", "left"), [(11, 2), (9, 1)])
def test_signing_out_other_browsers_needs_a_proof(anna: User, minutes: int, left: int) -> None:
    Client().post("/account/login/", {"login": anna.email, "password": PASSWORD})
    client = browser(anna, minutes=minutes)
    client.get("/account/email/")
    assert UserSession.objects.count() == 2
    client.post("/account/sessions/")
    assert UserSession.objects.count() == left


def test_the_headless_api_has_the_same_rule(anna: User, carl: User) -> None:
    path, given = "/_allauth/browser/v1/account/email", {"email": NEW["email"]}
    for user in (anna, carl):
        stale = browser(user, minutes=11)
        answer: Any = stale.post(path, given, content_type="application/json")
        assert answer.status_code == 401, answer.content
        assert not EmailAddress.objects.filter(email=NEW["email"]).exists()
    answer = browser(anna, minutes=9).post(path, given, content_type="application/json")
    assert EmailAddress.objects.filter(email=NEW["email"]).exists(), answer.content
