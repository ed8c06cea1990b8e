"""Every proved address of an account gets mail about changed sign-in methods, from apps, pages and the headless API."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.data import merging
from accounts.models import User
from accounts.providers.claims import Claims
from accounts.sign_in import identities
from podium.endpoints import testing
from podium.endpoints.calls import Call
from tests.accounts.conftest import PASSWORD, Make, works
from tests.accounts.second_factor.test_second_factor import App, app, set_up
from tests.accounts.users import signed_in
from tests.accounts.webmail import code, link, subjects

__all__ = ["app"]

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND, CLAIMED = "anna@example.com", "anna@example.org", "stranger@example.net"
NEW = "another horse battery 8"
API = "/_allauth/browser/v1/"


@pytest.fixture
def anna(mailoutbox: Any) -> User:
    user = User.objects.create_user(FIRST, PASSWORD)
    EmailAddress.objects.create(user=user, email=FIRST, primary=True, verified=True)
    EmailAddress.objects.create(user=user, email=SECOND, verified=True)
    EmailAddress.objects.create(user=user, email=CLAIMED, verified=False)
    return user


@pytest.fixture
def browser(anna: User) -> Client:
    browser = Client(headers={"User-Agent": "Firefox"})
    browser.post("/account/login/", {"login": FIRST, "password": PASSWORD})
    return browser


def told(subject: str, *also: str) -> None:
    """Assert that both addresses and those in `also` got the mail once, and the claimed one did not."""
    for address in (FIRST, SECOND, *also):
        assert subjects(address).count(subject) == 1, (address, subjects(address))
    assert subject not in subjects(CLAIMED)
    made: Any = next(each for each in mail.outbox if subject in str(each.subject))
    assert made.alternatives[0][1] == "text/html"


def test_a_changed_password(browser: Client) -> None:
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    browser.post("/account/password/change/", fields)
    told("Your password was changed")
    text = str(mail.outbox[0].body)
    assert "Network address 127.0.0.1" in text and "Firefox" in text


def test_a_changed_password_in_the_headless_api(browser: Client) -> None:
    data = {"current_password": PASSWORD, "new_password": NEW}
    assert (
        browser.post(API + "account/password/change", data, content_type="application/json").status_code
        == 200
    )
    told("Your password was changed")


def test_a_password_that_was_reset_on_the_pages(anna: User) -> None:
    Client().post("/account/password/reset/", {"email": SECOND})
    other = Client()
    form = other.get(link("reset", SECOND), follow=True).redirect_chain[-1][0]
    other.post(form, {"password1": NEW, "password2": NEW})
    told("Your password was changed")


def test_a_password_that_was_reset_in_an_app(anna: User) -> None:
    request = testing.call("emailIdp.start_password_reset", email=FIRST)
    ticket = testing.call(
        "emailIdp.verify_password_reset_code",
        password_reset_request_id=request,
        verification_code=code(FIRST),
    )
    testing.call("emailIdp.finish_password_reset", finish_password_reset_token=ticket, new_password=NEW)
    told("Your password was changed")


def test_addresses_that_come_change_and_go(browser: Client) -> None:
    third = "anna@example.edu"
    browser.post("/account/email/", {"email": third, "action_add": ""})
    told("An e-mail address was added to your account")
    assert "An e-mail address was added to your account" not in subjects(third), "it may be somebody else's"
    browser.post("/account/email/", {"email": SECOND, "action_primary": ""})
    told("Your main e-mail address was changed")
    browser.post("/account/email/", {"email": third, "action_remove": ""})
    told("An e-mail address was removed from your account")
    mail.outbox.clear()
    browser.post("/account/email/", {"email": FIRST, "action_remove": ""})
    told("An e-mail address was removed from your account")


def test_an_address_that_comes_in_the_headless_api_by_a_code(browser: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    third = "anna@example.edu"
    browser.post(API + "account/email", {"email": third}, content_type="application/json")
    data = {"key": code(third)}
    assert browser.post(API + "auth/email/verify", data, content_type="application/json").status_code == 200
    told("An e-mail address was added to your account")


def test_providers_that_are_linked_and_unlinked(anna: User, browser: Client) -> None:
    identity, _ = signed_in(anna)
    claims = Claims(provider="google", subject="g")
    identities.sign_in(Call("googleIdp", "login", identity, address="192.0.2.1"), claims)
    told("Google was linked to your account")
    account = SocialAccount.objects.get()
    browser.post("/account/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()
    told("Google was unlinked from your account")


def test_second_factors(anna: User, app: App) -> None:
    EmailAddress.objects.filter(email=CLAIMED).delete()  # otherwise allauth refuses a second factor
    codes = set_up(app, anna)
    told("An authenticator app was added to your account")
    testing.call("secondFactor.new_recovery_codes", user=anna, code=codes[0])
    told("Your recovery codes were renewed")
    testing.call("secondFactor.disable", user=anna, code=app.code())
    told("The authenticator app was removed from your account")
    row = Authenticator.objects.create(
        user=anna, type=Authenticator.Type.WEBAUTHN, data={"name": "x", "way_in": True}
    )
    testing.call("secondFactor.remove_passkey", user=anna, passkey_id=row.pk, proof=PASSWORD)
    told("A passkey was removed from your account")


def test_a_merge_tells_of_the_address_that_came(anna: User) -> None:
    ben = User.objects.create_user("ben@example.com", PASSWORD)
    merging.merge(anna, ben)
    told("An e-mail address was added to your account", "ben@example.com")


def test_a_project_can_turn_notices_off(browser: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = False
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    browser.post("/account/password/change/", fields)
    assert not mail.outbox


# Changes by staff and by the user ------------------------------------------------------------------------------------


@pytest.fixture
def operator() -> Client:
    operator = Client(headers={"User-Agent": "Staff's own"})
    operator.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return operator


def test_a_password_that_staff_set(anna: User, operator: Client) -> None:
    form = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert operator.post(f"/admin/accounts/user/{anna.pk}/password/", form).status_code == 302
    told("Your password was changed")
    text = str(mail.outbox[0].body)
    assert "Staff" not in text and "Network address" not in text, (
        "the network address and device of staff are private"
    )


def test_a_password_that_staff_take_away(anna: User, operator: Client) -> None:
    token = signed_in(anna)[1]
    form = {"usable_password": "false", "unset-password": "1"}
    assert operator.post(f"/admin/accounts/user/{anna.pk}/password/", form).status_code == 302
    anna.refresh_from_db()
    assert not anna.has_usable_password()
    assert not works(token)
    told("Your password was changed")


def test_second_factors_that_staff_remove(anna: User, operator: Client) -> None:
    operator.post(f"/admin/accounts/user/{anna.pk}/act/reset-second-factors/", {"reason": "asked"})
    told("Your second factors were removed")


def test_addresses_that_staff_change(anna: User, operator: Client) -> None:
    rows = list(EmailAddress.objects.filter(user=anna).order_by("pk"))
    form = {"email": "anna@example.edu", "name": ""}
    form |= {"emailaddress_set-TOTAL_FORMS": "4", "emailaddress_set-INITIAL_FORMS": "3"}
    for number, row in enumerate(rows):
        form |= {
            f"emailaddress_set-{number}-id": str(row.pk),
            f"emailaddress_set-{number}-user": str(anna.pk),
        }
    form |= {"emailaddress_set-1-DELETE": "on"}
    form |= {"emailaddress_set-3-user": str(anna.pk), "emailaddress_set-3-email": "fourth@example.com"}
    assert operator.post(f"/admin/accounts/user/{anna.pk}/change/", form).status_code == 302
    for address in (FIRST, "anna@example.edu"):
        found = subjects(address)
        assert found.count("An e-mail address was added to your account") == 1
        assert found.count("An e-mail address was removed from your account") == 1
        assert found.count("Your main e-mail address was changed") == 1
    assert "An e-mail address was removed from your account" in subjects(SECOND)
    assert not subjects(CLAIMED) and not subjects("fourth@example.com")


def test_staff_change_their_own_password_on_the_page_with_limits(operator: Client) -> None:
    answer = operator.post("/admin/password_change/", {"old_password": "guess"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/change/")
    fields = {"oldpassword": "guess", "password1": NEW, "password2": NEW}
    answers = [operator.post("/account/password/change/", fields).status_code for _ in range(8)]
    assert 429 in answers


def test_a_deletion(anna: User) -> None:
    testing.call("accountData.delete_account", user=signed_in(anna)[0])
    told("Your account is deleted")


def test_a_sign_in_from_an_unknown_device(anna: User, call: Make, settings: Any) -> None:
    settings.ACCOUNTS_NEW_DEVICE_MAIL = True
    for number in (1, 2):
        device = {"address": f"192.0.2.{number}", "device": f"phone {number}"}
        call("emailIdp.login", email=FIRST, password=PASSWORD, **device)
    told("A new device signed in to your account")
