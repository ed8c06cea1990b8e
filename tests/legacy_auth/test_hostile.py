"""Attacks on the legacy module: returning to an account that another user owns, old copies, odd texts."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from typing import Any

import httpx
import pytest

from tests.legacy_auth.conftest import Legacy
from tests.legacy_auth.serverpod import PASSWORD
from tests.legacy_auth.test_email import EMAIL, NEW_PASSWORD, signed_up, stranger
from tests.legacy_auth.test_providers import (
    APPLE,
    FIREBASE,
    GOOGLE,
    address,
    apple_info,
    firebase_token,
    google_token,
    number_of,
)


def by_firebase(legacy: Legacy, subject: str, **claims: Any) -> Any:
    return legacy.call(f"{FIREBASE}.authenticate", idToken=firebase_token(legacy, subject, **claims))


def by_google(legacy: Legacy, email: str, **claims: Any) -> Any:
    return legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=google_token(legacy, email, **claims))


def reset(legacy: Legacy, email: str) -> None:
    assert legacy.call(f"{EMAIL}.initiatePasswordReset", email=email).value is True
    given = {"verificationCode": legacy.code_for(email), "password": NEW_PASSWORD}
    assert legacy.call(f"{EMAIL}.resetPassword", **given).value is True


@pytest.mark.parametrize("was_here", [True, False])
def test_a_user_who_lost_an_account_to_its_owner_cannot_return_by_an_old_identity(
    legacy: Legacy, was_here: bool
) -> None:
    """At Serverpod, a user had another user's address, which Firebase had not verified."""
    victim, uid = address("example.com"), secrets.token_hex(14)
    number = legacy.database.user(victim, identifier=uid)
    if was_here:
        assert number_of(legacy, by_firebase(legacy, uid, email=victim, email_verified=False)) == number
    reset(legacy, victim)  # by the mail to the owner, who has the account now
    assert (
        number_of(legacy, legacy.call(f"{EMAIL}.authenticate", email=victim, password=NEW_PASSWORD)) == number
    )
    assert number_of(legacy, by_firebase(legacy, uid, email=victim, email_verified=False)) != number


@pytest.mark.parametrize("provider", ["apple", "google", "firebase"])
def test_an_identity_that_was_unlinked_opens_nothing(legacy: Legacy, provider: str) -> None:
    email, subject = address("firm.example"), secrets.token_hex(14)

    def sign_in() -> Any:
        if provider == "apple":
            return legacy.call(f"{APPLE}.authenticate", authInfo=apple_info(legacy, subject, None))
        if provider == "firebase":
            return by_firebase(legacy, subject)
        return by_google(legacy, email, sub=subject)

    number = legacy.database.user(email, identifier=email if provider == "google" else subject)
    legacy.database.password(number, email)
    legacy.database.key(number, secrets.token_hex(20), method=provider)
    assert number_of(legacy, sign_in()) == number
    legacy.call("operator.unlink", email=email, provider=provider)
    assert number_of(legacy, sign_in()) != number
    assert number_of(legacy, legacy.call(f"{EMAIL}.authenticate", email=email, password=PASSWORD)) == number


def test_an_address_at_google_opens_no_account_that_was_made_here(legacy: Legacy) -> None:
    """For an address of another domain, Google only knows that it was confirmed once."""
    email = address("firm.example")
    number = signed_up(legacy, email)["id"]
    assert number_of(legacy, by_google(legacy, email)) != number


def test_a_second_identity_of_google_opens_no_account_that_has_one(legacy: Legacy) -> None:
    """A company gives a former employee's address to a new one, who gets another id at Google."""
    email = address("firm.example")
    number = number_of(legacy, by_google(legacy, email))
    assert number_of(legacy, by_google(legacy, email)) != number


def test_a_removed_address_is_gone_from_the_old_table(legacy: Legacy) -> None:
    email = stranger()
    number = legacy.database.user(email)
    legacy.database.password(number, email)
    legacy.sign_in(email)
    legacy.call("operator.removeAddress", email=email)
    assert legacy.database.one("SELECT count(*) FROM serverpod_email_auth WHERE email = %s", email) == 0


def test_a_deleted_user_leaves_no_trace_in_the_old_tables(legacy: Legacy) -> None:
    email = stranger()
    number = legacy.database.user(email)
    legacy.database.password(number, email)
    legacy.sign_in(email)
    legacy.database.run(
        """INSERT INTO serverpod_email_failed_sign_in (email, time, "ipAddress") VALUES (%s, now(), '192.0.2.1')""",
        email,
    )
    legacy.database.run(
        """INSERT INTO serverpod_email_create_request ("userName", email, hash, "verificationCode")
        VALUES ('x', %s, 'x', 'abcdefgh')""",
        email,
    )
    legacy.database.run(
        """INSERT INTO serverpod_email_reset ("userId", "verificationCode", expiration) VALUES (%s, %s, now())""",
        number,
        secrets.token_hex(8),
    )
    assert legacy.call("operator.delete", email=email).status == 200
    for table in ("failed_sign_in", "create_request", "auth"):
        found = legacy.database.one(f"SELECT count(*) FROM serverpod_email_{table} WHERE email = %s", email)
        assert found == 0, table
    assert legacy.database.one('SELECT count(*) FROM serverpod_email_reset WHERE "userId" = %s', number) == 0


@pytest.mark.parametrize("text", ["a\0@example.com", "\ud800@example.com", "x" * 100_000, "' OR 1=1 --"])
def test_odd_texts_are_refused_and_break_nothing(legacy: Legacy, text: str) -> None:
    given: dict[str, dict[str, Any]] = {
        f"{EMAIL}.authenticate": {"email": text, "password": text},
        f"{EMAIL}.createAccountRequest": {"userName": text, "email": text, "password": text},
        f"{EMAIL}.createAccount": {"email": text, "verificationCode": text},
        f"{EMAIL}.initiatePasswordReset": {"email": text},
        f"{EMAIL}.verifyEmailPasswordReset": {"verificationCode": text},
        f"{EMAIL}.resetPassword": {"verificationCode": text, "password": text},
        f"{GOOGLE}.authenticateWithIdToken": {"idToken": text},
        f"{GOOGLE}.authenticateWithServerAuthCode": {"authenticationCode": text, "redirectUri": text},
        f"{FIREBASE}.authenticate": {"idToken": text},
        f"{APPLE}.authenticate": {
            "authInfo": {
                "userIdentifier": text,
                "fullName": text,
                "nickname": text,
                "identityToken": text,
                "authorizationCode": text,
            }
        },
    }
    for method, arguments in given.items():
        assert raw(legacy, method, arguments).status_code in (200, 400), method


@pytest.mark.parametrize(
    "key",
    [
        "1:\0",
        "\0",
        "99999999999999999999:x",
        "-1:x",
        "1:" + "x" * 9999,
        "1:\ud800",
        "1:é",
        "1:' OR 1=1 --",
        "1:",
    ],
)
def test_odd_keys_have_no_user(legacy: Legacy, key: str) -> None:
    header = b64encode(key.encode(errors="surrogatepass")).decode()
    assert raw(legacy, "diary.number", {}, authorization=f"Basic {header}").status_code in (400, 401)
    assert raw(legacy, "diary.number", {"auth": key}).status_code in (400, 401)


def raw(legacy: Legacy, method: str, arguments: dict[str, Any], **headers: str) -> httpx.Response:
    """A call whose JSON is ASCII, so that it can have lone surrogates."""
    endpoint, _, name = method.rpartition(".")
    content = json.dumps(arguments).encode()
    return httpx.post(f"{legacy.server.url}/{endpoint}/{name}", content=content, headers=headers, timeout=30)


def test_keys_and_passwords_are_in_no_log(legacy: Legacy) -> None:
    key = legacy.sign_in(legacy.users["anna"].email)
    assert legacy.call_as_before("diary.number", key).status == 200
    assert legacy.call_as_before("diary.lastMessage", key, channel=5).status == 400
    assert legacy.call_as_before("diary.number", key + "x").status == 401
    log = legacy.server.log.read_text()
    assert key.partition(":")[2] not in log and PASSWORD not in log
