"""Serverpod and Podium on one database: a password that is changed on either side is valid on both."""

from __future__ import annotations

import base64
import dataclasses
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.accounts.passwords.test_hashers import argon2_tag
from tests.legacy_auth.conftest import Legacy
from tests.legacy_auth.serverpod import PASSWORD, PEPPER, argon2id, key_hash
from tests.legacy_auth.test_email import NEW_PASSWORD, reason, signed_up, stranger

EMAIL = "serverpod_auth.email"


@pytest.fixture(scope="module")
def both(legacy: Legacy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Legacy]:
    """The same database, and a server that knows of Serverpod's server."""
    folder: Path = tmp_path_factory.mktemp("both")
    with processes.server(folder, **legacy.environment | {"LEGACY_AUTH_SIDE_BY_SIDE": "true"}) as server:
        yield dataclasses.replace(legacy, server=server)


@pytest.fixture
def user(both: Legacy) -> tuple[int, str]:
    email = f"{secrets.token_hex(6)}@example.com"
    number = both.database.user(email)
    both.database.password(number, email)
    return number, email


def serverpod_takes(legacy: Legacy, email: str, password: str) -> bool:
    """Check a password like its server."""
    stored = legacy.database.one("SELECT hash FROM serverpod_email_auth WHERE email = %s", email)
    _, kind, salt, tag = stored.split("$")
    assert kind == "argon2id"
    return base64.b64encode(argon2_tag(password, salt.encode(), PEPPER, 256, lanes=1)).decode() == tag


def test_a_password_that_serverpod_changes_counts_here(both: Legacy, user: tuple[int, str]) -> None:
    _, email = user
    both.sign_in(email)
    assert serverpod_takes(both, email, PASSWORD)
    both.database.run(
        "UPDATE serverpod_email_auth SET hash = %s WHERE email = %s", argon2id(NEW_PASSWORD), email
    )
    assert reason(both, email) == "invalidCredentials"
    both.sign_in(email, NEW_PASSWORD)


def test_an_unchanged_password_is_not_taken_over_again(both: Legacy, user: tuple[int, str]) -> None:
    number, email = user
    account = both.account_of(number) if both.sign_in(email) else ""

    def kept() -> str:
        found = both.database.one("SELECT password FROM serverpod_auth_core_user WHERE id = %s", account)
        return str(found)

    stored = kept()
    both.sign_in(email)
    assert reason(both, email, NEW_PASSWORD) == "invalidCredentials"
    assert both.call(f"{EMAIL}.initiatePasswordReset", email=email).value is True
    assert kept() == stored


def test_a_password_that_is_changed_here_counts_there(both: Legacy, user: tuple[int, str]) -> None:
    _, email = user
    key = both.sign_in(email)
    change = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    assert both.call(f"{EMAIL}.changePassword", key, **change).value is True
    assert serverpod_takes(both, email, NEW_PASSWORD) and not serverpod_takes(both, email, PASSWORD)
    assert both.call("operator.setPassword", email=email, password=PASSWORD).status == 200
    assert serverpod_takes(both, email, PASSWORD) and not serverpod_takes(both, email, NEW_PASSWORD)
    assert both.call(f"{EMAIL}.initiatePasswordReset", email=email).value is True
    reset = {"verificationCode": both.code_for(email), "password": NEW_PASSWORD}
    assert both.call(f"{EMAIL}.resetPassword", **reset).value is True
    assert serverpod_takes(both, email, NEW_PASSWORD)
    both.sign_in(email, NEW_PASSWORD)


def test_a_user_who_signs_up_here_can_sign_in_there(both: Legacy) -> None:
    email = f"{secrets.token_hex(6)}@example.com"
    number = signed_up(both, email)["id"]
    assert serverpod_takes(both, email, PASSWORD)
    assert both.database.one('SELECT "userId" FROM serverpod_email_auth WHERE email = %s', email) == number
    id, _, secret = both.sign_in(email).partition(":")
    assert both.database.one("SELECT hash FROM serverpod_auth_key WHERE id = %s", id) == key_hash(secret)


def test_a_user_blocked_there_is_blocked_here(both: Legacy, user: tuple[int, str]) -> None:
    number, email = user
    key = both.sign_in(email)
    set_blocked = "UPDATE serverpod_user_info SET blocked = %s WHERE id = %s"
    both.database.run(set_blocked, True, number)
    assert both.call("diary.number", key).status == 401
    assert reason(both, email) == "blocked"
    both.database.run(set_blocked, False, number)  # possibly by a row that was read before
    assert reason(both, email) == "blocked"


def test_a_password_that_serverpod_changes_signs_out_here(both: Legacy, user: tuple[int, str]) -> None:
    _, email = user
    key = both.sign_in(email)
    change = "UPDATE serverpod_email_auth SET hash = %s WHERE email = %s"
    both.database.run(change, argon2id(NEW_PASSWORD), email)
    assert reason(both, email) == "invalidCredentials"
    assert both.call("diary.number", key).status == 401


def test_a_stranger_who_only_knows_an_address_changes_nothing(both: Legacy, user: tuple[int, str]) -> None:
    """Storing a password again ends browser sessions and the URLs of exports."""
    number, email = user
    stored = "SELECT password FROM serverpod_auth_core_user WHERE id = %s"
    change = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    for password in (PASSWORD, NEW_PASSWORD):
        key = both.sign_in(email, password)
        before = both.database.one(stored, both.account_of(number))
        assert reason(both, email, "a wrong password") == "invalidCredentials"
        assert both.call(f"{EMAIL}.initiatePasswordReset", email=email).value is True
        assert both.database.one(stored, both.account_of(number)) == before
        assert both.call("diary.number", key).status == 200
        if password == PASSWORD:
            assert both.call(f"{EMAIL}.changePassword", key, **change).value is True
    other = stranger()
    account = both.account_of(int(str(signed_up(both, other)["id"])))
    before = both.database.one(stored, account)
    both.sign_in(other)
    assert both.database.one(stored, account) == before


def test_a_password_that_was_taken_away_here_does_not_come_back(both: Legacy, user: tuple[int, str]) -> None:
    _, email = user
    both.sign_in(email)
    assert both.call("operator.dropPassword", email=email).status == 200
    assert reason(both, email) == "invalidCredentials"
    assert both.call("operator.bringOver").status == 200
    assert reason(both, email) == "invalidCredentials"
    assert both.database.one("SELECT hash FROM serverpod_email_auth WHERE email = %s", email) == ""


def test_a_merge_leaves_one_password(both: Legacy, user: tuple[int, str]) -> None:
    _, keep = user
    gone = stranger()
    both.database.password(both.database.user(gone), gone, argon2id(NEW_PASSWORD))
    both.sign_in(gone, NEW_PASSWORD)
    key = both.sign_in(keep)
    assert both.call("operator.merge", keep=keep, gone=gone).status == 200
    for email in (gone, keep):
        assert reason(both, email, NEW_PASSWORD) == "invalidCredentials"
        both.sign_in(email)
    assert both.call("diary.number", key).status == 200


def test_alone_a_newer_password_leaves_no_weaker_copy(legacy: Legacy, user: tuple[int, str]) -> None:
    _, email = user
    stored = "SELECT hash FROM serverpod_email_auth WHERE email = %s"
    legacy.sign_in(email)  # stored again, with the same password
    assert legacy.database.one(stored, email) == ""
    assert legacy.call("operator.setPassword", email=email, password=NEW_PASSWORD).status == 200
    assert legacy.database.one(stored, email) == ""
    signed_up(legacy, other := f"{secrets.token_hex(6)}@example.com")
    assert legacy.database.one(stored, other) is None
