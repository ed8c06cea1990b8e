"""Limits on tries, from an attacker's view, through the endpoints that apps extend."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.test import Client

from accounts.cache import LimitsUnavailable
from accounts.models import SecurityEvent, User
from accounts.protocol import EmailAccountLoginException, EmailAccountRequestException
from accounts.providers.google.endpoints import GoogleIdpBaseEndpoint
from accounts.throttling import throttling
from podium.endpoints import asgi, testing
from podium.endpoints.calls import Call
from podium.endpoints.errors import TooManyCalls
from podium.endpoints.testing import Caller
from tests.accounts.conftest import PASSWORD, works

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = "anna@example.com"


class GoogleIdpEndpoint(GoogleIdpBaseEndpoint):
    """A subclass as in an app."""


HOME = Caller(address="192.0.2.7", headers={"User-Agent": "Pixel"})
ATTACKER = Caller(address="203.0.113.9", headers={"User-Agent": "Pixel"})


def guess(caller: Caller, account: str = ANNA, password: str = "wrong") -> str:
    """The error of a sign-in, or "" for success."""
    try:
        return str(caller.call("emailIdp.login", email=account, password=password).token)
    except EmailAccountLoginException as refused:
        return str(refused.reason.value)


def test_guesses_at_the_same_time_are_not_more_guesses() -> None:
    call = Call("emailIdp", "login", None, {}, "192.0.2.1")

    def attempt(_: int) -> bool:
        try:
            throttling.attempt(call, "login", ANNA)
        except throttling.TooMany:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(16) as threads:
        let_through = sum(threads.map(attempt, range(64)))
    assert let_through == throttling.FREE["account"] + 1


def test_nobody_can_lock_the_owner_of_an_account_out(anna: User) -> None:
    assert works(guess(HOME, password=PASSWORD))
    for number in range(12):
        guess(replace(ATTACKER, address=f"203.0.113.{number}"))
    assert guess(ATTACKER) == "tooManyAttempts"
    assert guess(replace(HOME, address="198.51.100.1"), password=PASSWORD) == "tooManyAttempts"
    assert works(guess(HOME, password=PASSWORD))


def test_made_up_devices_free_nobody_from_the_limits_of_an_address(anna: User) -> None:
    answers = [
        guess(replace(ATTACKER, headers={"X-Device-Id": str(uuid.uuid4())}), f"{number}@example.com")
        for number in range(throttling.FREE["address"] + 3)
    ]
    assert answers[: throttling.FREE["address"]] == ["invalidCredentials"] * throttling.FREE["address"]
    assert answers[-1] == "tooManyAttempts"


def test_a_correct_password_does_not_reset_guesses_at_others(anna: User) -> None:
    User.objects.create_user("mallory@example.com", PASSWORD)
    answers = []
    for number in range(throttling.FREE["address"] + 3):
        answers.append(guess(ATTACKER, f"{number}@example.com"))
        guess(ATTACKER, "mallory@example.com", PASSWORD)
    assert "tooManyAttempts" in answers


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one line
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("unknown", "unknown", True),
    ],
)
def test_an_address_is_as_much_as_one_line_has(first: str, second: str, shared: bool, settings: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"anonymous": {"address": "1/h"}}
    throttling.count(Call("", "", None, {}, first), "anonymous")
    if shared:
        with pytest.raises(throttling.TooMany):
            throttling.count(Call("", "", None, {}, second), "anonymous")
    else:
        throttling.count(Call("", "", None, {}, second), "anonymous")


def test_all_lines_of_one_ipv6_customer_share_a_wider_limit(settings: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"anonymous": {"address": "2/h", "site": "5/h"}}
    for number in range(5):
        throttling.count(Call("", "", None, {}, f"2001:db8:1:{number}::1"), "anonymous")
    with pytest.raises(throttling.TooMany):
        throttling.count(Call("", "", None, {}, "2001:db8:1:99::1"), "anonymous")
    throttling.count(Call("", "", None, {}, "2001:db8:2::1"), "anonymous")


def test_a_setting_for_one_action_leaves_the_others_limited(settings: Any, mailoutbox: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"anonymous": {"address": "1/h"}}
    for _ in range(5):
        testing.call("emailIdp.start_registration", email=ANNA)
    with pytest.raises(EmailAccountRequestException):
        testing.call("emailIdp.start_registration", email=ANNA)


def test_pages_send_no_more_mails_to_one_address_than_calls(anna: User, mailoutbox: Any) -> None:
    for number in range(3):
        replace(HOME, address=f"192.0.2.{number}").call("emailIdp.start_password_reset", email=ANNA)
    for number in range(10):
        page = Client(REMOTE_ADDR=f"198.51.100.{number}")
        answer = page.post("/account/password/reset/", {"email": ANNA})
    assert "Too many tries" in answer.content.decode()
    assert len(mailoutbox) == 5


def test_codes_can_be_tried_so_many_times_from_an_address(settings: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"code": {"address": "2/h"}}
    reasons = []
    for _ in range(3):
        with pytest.raises(EmailAccountRequestException) as refused:
            testing.call(
                "emailIdp.verify_registration_code", account_request_id=uuid.uuid4(), verification_code="1"
            )
        reasons.append(refused.value.reason.value)
    assert reasons == ["invalid", "invalid", "tooManyAttempts"]


def test_refreshing_and_providers_have_limits_and_say_when_to_come_again(settings: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"refresh": {"address": "1/h"}, "provider": {"address": "1/h"}}
    settings.ACCOUNTS_GOOGLE = {"client_ids": ["app"]}
    for method, arguments in (
        ("jwtRefresh.refreshAccessToken", {"refresh_token": "x"}),
        ("googleIdp.login", {"id_token": "x", "access_token": None}),
    ):
        with testing.serving(GoogleIdpEndpoint), pytest.raises(Exception) as refused:
            testing.call(method, **arguments)
        assert not isinstance(refused.value, TooManyCalls)
        with testing.serving(GoogleIdpEndpoint), pytest.raises(throttling.TooMany) as limited:
            testing.call(method, **arguments)
        assert 0 < limited.value.details["retry_after"] <= 3600
        _, headers = asgi._refusal(limited.value)
        assert (b"retry-after", str(limited.value.details["retry_after"]).encode()) in headers


def test_without_the_cache_nobody_can_guess(anna: User, settings: Any) -> None:
    cache = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"}
    settings.CACHES = {"default": cache}
    for method, arguments in (
        ("emailIdp.login", {"email": ANNA, "password": PASSWORD}),
        ("emailIdp.start_registration", {"email": "new@example.com"}),
        ("anonymousIdp.login", {}),
    ):
        with pytest.raises(LimitsUnavailable) as refused:
            testing.call(method, **arguments)
        assert refused.value.status == 503
        assert "at the moment" in refused.value.message
    answer = Client().post("/admin/login/", {"username": ANNA, "password": PASSWORD})
    assert "at the moment" in answer.content.decode()
    assert not SecurityEvent.objects.filter(event="signed_in").exists()


def test_a_bad_limit_is_found_at_the_start(settings: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"registrations": {}, "anonymous": {"address": "often"}}
    with pytest.raises(SystemCheckError, match="registrations") as refused:
        call_command("check")
    assert "'often' is not a valid rate" in str(refused.value)
