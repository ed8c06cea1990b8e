"""The endpoint `email` of the legacy module: old passwords, sign-ups, resets, and answers that reveal nothing."""

from __future__ import annotations

import re
import secrets

import pytest

from tests.legacy_auth.conftest import Legacy
from tests.legacy_auth.serverpod import PASSWORD

EMAIL = "serverpod_auth.email"
REASONS = ["invalidCredentials", "userCreationDenied", "internalError", "tooManyFailedAttempts", "blocked"]
NEW_PASSWORD = "acht Wale und zwei Haie"


def reason(legacy: Legacy, email: str, password: str = PASSWORD) -> str:
    """The reasons why a sign-in fails, by the index that clients read."""
    answer = legacy.call(f"{EMAIL}.authenticate", email=email, password=password)
    assert answer.status == 200
    assert answer.value.keys() == {"__className__", "success", "failReason"}
    assert answer.value["success"] is False
    return REASONS[answer.value["failReason"]]


def stranger() -> str:
    return f"{secrets.token_hex(6)}@example.com"


def signed_up(legacy: Legacy, email: str, name: str = "Nora") -> dict[str, object]:
    """Sign up as from a new device: one device can sign up ten times an hour."""
    agent = f"Dart/3.5 (dart:io) {email}"
    given = {"userName": name, "email": email, "password": PASSWORD}
    assert legacy.call(f"{EMAIL}.createAccountRequest", agent=agent, **given).value is True
    code = legacy.code_for(email)
    made = legacy.call(f"{EMAIL}.createAccount", agent=agent, email=email, verificationCode=code).value
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("name", ["anna", "old", "moved"])
def test_each_kind_of_password_signs_in_and_is_renewed(legacy: Legacy, name: str) -> None:
    user = legacy.users[name]
    stored = "SELECT password FROM serverpod_auth_core_user WHERE id = %s"
    for _ in range(2):
        value = legacy.call(f"{EMAIL}.authenticate", email=user.email.upper(), password=f" {PASSWORD} ").value
        assert (value["success"], value["userInfo"]["id"]) == (True, user.number)
        assert isinstance(value["keyId"], int)
        assert legacy.database.one(stored, legacy.account_of(user.number)).startswith("argon2$")
    assert legacy.database.one('SELECT hash FROM serverpod_email_auth WHERE "userId" = %s', user.number) == ""
    assert reason(legacy, user.email, PASSWORD + "x") == "invalidCredentials"


def test_clients_of_2023_sign_in_with_their_own_protocol(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    value = legacy.call_as_before(f"{EMAIL}.authenticate", email=anna.email, password=PASSWORD).value
    key = f"{value['keyId']}:{value['key']}"
    assert legacy.call_as_before("diary.number", key).value == anna.number
    assert value["userInfo"]["userName"] == "Anna"


def test_an_old_key_in_the_client_is_no_obstacle(legacy: Legacy) -> None:
    anna, root = legacy.users["anna"], legacy.users["root"]
    for key in (root.key, "7:gone"):
        value = legacy.call(f"{EMAIL}.authenticate", key, email=anna.email, password=PASSWORD).value
        assert value["userInfo"]["id"] == anna.number
    assert legacy.call("diary.number", root.key).value == root.number


def test_refusals_look_the_same_and_blocked_is_only_reported_with_the_right_password(legacy: Legacy) -> None:
    assert reason(legacy, stranger()) == "invalidCredentials"
    assert reason(legacy, "no address") == "invalidCredentials"
    assert reason(legacy, legacy.users["blocked"].email, "wrong") == "invalidCredentials"
    assert reason(legacy, legacy.users["blocked"].email) == "blocked"
    assert reason(legacy, legacy.users["reset"].email) == "invalidCredentials"


def test_guesses_are_slowed_down(legacy: Legacy) -> None:
    email = stranger()
    legacy.database.password(legacy.database.user(email), email)
    found = [reason(legacy, email, f"guess {number}") for number in range(7)]
    assert found[0] == "invalidCredentials"
    assert found[-1] == "tooManyFailedAttempts"
    assert reason(legacy, email) == "tooManyFailedAttempts"  # even if the password is right


def test_users_with_a_second_factor_cannot_sign_in(legacy: Legacy) -> None:
    email = stranger()
    number = legacy.database.user(email)
    legacy.database.password(number, email)
    legacy.sign_in(email)
    legacy.database.run(
        "INSERT INTO mfa_authenticator (type, data, user_id, created_at) VALUES ('totp', '{}', %s, now())",
        legacy.account_of(number),
    )
    assert reason(legacy, email) == "blocked"
    assert reason(legacy, email, "wrong") == "invalidCredentials"
    key = legacy.database.key(number, secrets.token_hex(20))  # Serverpod asks for none
    assert legacy.call("diary.number", key).status == 401
    waiting = "SELECT count(*) FROM accounts_challenge WHERE user_id = %s"
    assert legacy.database.one(waiting, legacy.account_of(number)) == 0


def test_signing_up(legacy: Legacy) -> None:
    email = stranger()
    made = signed_up(legacy, email)
    number = made["id"]
    assert {key: made[key] for key in made if key not in ("id", "created")} == {
        "__className__": "serverpod_auth.UserInfo",
        "userIdentifier": email,
        "userName": "Nora",
        "email": email,
        "scopeNames": [],
        "blocked": False,
    }
    assert legacy.call("diary.number", legacy.sign_in(email)).value == number
    success = legacy.call("emailIdp.login", email=email, password=PASSWORD)
    assert success.value["authUserId"] == legacy.account_of(
        int(str(number))
    )  # one account for both kinds of apps


def test_a_code_works_once_and_only_for_the_client_that_requested_it(legacy: Legacy) -> None:
    """Otherwise a stranger who signs up with an address could make its owner confirm the stranger's password."""
    email = stranger()
    given = {"userName": "Mallory", "email": email, "password": NEW_PASSWORD}
    assert legacy.call(f"{EMAIL}.createAccountRequest", agent="curl/8", **given).value is True
    strangers = legacy.code_for(email)
    answer = {"email": email, "verificationCode": strangers}
    assert legacy.call(f"{EMAIL}.createAccount", **answer).value is None
    assert legacy.call(f"{EMAIL}.createAccountRequest", **given | {"password": PASSWORD}).value is True
    own = legacy.code_for(email)
    assert legacy.call(f"{EMAIL}.createAccount", **answer).value is None
    assert legacy.call(f"{EMAIL}.createAccount", email=email, verificationCode=own).value["email"] == email
    assert legacy.call(f"{EMAIL}.createAccount", email=email, verificationCode=own).value is None
    assert (
        legacy.call(f"{EMAIL}.createAccount", agent="curl/8", **answer).value is None
    )  # it has an owner now
    assert reason(legacy, email, NEW_PASSWORD) == "invalidCredentials"
    legacy.sign_in(email)


def test_signing_up_with_a_taken_address_gets_the_same_answer(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    given = {"userName": "Mallory", "email": anna.email, "password": NEW_PASSWORD}
    assert legacy.call(f"{EMAIL}.createAccountRequest", **given).value is True
    assert re.search(r"^\d+$", legacy.mails_to(anna.email)[-1], re.MULTILINE) is None
    for guess in ("11111111", ""):
        assert legacy.call(f"{EMAIL}.createAccount", email=anna.email, verificationCode=guess).value is None
    assert reason(legacy, anna.email, NEW_PASSWORD) == "invalidCredentials"


@pytest.mark.parametrize(
    ("name", "email", "password"),
    [
        ("", "x@example.com", PASSWORD),
        ("   ", "x@example.com", PASSWORD),
        ("two\nlines", "x@example.com", PASSWORD),
        ("x", "no address", PASSWORD),
        ("x", "x@mailinator.com", PASSWORD),
        ("x", "x@example.com", "short"),
        ("x", "x@example.com", "password1"),
        ("x", "x@example.com", "   "),
    ],
)
def test_a_sign_up_that_is_refused_sends_no_mail(
    legacy: Legacy, name: str, email: str, password: str
) -> None:
    given = {"userName": name, "email": email, "password": password}
    assert legacy.call(f"{EMAIL}.createAccountRequest", **given).value is False
    assert legacy.mails_to(email) == []


def test_a_new_password_by_mail_signs_out_everywhere(legacy: Legacy) -> None:
    email = stranger()
    number = legacy.database.user(email, name="Rosa")
    legacy.database.password(number, email, "no kind of hash")
    key = legacy.database.key(number, secrets.token_hex(20))
    assert legacy.call("diary.number", key).value == number
    assert legacy.call(f"{EMAIL}.initiatePasswordReset", email=email).value is True
    code = legacy.code_for(email)
    assert len(code) == 12
    asked = legacy.call(f"{EMAIL}.verifyEmailPasswordReset", verificationCode=code).value
    assert asked == {"__className__": "serverpod_auth.EmailPasswordReset", "userName": "Rosa", "email": email}
    reset = f"{EMAIL}.resetPassword"
    assert (
        legacy.call(reset, verificationCode=code, password="short").value is False
    )  # the code is still valid
    assert legacy.call(reset, verificationCode=f" {code} ", password=NEW_PASSWORD).value is True
    assert legacy.call(reset, verificationCode=code, password=PASSWORD).value is False
    assert legacy.call("diary.number", key).status == 401
    assert legacy.call("diary.number", legacy.sign_in(email, NEW_PASSWORD)).value == number
    assert "password" in legacy.mails_to(email)[-1]


def test_a_reset_reveals_nothing(legacy: Legacy) -> None:
    email = stranger()
    assert legacy.call(f"{EMAIL}.initiatePasswordReset", email=email).value is True
    assert re.search(r"^\d+$", legacy.mails_to(email)[-1], re.MULTILINE) is None
    assert legacy.call(f"{EMAIL}.initiatePasswordReset", email="no address").value is True
    for code in ("", "1" * 12, "abcdefgh", "x" * 5000):
        assert legacy.call(f"{EMAIL}.verifyEmailPasswordReset", verificationCode=code).value is None
        assert legacy.call(f"{EMAIL}.resetPassword", verificationCode=code, password=PASSWORD).value is False


def test_mails_are_limited(legacy: Legacy) -> None:
    email = stranger()
    found = [legacy.call(f"{EMAIL}.initiatePasswordReset", email=email).value for _ in range(7)]
    assert found == [True] * 5 + [False] * 2
    assert len(legacy.mails_to(email)) == 5


def test_changing_the_password_keeps_only_this_device(legacy: Legacy) -> None:
    email = stranger()
    number = legacy.database.user(email)
    legacy.database.password(number, email)
    first, second = legacy.sign_in(email), legacy.sign_in(email)
    unused = legacy.database.key(number, secrets.token_hex(20))
    change = f"{EMAIL}.changePassword"
    assert legacy.call(change, oldPassword=PASSWORD, newPassword=NEW_PASSWORD).value is False
    assert legacy.call(change, first, oldPassword="wrong", newPassword=NEW_PASSWORD).value is False
    assert legacy.call(change, first, oldPassword=PASSWORD, newPassword="short").value is False
    assert legacy.call("diary.number", second).value == number
    assert legacy.call(change, first, oldPassword=PASSWORD, newPassword=NEW_PASSWORD).value is True
    assert legacy.call("diary.number", first).value == number
    for key in (second, unused):
        assert legacy.call("diary.number", key).status == 401
    assert reason(legacy, email) == "invalidCredentials"
    legacy.sign_in(email, NEW_PASSWORD)
    assert "password" in legacy.mails_to(email)[-1]
