"""The audit log: each action leaves an event with its actor, and none contains a secret."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from accounts.audit import audit
from accounts.models import SecurityEvent, Session, User
from accounts.protocol import EmailAccountLoginException, EmailAccountRequestException
from accounts.throttling import throttling
from podium.endpoints.calls import Identity
from podium.endpoints.testing import Caller
from tests.accounts import webmail
from tests.accounts.conftest import PASSWORD
from tests.accounts.sign_in.test_email import ANNA, call, code, signed_up

pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture
def staff() -> tuple[User, Client]:
    """A superuser who is signed in to the admin."""
    boss = User.objects.create_superuser("boss@example.com", PASSWORD)
    browser = Client()
    browser.force_login(boss)
    SecurityEvent.objects.all().delete()
    return boss, browser


def lines() -> list[tuple[str, str]]:
    """The events, oldest first, with their users."""
    found = SecurityEvent.objects.order_by("id").select_related("user")
    return [(each.event, str(each.user.email) if each.user else "") for each in found]


def test_every_event_is_listed_and_documented() -> None:
    source = "".join(path.read_text() for path in (PROJECT / "accounts").rglob("*.py"))
    recorded = set(re.findall(r'(?:audit\.record|note)\(\s*"(\w+)"', source))
    assert len(recorded) > 20
    assert sorted(recorded - audit.EVENTS.keys()) == []
    assert all(len(event) <= 40 for event in audit.EVENTS)
    page = (PROJECT / "docs" / "how-to" / "abuse.md").read_text()
    assert [event for event in audit.EVENTS if f"`{event}`" not in page] == []


def test_a_sign_up_on_a_page_is_a_sign_in_by_the_mailed_link(mailoutbox: Any) -> None:
    browser = Client()
    browser.post("/account/signup/", {"email": ANNA, "password1": PASSWORD})
    browser.post(webmail.link("confirm", ANNA))
    assert [event for event, _ in lines()] == ["user_created", "signed_in"], "and nothing was taken over"
    assert SecurityEvent.objects.get(event="signed_in").details["method"] == "email_confirmation"


def test_the_life_of_an_account_leaves_its_lines_and_no_secret(mailoutbox: Any) -> None:
    with pytest.raises(EmailAccountRequestException):
        request = call("start_registration", email=ANNA)
        call("verify_registration_code", account_request_id=request, verification_code="00000000")
    first = signed_up()
    identity = Identity(str(first.auth_user_id), token_id=str(Session.objects.latest("created_at").pk))
    with pytest.raises(EmailAccountLoginException):
        call("login", email=ANNA, password="a wrong password")
    second = call("login", email=ANNA, password=PASSWORD)
    Caller(identity).call("serverpod_auth_core.status.signOutDevice")
    Caller(identity).call("serverpod_auth_core.status.signOutAllDevices")
    assert not Session.objects.exists()
    request = call("start_password_reset", email=ANNA)
    reset_code = code()
    ticket = call(
        "verify_password_reset_code", password_reset_request_id=request, verification_code=reset_code
    )
    call("finish_password_reset", finish_password_reset_token=ticket, new_password="another long one 8")
    assert lines() == [
        ("registration_started", ""),
        ("code_refused", ""),
        ("registration_started", ""),
        ("user_created", ANNA),
        ("signed_in", ANNA),
        ("password_wrong", ANNA),
        ("signed_in", ANNA),
        ("signed_out", ANNA),
        ("signed_out_everywhere", ANNA),
        ("password_reset_started", ANNA),
        ("password_reset", ANNA),
    ]
    codes = re.findall(r"\b\d{8}\b", " ".join(str(each.body) for each in mail.outbox))
    secrets = [PASSWORD, "a wrong password", "another long one 8", first.token, second.token, ticket, *codes]
    stored = json.dumps(list(SecurityEvent.objects.values()), default=str)
    assert len(codes) >= 3
    assert [each for each in secrets if each in stored] == []


def test_events_of_the_admin_name_the_operator(anna: User, staff: tuple[User, Client]) -> None:
    boss, browser = staff
    users = "/admin/accounts/user/"
    for action in ("block", "unblock", "sign_out"):
        answer = browser.post(users, {"action": action, "_selected_action": [str(anna.pk)]})
        assert answer.status_code == 302
    Session.objects.create(user=anna, digest=b"x" * 32)
    devices = {"action": "end", "_selected_action": [str(Session.objects.get().pk)]}
    assert browser.post("/admin/accounts/session/", devices).status_code == 302
    new = {"password1": "a new long one 9", "password2": "a new long one 9", "usable_password": "true"}
    assert browser.post(f"{users}{anna.pk}/password/", new).status_code == 302
    assert lines() == [
        ("user_blocked", ANNA),
        ("user_unblocked", ANNA),
        ("signed_out_everywhere", ANNA),
        ("device_signed_out", ANNA),
        ("password_changed", ANNA),
        ("changed_by_operator", ANNA),
    ]
    found = SecurityEvent.objects.all()
    assert {each.details["by"] for each in found} == {str(boss.pk)}
    assert {each.address for each in found} == {"127.0.0.1"}
    assert "a new long one 9" not in str(list(found.values()))


def test_changes_of_rights_are_recorded_from_either_side(anna: User) -> None:
    editors, readers = Group.objects.create(name="editor"), Group.objects.create(name="reader")
    SecurityEvent.objects.all().delete()
    anna.groups.add(editors, readers)
    anna.groups.remove(readers)
    editors.user_set.remove(anna)
    readers.user_set.add(anna)
    anna.groups.clear()
    readers.name = "visitor"
    readers.save()
    editors.delete()
    anna.is_staff = anna.is_superuser = True
    anna.save()
    anna.is_staff = anna.is_superuser = False
    anna.save()
    anna.name = "Anna"
    anna.save()
    found = [
        (each.event, each.details.get("scopes") or each.details.get("scope"))
        for each in SecurityEvent.objects.order_by("id")
    ]
    assert found == [
        ("scopes_given", ["editor", "reader"]),
        ("scopes_taken", ["reader"]),
        ("scopes_taken", ["editor"]),
        ("scopes_given", ["reader"]),
        ("scopes_taken", ["reader"]),
        ("scope_renamed", "reader"),
        ("scope_deleted", "editor"),
        ("staff_given", None),
        ("superuser_given", None),
        ("staff_taken", None),
        ("superuser_taken", None),
    ]


def test_repeated_tries_do_not_fill_the_log(anna: User) -> None:
    for _ in range(throttling.FREE["account"] + 10):
        with pytest.raises(EmailAccountLoginException):
            call("login", email=ANNA, password="wrong")
    events = [event for event, _ in lines()]
    assert events.count("too_many_tries") == 1
    assert events.count("password_wrong") == throttling.FREE["account"] + 1


def test_staff_reads_the_log_and_nobody_changes_it(anna: User, staff: tuple[User, Client]) -> None:
    _, browser = staff
    audit.record("password_wrong", user=anna)
    line = SecurityEvent.objects.get()
    page = "/admin/accounts/securityevent/"
    assert ANNA in browser.get(page).content.decode()
    assert browser.post(f"{page}{line.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.get(f"{page}add/").status_code == 403
    assert SecurityEvent.objects.count() == 1
    for user in User.objects.filter(email=ANNA):  # the line outlives the user
        user.delete()
    line.refresh_from_db()
    assert line.user is None


def test_a_new_device_in_a_new_network_is_reported_by_mail(
    anna: User, settings: Any, mailoutbox: Any
) -> None:
    def sign_in(agent: str, address: str) -> int:
        caller = Caller(headers={"User-Agent": agent}, address=address)
        caller.call("emailIdp.login", email=ANNA, password=PASSWORD)
        return len(mailoutbox)

    assert sign_in("Pixel", "192.0.2.1") == 0
    assert sign_in("iPhone", "203.0.113.1") == 0  # off by default
    settings.ACCOUNTS_NEW_DEVICE_MAIL = True
    assert sign_in("Pixel", "198.51.100.1") == 0
    assert sign_in("Windows", "192.0.2.1") == 0
    assert sign_in("Linux", "198.51.100.7") == 1
    assert "Linux" in mailoutbox[0].body and "198.51.100.7" in mailoutbox[0].body
