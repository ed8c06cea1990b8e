"""The endpoints `google`, `apple` and `firebase` of the legacy module, against a provider that the tests play."""

from __future__ import annotations

import secrets
import time
from typing import Any

import pytest

from tests.accounts.oidc_provider import CLIENT, REDIRECT
from tests.legacy_auth.conftest import Legacy
from tests.legacy_auth.test_email import REASONS

GOOGLE, APPLE, FIREBASE = "serverpod_auth.google", "serverpod_auth.apple", "serverpod_auth.firebase"


def google_token(legacy: Legacy, email: str, **claims: Any) -> str:
    told = {"email": email, "email_verified": True, "name": "Gita", "sub": secrets.token_hex(10)}
    return legacy.provider.token(**{"iss": "https://accounts.google.com", **told, **claims})


def apple_info(legacy: Legacy, subject: str, email: str | None, **given: Any) -> dict[str, Any]:
    """The values that the Flutter package sends."""
    token = legacy.provider.token(
        iss="https://appleid.apple.com", sub=subject, email=email, email_verified=email and "true"
    )
    told = {"userIdentifier": subject, "fullName": "Ada Apple", "nickname": "Ada", "identityToken": token}
    return {**told, "authorizationCode": "code", **({"email": email} if email else {}), **given}


def firebase_token(legacy: Legacy, subject: str, **claims: Any) -> str:
    told: dict[str, Any] = {
        "iss": f"https://securetoken.google.com/{CLIENT}",
        "auth_time": int(time.time()) - 5,
        "sub": subject,
    }
    return legacy.provider.token(**told | claims)


def number_of(legacy: Legacy, answer: Any) -> int:
    """The user that a sign-in gave a key for, which works."""
    value = answer.value
    assert value["success"] is True, value
    number = legacy.call("diary.number", f"{value['keyId']}:{value['key']}").value
    assert number == value["userInfo"]["id"]
    return int(number)


def refused(answer: Any) -> str:
    assert (answer.status, answer.value["success"]) == (200, False)
    return REASONS[answer.value["failReason"]]


def address(domain: str) -> str:
    return f"{secrets.token_hex(6)}@{domain}"


def test_google_makes_an_account_and_finds_it_again(legacy: Legacy) -> None:
    email = address("gmail.com")
    token = google_token(legacy, email)
    first = legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=token)
    told = first.value["userInfo"]
    assert (told["email"], told["userName"], told["userIdentifier"]) == (email, "Gita", email)
    assert number_of(legacy, legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=token)) == told["id"]
    method = legacy.database.one("SELECT method FROM serverpod_auth_key WHERE id = %s", first.value["keyId"])
    assert method == "google"


@pytest.mark.parametrize("redirect", [None, REDIRECT])
def test_google_by_a_code_for_the_server(legacy: Legacy, redirect: str | None) -> None:
    email = address("gmail.com")
    code = legacy.provider.code({"id_token": google_token(legacy, email)}, verifier="")
    given: dict[str, Any] = {"authenticationCode": code} | ({"redirectUri": redirect} if redirect else {})
    value = legacy.call(f"{GOOGLE}.authenticateWithServerAuthCode", **given)
    assert number_of(legacy, value) and value.value["userInfo"]["email"] == email
    again = legacy.call(f"{GOOGLE}.authenticateWithServerAuthCode", **given)
    assert refused(again) == "invalidCredentials"
    elsewhere = given | {"redirectUri": "https://evil.example/auth"}
    assert (
        refused(legacy.call(f"{GOOGLE}.authenticateWithServerAuthCode", **elsewhere)) == "invalidCredentials"
    )


def test_google_finds_the_users_of_serverpod(legacy: Legacy) -> None:
    """They were stored with only their address."""
    adopted = legacy.users["google"]
    token = google_token(legacy, adopted.email)
    assert (
        number_of(legacy, legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=token)) == adopted.number
    )
    assert legacy.call("diary.number", adopted.key).value == adopted.number
    email = address("firm.example")  # created by Serverpod since, and not of a domain of Google
    later = legacy.database.user(email, name="Work")
    token = google_token(legacy, email)
    assert number_of(legacy, legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=token)) == later


def test_google_opens_an_account_with_a_password_only_if_it_was_used_there(legacy: Legacy) -> None:
    email = address("firm.example")
    number = legacy.database.user(email, name="Both")
    legacy.database.password(number, email)
    legacy.sign_in(email)
    stranger = legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=google_token(legacy, email))
    assert number_of(legacy, stranger) != number
    assert "email" not in stranger.value["userInfo"]
    legacy.database.key(number, secrets.token_hex(20), method="google")
    same = legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=google_token(legacy, email))
    assert number_of(legacy, same) == number


def test_an_address_that_google_has_not_verified_opens_nothing(legacy: Legacy) -> None:
    email = address("gmail.com")
    number = legacy.database.user(email, name="Careful")
    token = google_token(legacy, email, email_verified=False)
    assert number_of(legacy, legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=token)) != number


def test_apple_finds_the_users_of_serverpod_by_their_id(legacy: Legacy) -> None:
    adopted = legacy.users["apple"]
    subject = legacy.database.one(
        'SELECT "userIdentifier" FROM serverpod_user_info WHERE id = %s', adopted.number
    )
    for email in (adopted.email, None):  # the address comes at the first sign-in only
        info = apple_info(legacy, subject, email, fullName="Unknown", nickname="Unknown")
        value = legacy.call(f"{APPLE}.authenticate", authInfo=info)
        assert number_of(legacy, value) == adopted.number
        assert value.value["userInfo"]["userName"] == "Apple"


def test_apple_makes_an_account(legacy: Legacy) -> None:
    email = address("privaterelay.appleid.com")
    info = apple_info(legacy, secrets.token_hex(10), email)
    told = legacy.call(f"{APPLE}.authenticate", authInfo=info).value["userInfo"]
    assert (told["userName"], told["email"]) == ("Ada Apple", email)


def test_apple_refuses_an_app_that_names_another_user(legacy: Legacy) -> None:
    subject, email = secrets.token_hex(10), address("icloud.com")
    for lie in (
        {"userIdentifier": "somebody"},
        {"email": "somebody@icloud.com"},
        {"identityToken": "no token"},
    ):
        info = apple_info(legacy, subject, email) | lie
        assert refused(legacy.call(f"{APPLE}.authenticate", authInfo=info)) == "invalidCredentials"
    token = legacy.provider.token(iss="https://appleid.apple.com", aud="another-app", sub=subject)
    info = apple_info(legacy, subject, None, identityToken=token)
    assert refused(legacy.call(f"{APPLE}.authenticate", authInfo=info)) == "invalidCredentials"


def test_firebase_finds_the_users_of_serverpod_by_their_id(legacy: Legacy) -> None:
    adopted = legacy.users["fire"]
    subject = legacy.database.one(
        'SELECT "userIdentifier" FROM serverpod_user_info WHERE id = %s', adopted.number
    )
    token = firebase_token(legacy, subject, email=adopted.email, email_verified=False)
    assert number_of(legacy, legacy.call(f"{FIREBASE}.authenticate", idToken=token)) == adopted.number
    number = legacy.database.user(None, identifier="made-since-by-firebase", name="Since")
    token = firebase_token(legacy, "made-since-by-firebase")
    assert number_of(legacy, legacy.call(f"{FIREBASE}.authenticate", idToken=token)) == number


def test_an_identifier_that_is_an_address_is_not_an_id(legacy: Legacy) -> None:
    """Otherwise users who can choose ids at Firebase would get into accounts by their addresses."""
    anna = legacy.users["anna"]
    token = firebase_token(legacy, anna.email)
    assert number_of(legacy, legacy.call(f"{FIREBASE}.authenticate", idToken=token)) != anna.number


def test_firebase_makes_an_account(legacy: Legacy) -> None:
    email = address("example.com")
    token = firebase_token(legacy, secrets.token_hex(10), email=email, email_verified=True, name="Fay")
    told = legacy.call(f"{FIREBASE}.authenticate", idToken=token).value["userInfo"]
    assert (told["email"], told["userName"]) == (email, "Fay")


@pytest.mark.parametrize("endpoint", [f"{GOOGLE}.authenticateWithIdToken", f"{FIREBASE}.authenticate"])
def test_tokens_of_others_are_refused(legacy: Legacy, endpoint: str) -> None:
    assert refused(legacy.call(endpoint, idToken="no token")) == "invalidCredentials"
    assert refused(legacy.call(endpoint, idToken=legacy.provider.token())) == "invalidCredentials"


def test_a_blocked_user_gets_the_reason_blocked(legacy: Legacy) -> None:
    email = address("gmail.com")
    legacy.database.user(email, blocked=True)
    token = google_token(legacy, email)
    assert refused(legacy.call(f"{GOOGLE}.authenticateWithIdToken", idToken=token)) == "blocked"
