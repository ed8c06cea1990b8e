"""Pages, headless API and endpoints do not reveal which addresses have an account: same response, same work.

The tests compare whole responses for a free address and for an address taken in each possible way. They measure work
in password hashes, which take nearly all of the time, and in mails.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import SecurityEvent, User
from accounts.passwords import hashers
from accounts.protocol import EmailAccountLoginException
from accounts.web.adapter import SocialAccountAdapter
from podium.endpoints import testing
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

API = "/_allauth/browser/v1/"
MODES = ["mandatory", "optional", "none"]
TAKEN = ["proved", "further", "given", "claimed", "blocked"]
SECRETS = [
    re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+'),
    re.compile(r'(?<=csrfToken": ")\w+'),
]


def taken(how: str) -> str:
    """Create an account and return its address."""
    address = f"a-{how}@example.com"
    user = User.objects.create_user(
        f"first-{address}" if how == "further" else address, "the owner's password 1"
    )
    if how == "blocked":
        User.objects.filter(pk=user.pk).update(is_active=False)
    if how != "given":
        EmailAddress.objects.create(
            user=user, email=address, verified=how != "claimed", primary=how != "further"
        )
    return address


CLOCKS = {"Content-Length", "Expires"}
"""Headers that differ with the time and with the length of the address."""


def plain(text: str, address: str) -> str:
    """Remove everything that differs from one response to the next."""
    for secret in SECRETS:
        text = secret.sub("*", text)
    return text.replace(address, "ADDRESS").replace(address.replace("@", "%40"), "ADDRESS")


def shown(answer: Any, address: str) -> dict[str, Any]:
    """Everything in a response that a client gets."""
    headers = {name: plain(value, address) for name, value in answer.headers.items() if name not in CLOCKS}
    cookies = {
        name: {key: value for key, value in each.items() if key != "expires"}
        for name, each in answer.cookies.items()
    }
    body = plain(answer.content.decode(), address)
    return {"status": answer.status_code, "headers": headers, "cookies": cookies, "body": body}


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were hashed, one entry for each hash."""
    made: list[str] = []
    real = hashers.Argon2.encode

    def encode(self: Any, password: str, salt: str) -> str:
        made.append(password)
        return str(real(self, password, salt))

    monkeypatch.setattr(hashers.Argon2, "encode", encode)
    verify = hashers.Argon2.matches

    def matches(self: Any, password: str, encoded: str) -> bool:
        made.append(password)
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(hashers.Argon2, "matches", matches)
    return made


Walk = Callable[[Client, str], list[Any]]


def page_sign_up(browser: Client, address: str) -> list[Any]:
    """Send the form, load the next page, and try to sign in with the same address and password."""
    first = browser.post("/account/signup/", {"email": address, "password1": PASSWORD})
    return [first, browser.get(first.get("Location", "/account/signup/")), page_login(Client(), address)[0]]


def page_login(browser: Client, address: str) -> list[Any]:
    return [browser.post("/account/login/", {"login": address, "password": PASSWORD})]


def page_reset(browser: Client, address: str) -> list[Any]:
    first = browser.post("/account/password/reset/", {"email": address})
    return [first, browser.get(first["Location"])]


def page_add(browser: Client, address: str) -> list[Any]:
    """Add the address to the account of a signed-in user."""
    sign_in_mallory(browser, address)
    first = browser.post("/account/email/", {"email": address, "action_add": ""})
    assert "reauthenticate" not in first.headers.get("Location", "") and "login" not in first.headers.get(
        "Location", ""
    )
    return [first, browser.get("/account/email/")]


def sign_in_mallory(browser: Client, address: str) -> None:
    """Sign in to a new account for each walk, so that its addresses are always in the same order."""
    mallory = User.objects.create_user(f"mallory-{address}", PASSWORD)
    EmailAddress.objects.create(user=mallory, email=mallory.email, primary=True, verified=True)
    form = {
        "login": mallory.email,
        "password": PASSWORD,
    }  # a recent sign-in, which adding an address requires
    assert browser.post("/account/login/", form).status_code == 302


def _json(browser: Client, path: str, **data: str) -> Any:
    return browser.post(API + path, data, content_type="application/json")


def headless_sign_up(browser: Client, address: str) -> list[Any]:
    return [
        _json(browser, "auth/signup", email=address, password=PASSWORD),
        browser.get(API + "auth/session"),
        _json(browser, "auth/email/verify", key="wrong"),
        browser.post(API + "account/email", {"email": "other@example.com"}, content_type="application/json"),
        _json(Client(), "auth/login", email=address, password=PASSWORD),
    ]


def headless_reset(browser: Client, address: str) -> list[Any]:
    return [
        _json(browser, "auth/password/request", email=address),
        _json(browser, "auth/password/reset", key="wrong", password=PASSWORD),
    ]


def headless_add(browser: Client, address: str) -> list[Any]:
    sign_in_mallory(browser, address)
    return [_json(browser, "account/email", email=address)]


def sign_in_nameless(browser: Client) -> None:
    """Sign in a user without an address who used a provider a moment ago."""
    user = User.objects.create_user()
    browser.force_login(user)
    session = browser.session
    record_authentication(SimpleNamespace(session=session), user, "socialaccount")
    session.save()


def page_main(browser: Client, address: str) -> list[Any]:
    """A user without an address tries to make a claimed address the one to sign in with."""
    sign_in_nameless(browser)
    browser.post("/account/email/", {"email": address, "action_add": ""})
    first = browser.post("/account/email/", {"email": address, "action_primary": ""})
    return [first, browser.get("/account/email/")]


def headless_main(browser: Client, address: str) -> list[Any]:
    sign_in_nameless(browser)
    _json(browser, "account/email", email=address)
    data = {"email": address, "primary": True}
    first = browser.patch(API + "account/email", data, content_type="application/json")
    return [first, browser.get(API + "account/email")]


WALKS: list[Walk] = [
    page_sign_up,
    page_login,
    page_reset,
    page_add,
    headless_sign_up,
    headless_reset,
    headless_add,
    page_main,
    headless_main,
]


def seen(walk: Walk, address: str, hashes: list[str]) -> dict[str, Any]:
    """Do a walk. Returns everything that a stranger sees, and the cost."""
    hashes.clear()
    mail.outbox.clear()
    answers = [shown(each, address) for each in walk(Client(), address)]
    return {
        "answers": answers,
        "hashes": len(hashes),
        "mails": [each.to for each in mail.outbox].count([address]),
    }


@pytest.mark.parametrize("by_code", [False, True], ids=["link", "code"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("walk", WALKS)
def test_a_taken_address_looks_like_a_free_one(
    walk: Walk, mode: str, by_code: bool, settings: Any, hashes: list[str]
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = mode
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = by_code
    settings.ACCOUNT_RATE_LIMITS = {"manage_email": None, "confirm_email": None}
    if walk is headless_reset:
        settings.ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = by_code
    free = seen(walk, "a-free@example.com", hashes)
    hashed: dict[Walk, int] = {
        page_sign_up: 2,
        page_login: 1,
        page_add: 2,
        headless_sign_up: 2,
        headless_add: 2,
    }
    assert free["hashes"] == hashed.get(walk, 0)
    for how in TAKEN:
        cache.clear()
        assert seen(walk, taken(how), hashes) == free, how


@pytest.mark.urls("tests.accounts.passkey_urls")
@pytest.mark.parametrize("door", ["page", "headless"])
def test_neither_does_signing_up_with_a_passkey_tell(door: str, settings: Any, hashes: list[str]) -> None:
    settings.MFA_PASSKEY_SIGNUP_ENABLED = True
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True

    def walk(browser: Client, address: str) -> list[Any]:
        if door == "page":
            first = browser.post("/account/signup/passkey/", {"email": address})
            return [first, browser.get(first["Location"])]
        return [_json(browser, "auth/webauthn/signup", email=address), browser.get(API + "auth/session")]

    free = seen(walk, "a-free@example.com", hashes)
    for how in TAKEN:
        assert seen(walk, taken(how), hashes) == free, how
    assert User.objects.filter(email="a-free@example.com").exists()


def from_a_provider(browser: Client) -> None:
    """Put a user into the session whom a provider has identified and whom the server now asks for an address."""
    provider = SocialAccountAdapter().get_provider(None, "google")  # type: ignore[arg-type]
    account = SocialAccount(provider="google", uid="g")
    session = browser.session
    session["socialaccount_sociallogin"] = SocialLogin(
        user=User(), account=account, provider=provider
    ).serialize()
    session.save()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("door", ["page", "headless"])
def test_neither_does_an_address_that_is_given_after_a_providers_page(
    door: str, mode: str, settings: Any, hashes: list[str]
) -> None:
    settings.SOCIALACCOUNT_AUTO_SIGNUP = False
    settings.ACCOUNT_EMAIL_VERIFICATION = mode

    def walk(browser: Client, address: str) -> list[Any]:
        SocialAccount.objects.all().delete()
        from_a_provider(browser)
        if door == "page":
            return [browser.post("/account/3rdparty/signup/", {"email": address})]
        return [_json(browser, "auth/provider/signup", email=address), browser.get(API + "auth/session")]

    free = seen(walk, "a-free@example.com", hashes)
    for how in TAKEN:
        cache.clear()
        assert seen(walk, taken(how), hashes) == free, how


@pytest.mark.parametrize("method", ["start_registration", "start_password_reset"])
def test_neither_do_endpoints(method: str, hashes: list[str]) -> None:
    def asked(address: str) -> tuple[type, int, int]:
        hashes.clear()
        mail.outbox.clear()
        given = testing.call(f"emailIdp.{method}", email=address)
        return type(given), len(hashes), len(mail.outbox)

    free = asked("a-free@example.com")
    assert free[2] == 1
    assert [asked(taken(how)) for how in TAKEN] == [free] * len(TAKEN)


def test_signing_in_takes_one_hash_for_any_address(hashes: list[str]) -> None:
    costs = []
    for address in ["a-free@example.com", *map(taken, TAKEN)]:
        cache.clear()
        hashes.clear()
        with pytest.raises(EmailAccountLoginException) as refused:
            testing.call("emailIdp.login", email=address, password=PASSWORD)
        costs.append((refused.value.reason.value, len(hashes)))
    assert set(costs) == {("invalidCredentials", 1)}


def test_an_attempt_is_in_the_log_and_the_owner_gets_a_mail(hashes: list[str]) -> None:
    address = taken("proved")
    page_sign_up(Client(), address)
    assert [each.to for each in mail.outbox] == [[address]]
    assert "exist" in str(mail.outbox[0].subject).lower()
    assert User.objects.count() == 1
    assert not SecurityEvent.objects.filter(event="user_created").exists()


def test_a_project_can_have_its_form_say_that_an_address_is_taken(settings: Any) -> None:
    settings.ACCOUNT_PREVENT_ENUMERATION = False
    answer = Client().post("/account/signup/", {"email": taken("proved"), "password1": PASSWORD})
    assert "already registered" in answer.content.decode()
    refused = _json(Client(), "auth/signup", email="a-proved@example.com", password=PASSWORD)
    assert refused.json()["errors"][0]["code"] == "email_taken"


def test_simultaneous_sign_ups_with_one_address_get_the_same_response(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other sign-up finishes between this one's check and its INSERT."""
    monkeypatch.setattr("accounts.sign_in.ownership.holder", lambda address: None)
    taken("claimed")
    first = Client().post("/account/signup/", {"email": "a-claimed@example.com", "password1": PASSWORD})
    assert (first.status_code, first["Location"]) == (302, "/account/confirm-email/")
    assert User.objects.count() == 1


def test_signing_up_takes_about_the_same_time_for_a_taken_address(
    settings: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Print the times. Require only a rough ratio, as other tests run at the same time. Hashes have their full cost."""
    monkeypatch.setattr(hashers.Argon2, "memory_cost", Argon2PasswordHasher.memory_cost)
    monkeypatch.setattr(hashers.Argon2, "parallelism", Argon2PasswordHasher.parallelism)
    settings.ACCOUNT_RATE_LIMITS = {"signup": None, "confirm_email": None}
    settings.ACCOUNTS_THROTTLE_RATES = {"registration": {}}
    address = taken("proved")

    def seconds(address: str) -> float:
        began = time.perf_counter()
        Client().post("/account/signup/", {"email": address, "password1": PASSWORD})
        return time.perf_counter() - began

    seconds("warm@example.com")
    times = [(seconds(f"free{number}@example.com"), seconds(address)) for number in range(7)]
    free, there = (statistics.median(each) * 1000 for each in zip(*times, strict=True))
    with capsys.disabled():
        sys.stdout.write(f"\nsigning up, median of 15: free address {free:.1f} ms, taken {there:.1f} ms\n")
    assert free < 10 * there and there < 10 * free
