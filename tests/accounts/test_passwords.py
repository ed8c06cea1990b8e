"""Which passwords are taken, at every door; no network."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts import disposable, passwords
from accounts.protocol import EmailAccountRequestException
from endpoints import testing
from tests.accounts.conftest import works
from tests.accounts.test_email import ANNA, code


@pytest.mark.parametrize(
    "password",
    [
        "four random words here",
        "48151623421108",
        "пароль-на-чай",
        "🦊🦊🦊 and a fox",
        "x" * 70 + "?",
        "aaaa bbbb cccc",
    ],
)
def test_there_are_no_rules_but_length(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("sevench", "too short"),
        ("x" * 257, "more than 256"),
        ("password", "too common"),  # in Django's list
        ("ZZ123456", "too common"),  # in ours alone
    ],
)
def test_what_is_refused(password: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        validate_password(password)


@pytest.fixture
def breached(tmp_path: Path, settings: Any) -> Path:
    """A list as Pwned Passwords gives it."""
    digests = sorted(digest(f"leaked password {number}") for number in range(1000))
    path = tmp_path / "pwned.txt"
    path.write_text("".join(f"{each}:{random.randrange(1, 10**6)}\r\n" for each in digests))
    settings.ACCOUNTS_BREACHED_PASSWORDS = str(path)
    return path


def digest(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


def test_a_list_of_breached_passwords_is_searched(breached: Path) -> None:
    assert all(passwords.is_listed(f"leaked password {number}", breached) for number in range(1000))
    assert not any(passwords.is_listed(f"fresh password {number}", breached) for number in range(1000))
    call_command("check")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_lists_and_such_without_counts_are_searched(tmp_path: Path, count: int) -> None:
    path = tmp_path / "list"
    path.write_text("\n".join(sorted(digest(str(number)) for number in range(count))).lower())
    assert [passwords.is_listed(str(number), path) for number in range(5)] == [n < count for n in range(5)]


@pytest.mark.django_db(transaction=True)
def test_a_breached_password_makes_no_account(breached: Path, mailoutbox: Any) -> None:
    request = testing.call("emailIdp.start_registration", email=ANNA)
    ticket = testing.call(
        "emailIdp.verify_registration_code", account_request_id=request, verification_code=code()
    )
    with pytest.raises(EmailAccountRequestException) as refused:
        testing.call("emailIdp.finish_registration", registration_token=ticket, password="leaked password 7")
    assert refused.value.reason.value == "policyViolation"
    success = testing.call(
        "emailIdp.finish_registration", registration_token=ticket, password="fresh password 7"
    )
    assert works(success.token)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "can't be read"),
        ("", "can't be read"),
        ("hello\n", "do not begin with a SHA-1"),
        ("0" * 32 + ":3\n", "NTLM"),
        ("".join(f"{digest(str(number))}:{number}\n" for number in range(100)), "not sorted"),
    ],
)
def test_a_list_that_is_none_is_found_at_the_start(
    content: str | None, fault: str, tmp_path: Path, settings: Any
) -> None:
    path = tmp_path / "list"
    if content is not None:
        path.write_text(content)
    settings.ACCOUNTS_BREACHED_PASSWORDS = str(path)
    with pytest.raises(SystemCheckError, match=fault):
        call_command("check")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["anna@mailinator.com", "anna@a.b.mailinator.com", "ANNA@Mailinator.com"])
def test_throw_away_mailboxes_get_no_account(
    address: str, settings: Any, client: Any, mailoutbox: Any
) -> None:
    with pytest.raises(EmailAccountRequestException) as refused:
        testing.call("emailIdp.start_registration", email=address)
    assert refused.value.reason.value == "invalid"
    page = client.post("/account/signup/", {"email": address, "password1": "four random words"})
    assert "throw-away" in page.content.decode()
    assert not mailoutbox
    settings.ACCOUNTS_ALLOW_DISPOSABLE = True
    testing.call("emailIdp.start_registration", email=address)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    "address", ["a@gmail.com", "x@privaterelay.appleid.com", "x@mozmail.com", "x@reliable.example.com"]
)
def test_other_addresses_are_taken(address: str) -> None:
    assert not disposable.is_refused(address)
