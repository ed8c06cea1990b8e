"""Rules for passwords, at every entry point; no network."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts.passwords import rules
from accounts.protocol import EmailAccountRequestException
from accounts.throttling import disposable
from podium.endpoints import testing
from tests.accounts.conftest import works
from tests.accounts.sign_in.test_email import ANNA, code


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
def test_refused_passwords(password: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        validate_password(password)


def test_each_rule_is_named_once_and_a_refusal_has_one_reason() -> None:
    texts = [text for text in password_validators_help_texts() if text]
    assert len(texts) == len(set(texts))
    with pytest.raises(ValidationError) as refused:
        validate_password("password1")
    assert len(refused.value.messages) == 1


@pytest.mark.parametrize(
    "password",
    [
        "podium123",
        "P0dium!2026",
        "Podium-podium-1",
        "shop-example",
        "Acme Rockets",
        "acmerockets2027",
        "r0ck3t$ 2027",
    ],
)
def test_a_name_of_the_site_is_refused_as_a_password(password: str, settings: Any) -> None:
    settings.PUBLIC_URL = "https://api.shop-example.com"
    settings.ACCOUNTS_PASSWORD_WORDS = ["Acme Rockets", "Rockets", "2027"]
    with pytest.raises(ValidationError, match="little more than the name"):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["a rocket for the podium", "examples of four words", "27 apis and 2027 years"]
)
def test_a_name_within_a_longer_password_does_no_harm(password: str, settings: Any) -> None:
    settings.PUBLIC_URL = "https://api.example.com"
    settings.ACCOUNTS_PASSWORD_WORDS = ["Rocket", "api", "2027"]
    validate_password(password)


class Ranges(BaseHTTPRequestHandler):
    """A range service like Pwned Passwords."""

    asked: ClassVar[list[tuple[str, str | None]]] = []
    status, wait = 200, 0.0

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Add-Padding"]))
        time.sleep(self.wait)
        known = digest("leaked password 7")
        lines = ["0" * 35 + ":3", f"{known[5:]}:1234", digest("fresh password 7")[5:] + ":0"]
        body = "\r\n".join(lines).encode()
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def ranges(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Ranges]]:
    monkeypatch.setattr(Ranges, "asked", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ranges)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.ACCOUNTS_BREACHED_PASSWORDS_URL = f"http://127.0.0.1:{server.server_port}/range/"
    yield Ranges
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_service_is_asked_and_learns_five_characters(ranges: type[Ranges]) -> None:
    with pytest.raises(ValidationError, match="data breach"):
        validate_password("leaked password 7")
    validate_password("fresh password 7")  # listed there only as padding
    validate_password("fresh password 8")
    assert ranges.asked[0] == (f"/range/{digest('leaked password 7')[:5]}", "true")
    assert [len(path) for path, _ in ranges.asked] == [len("/range/") + 5] * 3


@pytest.mark.parametrize(("status", "wait"), [(503, 0.0), (200, 0.5)])
def test_a_service_that_fails_lets_the_password_through_and_is_logged(
    ranges: type[Ranges],
    status: int,
    wait: float,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(ranges, "status", status)
    monkeypatch.setattr(ranges, "wait", wait)
    monkeypatch.setattr(rules, "RANGE_SECONDS", 0.2 if wait else 5.0)
    validate_password("leaked password 7")
    assert "was not looked up" in caplog.text
    assert "leaked" not in caplog.text


@pytest.fixture
def breached(tmp_path: Path, settings: Any) -> Path:
    """A list in the format of Pwned Passwords."""
    digests = sorted(digest(f"leaked password {number}") for number in range(1000))
    path = tmp_path / "pwned.txt"
    path.write_text("".join(f"{each}:{random.randrange(1, 10**6)}\r\n" for each in digests))
    settings.ACCOUNTS_BREACHED_PASSWORDS = str(path)
    return path


def digest(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


def test_a_list_of_breached_passwords_is_searched(breached: Path, settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ["email"]  # the providers of the others are not set up
    assert all(rules.is_listed(f"leaked password {number}", breached) for number in range(1000))
    assert not any(rules.is_listed(f"fresh password {number}", breached) for number in range(1000))
    call_command("check")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_lists_and_such_without_counts_are_searched(tmp_path: Path, count: int) -> None:
    path = tmp_path / "list"
    path.write_text("\n".join(sorted(digest(str(number)) for number in range(count))).lower())
    assert [rules.is_listed(str(number), path) for number in range(5)] == [n < count for n in range(5)]


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


@pytest.mark.parametrize("url", ["http://api.example.com/range/", "https://api.example.com/range", "yes"])
def test_a_service_that_cannot_be_asked_is_found_at_the_start(url: str, settings: Any) -> None:
    settings.ACCOUNTS_BREACHED_PASSWORDS_URL = url
    with pytest.raises(SystemCheckError, match="BREACHED_PASSWORDS_URL"):
        call_command("check")
