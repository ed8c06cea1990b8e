"""Signing up, signing in and setting a new password with an e-mail address, through the endpoint that apps extend."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Challenge, SecurityEvent, User
from accounts.protocol import (
    AnonymousAccountBlockedException,
    AuthUserBlockedException,
    EmailAccountLoginException,
    EmailAccountPasswordResetException,
    EmailAccountRequestException,
    SignInWhileAuthenticatedException,
)
from podium.endpoints import testing
from podium.endpoints.calls import Identity
from tests.accounts.conftest import PASSWORD, works

ANNA = "anna@example.com"


pytestmark = pytest.mark.django_db(transaction=True)


def call(method: str, **arguments: Any) -> Any:
    return testing.call(f"emailIdp.{method}", **arguments)


def code() -> str:
    """The code in the last mail."""
    found = re.search(r"^\d{8}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[0]


def signed_up(address: str = ANNA, password: str = PASSWORD, **options: Any) -> Any:
    request = call("start_registration", email=address, **options)
    ticket = call("verify_registration_code", account_request_id=request, verification_code=code(), **options)
    return call("finish_registration", registration_token=ticket, password=password, **options)


def reason(error: pytest.ExceptionInfo[Any]) -> str:
    return str(error.value.reason.value)


# Signing up ---------------------------------------------------------------------------------------------------------


def test_a_code_and_a_password_make_an_account(mailoutbox: Any) -> None:
    success = signed_up(" Anna@Example.com ")
    assert works(success.token)
    user = User.objects.get()
    assert (user.email, success.auth_user_id) == (ANNA, user.pk)
    assert EmailAddress.objects.get(user=user).verified
    assert mailoutbox[0].to == [ANNA]
    assert works(call("login", email="ANNA@example.com", password=PASSWORD).token)
    assert not Challenge.objects.exists()
    events = list(SecurityEvent.objects.order_by("id").values_list("event", flat=True))
    assert events == ["registration_started", "user_created", "signed_in", "signed_in"]


def test_a_taken_address_gets_the_same_response_and_its_owner_is_notified(mailoutbox: Any) -> None:
    signed_up()
    with CaptureQueriesContext(connection) as free:
        call("start_registration", email="ben@example.com")
    with CaptureQueriesContext(connection) as taken:
        request = call("start_registration", email=ANNA)
    assert isinstance(request, uuid.UUID)
    assert len(free) == len(taken)
    assert mailoutbox[-1].to == [ANNA]
    assert "already" in mailoutbox[-1].body
    assert not re.search(r"\d{8}", mailoutbox[-1].body)
    for guess in ("12345678", "", "x"):
        with pytest.raises(EmailAccountRequestException) as refused:
            call("verify_registration_code", account_request_id=request, verification_code=guess)
        assert reason(refused) == "invalid"
    assert User.objects.count() == 1


def test_three_wrong_codes_are_enough(mailoutbox: Any) -> None:
    request = call("start_registration", email=ANNA)
    right = code()
    for _ in range(3):
        with pytest.raises(EmailAccountRequestException) as refused:
            call("verify_registration_code", account_request_id=request, verification_code="00000000")
        assert reason(refused) == "invalid"
    with pytest.raises(EmailAccountRequestException) as refused:
        call("verify_registration_code", account_request_id=request, verification_code=right)
    assert reason(refused) == "tooManyAttempts"


def test_a_code_and_a_ticket_are_good_for_a_while_and_once(mailoutbox: Any, later: Any) -> None:
    request = call("start_registration", email=ANNA)
    ticket = call("verify_registration_code", account_request_id=request, verification_code=code())
    with pytest.raises(EmailAccountRequestException) as refused:
        call("verify_registration_code", account_request_id=request, verification_code=code())
    assert reason(refused) == "invalid"
    request = call("start_registration", email=ANNA)
    later(minutes=16)
    with pytest.raises(EmailAccountRequestException) as refused:
        call("verify_registration_code", account_request_id=request, verification_code=code())
    assert reason(refused) == "expired"
    with pytest.raises(EmailAccountRequestException) as refused:
        call("finish_registration", registration_token=ticket, password=PASSWORD)
    assert reason(refused) == "expired"
    assert not User.objects.exists()


def test_a_weak_password_can_be_bettered_with_the_same_ticket(mailoutbox: Any) -> None:
    request = call("start_registration", email=ANNA)
    ticket = call("verify_registration_code", account_request_id=request, verification_code=code())
    for weak in ("short", "12345678901", "password"):
        with pytest.raises(EmailAccountRequestException) as refused:
            call("finish_registration", registration_token=ticket, password=weak)
        assert reason(refused) == "policyViolation"
    assert works(call("finish_registration", registration_token=ticket, password=PASSWORD).token)
    with pytest.raises(EmailAccountRequestException):
        call("finish_registration", registration_token=ticket, password=PASSWORD)


@pytest.mark.parametrize(
    "address", ["", "anna", "anna@", "a" * 250 + "@example.com", "anna@example.com\nBcc: x@y.z"]
)
def test_an_invalid_address_is_refused(address: str, mailoutbox: Any) -> None:
    with pytest.raises(EmailAccountRequestException) as refused:
        call("start_registration", email=address)
    assert reason(refused) == "invalid"
    assert not mailoutbox


def test_mails_to_one_address_are_few(settings: Any, mailoutbox: Any) -> None:
    for _ in range(5):
        call("start_registration", email=ANNA)
    with pytest.raises(EmailAccountRequestException) as refused:
        call("start_registration", email=ANNA)
    assert reason(refused) == "tooManyAttempts"
    assert len(mailoutbox) == 5


def test_an_address_goes_to_the_user_who_confirms_it(mailoutbox: Any) -> None:
    stranger = User.objects.create_user(ANNA, "a stranger's password")
    EmailAddress.objects.create(user=stranger, email=ANNA, verified=False, primary=True)
    success = signed_up()
    stranger.refresh_from_db()
    assert stranger.email is None
    assert success.auth_user_id != stranger.pk
    with pytest.raises(EmailAccountLoginException):
        call("login", email=ANNA, password="a stranger's password")


# Signing in ---------------------------------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(mailoutbox: Any) -> None:
    signed_up()
    for address in (ANNA, "nobody@example.com"):
        with pytest.raises(EmailAccountLoginException) as refused:
            call("login", email=address, password="wrong")
        assert reason(refused) == "invalidCredentials"
    event = SecurityEvent.objects.filter(event="password_wrong").earliest("id")
    assert event.user == User.objects.get()
    assert "wrong" not in str(event.details)


def test_guesses_get_slower_and_a_correct_one_resets_the_wait(mailoutbox: Any, later: Any) -> None:
    signed_up()
    reasons = []
    for _ in range(8):
        with pytest.raises(EmailAccountLoginException) as refused:
            call("login", email=ANNA, password="wrong")
        reasons.append(reason(refused))
    assert reasons[:5] == ["invalidCredentials"] * 5
    assert reasons[-1] == "tooManyAttempts"
    with pytest.raises(EmailAccountLoginException) as refused:
        call("login", email=ANNA, password=PASSWORD)
    assert reason(refused) == "tooManyAttempts"
    later(seconds=3)
    assert works(call("login", email=ANNA, password=PASSWORD).token)


def test_a_block_is_revealed_only_with_the_correct_password(mailoutbox: Any) -> None:
    signed_up()
    User.objects.update(is_active=False)
    with pytest.raises(AuthUserBlockedException):
        call("login", email=ANNA, password=PASSWORD)
    with pytest.raises(EmailAccountLoginException):
        call("login", email=ANNA, password="wrong")


def test_somebody_else_must_sign_out_first(mailoutbox: Any) -> None:
    signed_up()
    ben = User.objects.create_user("ben@example.com", PASSWORD)
    with pytest.raises(SignInWhileAuthenticatedException):
        call("login", email=ANNA, password=PASSWORD, user=ben)
    assert works(call("login", email="ben@example.com", password=PASSWORD, user=ben).token)


# A new password -----------------------------------------------------------------------------------------------------


def test_a_mailed_code_sets_a_new_password_and_signs_out_everywhere(mailoutbox: Any) -> None:
    old = signed_up().token
    request = call("start_password_reset", email=ANNA)
    ticket = call("verify_password_reset_code", password_reset_request_id=request, verification_code=code())
    with pytest.raises(EmailAccountPasswordResetException) as refused:
        call("finish_password_reset", finish_password_reset_token=ticket, new_password="short")
    assert reason(refused) == "policyViolation"
    call("finish_password_reset", finish_password_reset_token=ticket, new_password="another long one 8")
    assert not works(old)
    assert works(call("login", email=ANNA, password="another long one 8").token)
    with pytest.raises(EmailAccountLoginException):
        call("login", email=ANNA, password=PASSWORD)
    assert "changed" in mailoutbox[-1].subject


def test_a_reset_tells_not_whether_there_is_an_account(mailoutbox: Any) -> None:
    signed_up()
    with CaptureQueriesContext(connection) as known:
        call("start_password_reset", email=ANNA)
    with CaptureQueriesContext(connection) as unknown:
        request = call("start_password_reset", email="nobody@example.com")
    assert isinstance(request, uuid.UUID)
    assert len(known) - len(unknown) == 3  # the audit log's line, in a savepoint, about who has an account
    assert mailoutbox[-1].to == ["nobody@example.com"]
    assert isinstance(call("start_password_reset", email="no address"), uuid.UUID)
    with pytest.raises(EmailAccountPasswordResetException) as refused:
        call("verify_password_reset_code", password_reset_request_id=request, verification_code="12345678")
    assert reason(refused) == "invalid"


def test_a_code_to_sign_up_sets_no_password(mailoutbox: Any) -> None:
    signed_up()
    request = call("start_password_reset", email=ANNA)
    with pytest.raises(EmailAccountRequestException):
        call("verify_registration_code", account_request_id=request, verification_code=code())
    ticket = call("verify_password_reset_code", password_reset_request_id=request, verification_code=code())
    with pytest.raises(EmailAccountRequestException):
        call("finish_registration", registration_token=ticket, password=PASSWORD)


# Without a name -----------------------------------------------------------------------------------------------------


def test_an_account_without_a_name_is_kept_when_it_gets_an_address(mailoutbox: Any) -> None:
    anonymous = testing.call("anonymousIdp.login")
    me = Identity(str(anonymous.auth_user_id))
    assert works(anonymous.token)
    assert not call("has_account", user=me)
    success = signed_up(user=me)
    assert success.auth_user_id == anonymous.auth_user_id
    assert works(anonymous.token)
    assert call("has_account", user=me)
    assert call("login", email=ANNA, password=PASSWORD).auth_user_id == anonymous.auth_user_id
    with pytest.raises(SignInWhileAuthenticatedException):
        signed_up("second@example.com", user=me)


def test_accounts_without_a_name_can_be_refused(settings: Any) -> None:
    settings.ACCOUNTS_CAPTCHA_BACKENDS = ["tests.accounts.sign_in.test_email.only_with_a_token"]
    with pytest.raises(AnonymousAccountBlockedException) as refused:
        testing.call("anonymousIdp.login")
    assert reason(refused) == "denied"
    assert works(testing.call("anonymousIdp.login", token="attested").token)
    settings.ACCOUNTS_THROTTLE_RATES = {"anonymous": {"address": "1/h"}}
    with pytest.raises(AnonymousAccountBlockedException) as refused:
        testing.call("anonymousIdp.login", token="attested")
        testing.call("anonymousIdp.login", token="attested")
    assert reason(refused) == "tooManyAttempts"


def only_with_a_token(call: Any, action: str, token: str) -> bool:
    return token == "attested"


def test_nobody_has_no_account() -> None:
    assert call("has_account") is False


def test_codes_are_stored_as_digests(mailoutbox: Any) -> None:
    call("start_registration", email=ANNA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_challenge t")
        assert code() not in cursor.fetchone()[0]
