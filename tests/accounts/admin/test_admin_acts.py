"""Actions of operators in the admin: the page, effect, permission and log entry of each."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import SecurityEvent, Session, User
from accounts.sessions import identity_cache, sessions
from monitoring import recorder
from monitoring.models import LogEntry
from podium.core import clock, observe
from tests.accounts.conftest import PASSWORD, Make, works

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.com", PASSWORD)


@pytest.fixture
def operator(client: Client, root: User) -> Client:
    client.force_login(root)
    return client


@pytest.fixture
def staff() -> Any:
    """staff("change_user") is a browser of staff with these rights."""

    def make(*rights: str) -> Client:
        user = User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", *rights]))
        browser = Client()
        browser.force_login(user)
        return browser

    return make


def address(user: User, act: str) -> str:
    return f"/admin/accounts/user/{user.pk}/act/{act}/"


def noted(event: str, user: User | None) -> dict[str, Any]:
    return dict(SecurityEvent.objects.get(event=event, user=user).details)


def test_a_blocked_user_is_out_at_once(operator: Client, anna: User, root: User) -> None:
    token = sessions.issue(anna).token
    browser = Client()
    browser.force_login(anna)
    assert works(token)
    assert operator.post(address(anna, "block"), {"reason": "spam"}).status_code == 302
    assert not works(token)
    anna.refresh_from_db()
    assert not anna.is_active
    assert "_auth_user_id" not in browser.session
    assert browser.get("/account/email/").status_code == 302
    assert noted("user_blocked", anna) == {"by": str(root.pk), "reason": "spam"}
    operator.post(address(anna, "unblock"), {"reason": "was none"})
    anna.refresh_from_db()
    assert anna.is_active
    assert noted("user_unblocked", anna) == {"by": str(root.pk), "reason": "was none"}


def test_blocking_needs_a_reason_and_a_post(operator: Client, anna: User) -> None:
    assert "reason" in operator.get(address(anna, "block")).content.decode()
    assert "This field is required" in operator.post(address(anna, "block"), {}).content.decode()
    anna.refresh_from_db()
    assert anna.is_active
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(User.objects.get(email="root@example.com"))
    assert careful.post(address(anna, "block"), {"reason": "from another page"}).status_code == 403


def test_nobody_blocks_or_deletes_themselves(operator: Client, root: User) -> None:
    for act in ("block", "delete"):
        assert "ask another operator" in operator.post(address(root, act), {"reason": "x"}).content.decode()
    operator.post("/admin/accounts/user/", {"action": "block", "_selected_action": [str(root.pk)]})
    root.refresh_from_db()
    assert root.is_active


def test_sign_out_everywhere_ends_all_and_one_device_one(operator: Client, anna: User) -> None:
    first, second, third = (sessions.issue(anna, user_agent=f"phone {n}") for n in range(3))
    assert "phone 1" in operator.get(address(anna, "end-device")).content.decode()
    operator.post(address(anna, "end-device"), {"device": str(second.row.pk)})
    assert [works(each.token) for each in (first, second, third)] == [True, False, True]
    assert noted("device_signed_out", anna)["device"] == "phone 1"
    operator.post(address(anna, "sign-out"), {})
    assert [works(each.token) for each in (first, third)] == [False, False]
    assert noted("signed_out_everywhere", anna)["by"]


def test_a_device_of_somebody_else_is_not_ended(operator: Client, anna: User, root: User) -> None:
    other = sessions.issue(root)
    answer = operator.post(address(anna, "end-device"), {"device": str(other.row.pk)})
    assert answer.status_code == 200
    assert works(other.token)


def test_a_password_reset_is_mailed_and_works(operator: Client, anna: User, mailoutbox: Any) -> None:
    operator.post(address(anna, "password-reset"), {})
    (mail,) = mailoutbox
    assert mail.to == ["anna@example.com"]
    link = next(word for word in mail.body.split() if "/account/password/reset/key/" in word)
    page = Client().get(link.replace("http://testserver", ""), follow=True)
    assert 'name="password1"' in page.content.decode()
    assert noted("password_reset_mailed", anna)["by"]


def test_a_user_without_an_address_gets_no_mail(operator: Client) -> None:
    nameless = User.objects.create_user(None)
    answer = operator.post(address(nameless, "password-reset"), {})
    assert "has no e-mail address" in answer.content.decode()


def test_an_address_is_confirmed(operator: Client, anna: User) -> None:
    operator.post(address(anna, "confirm"), {"address": "anna@example.com", "reason": "showed her passport"})
    row = EmailAddress.objects.get(user=anna)
    assert (row.email, row.verified, row.primary) == ("anna@example.com", True, True)
    assert noted("address_confirmed", anna)["account"] == "anna@example.com"
    assert operator.post(address(anna, "confirm"), {"address": "other@example.com"}).status_code == 200
    assert EmailAddress.objects.filter(user=anna).count() == 1


def test_an_address_that_somebody_else_confirmed_stays_theirs(operator: Client, anna: User) -> None:
    owner = User.objects.create_user("owner@example.com")
    EmailAddress.objects.create(user=owner, email="both@example.com", verified=True)
    EmailAddress.objects.create(user=anna, email="both@example.com")
    answer = operator.post(address(anna, "confirm"), {"address": "both@example.com"})
    assert "Another user has confirmed this address" in answer.content.decode()
    assert not EmailAddress.objects.get(user=anna).verified


def test_second_factors_are_reset_and_the_user_is_notified(
    operator: Client, anna: User, mailoutbox: Any
) -> None:
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "hidden away"})
    assert "hidden away" not in operator.get(f"/admin/accounts/user/{anna.pk}/change/").content.decode()
    operator.post(address(anna, "reset-second-factors"), {"reason": "lost her phone"})
    assert not Authenticator.objects.exists()
    assert noted("second_factors_reset", anna)["types"] == ["totp"]
    assert "were removed" in mailoutbox[0].body


def test_an_operator_acts_as_a_user_for_minutes(
    operator: Client, anna: User, root: User, call: Make, settings: Any
) -> None:
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"  # which have a refresh token; an operator gets none
    settings.ACCOUNTS_SESSIONS_PER_USER = 1
    own = sessions.issue(anna)
    answer = operator.post(address(anna, "impersonate"), {"reason": "sees no notes"})
    row = Session.objects.get(method=sessions.IMPERSONATION)
    token = answer.context["issued"].token
    assert token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert row.expires_at is not None
    assert timedelta(minutes=14) < row.expires_at - clock.now() <= timedelta(minutes=15)
    assert works(token) and works(own.token)
    devices = call("accounts.list_devices", token=own.token)
    assert (sessions.IMPERSONATION, f"operator {root.pk}") in [(each.method, each.name) for each in devices]
    details = noted("impersonated", anna)
    assert details == {"by": str(root.pk), "reason": "sees no notes", "device_id": str(row.pk)}
    assert token not in str(details)
    Session.objects.filter(pk=row.pk).update(expires_at=clock.now())
    identity_cache.cache.forget(None)
    assert not works(token)


def test_superusers_staff_and_blocked_users_are_not_acted_as(staff: Any, anna: User, root: User) -> None:
    browser = staff("impersonate_user")
    colleague = User.objects.create_user("colleague@example.com", is_staff=True)
    blocked = User.objects.create_user("blocked@example.com", is_active=False)
    for user, status in [(root, 403), (colleague, 403), (blocked, 200)]:
        assert browser.post(address(user, "impersonate"), {"reason": "x"}).status_code == status
    assert not Session.objects.exists()
    assert browser.post(address(anna, "impersonate"), {"reason": "x"}).status_code == 200
    assert Session.objects.filter(user=anna, method=sessions.IMPERSONATION).count() == 1
    other = User.objects.create_superuser("other@example.com")
    superuser = Client()
    superuser.force_login(root)
    assert "Nobody can act" in superuser.post(address(other, "impersonate"), {"reason": "x"}).content.decode()


def test_the_log_of_calls_says_that_it_was_an_operator(
    anna: User, root: User, call: Make, settings: Any
) -> None:
    settings.MONITORING_ENABLED = True
    identities = [
        sessions.look_up(made.token)
        for made in (sessions.impersonate(anna, operator=root), sessions.issue(anna))
    ]
    for identity in identities:
        assert identity is not None
        with observe.span("call", "notes.listNotes") as span:
            identity.note_in(span)
    recorder.recorder.flush()
    settings.MONITORING_ENABLED = False
    lines = LogEntry.objects.filter(call__user_id=str(anna.pk))
    assert [line.message for line in lines] == [f"The operator {root.pk} called as this user."]


def test_a_user_is_deleted(operator: Client, anna: User, root: User) -> None:
    token = sessions.issue(anna).token
    assert works(token)
    key = str(anna.pk)
    shown = operator.get(f"/admin/accounts/user/{key}/delete/", follow=True)
    assert "deleted with all their data" in shown.content.decode()
    assert User.objects.filter(pk=key).exists()
    operator.post(address(anna, "delete"), {"reason": "asked for it"})
    assert not User.objects.filter(pk=key).exists()
    assert not works(token)
    assert noted("deleted", None) == {"by": str(root.pk), "gone": key, "reason": "asked for it"}


@pytest.mark.parametrize(
    "act",
    [
        "block",
        "unblock",
        "sign-out",
        "end-device",
        "password-reset",
        "confirm",
        "reset-second-factors",
        "delete",
    ],
)
def test_each_act_takes_its_right_and_reaches_no_superuser(
    staff: Any, anna: User, root: User, act: str
) -> None:
    given = {"reason": "x", "address": "anna@example.com", "device": str(sessions.issue(anna).row.pk)}
    User.objects.filter(pk=anna.pk).update(is_active=act != "unblock")
    browser = staff()
    assert browser.get(address(anna, act)).status_code == 403
    assert browser.post(address(anna, act), given).status_code == 403
    user = User.objects.get(email="staff@example.com")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["change_user", "delete_user"]))
    assert browser.post(address(root, act), given).status_code == 403
    assert browser.post(address(user, act), given).status_code == 403
    assert not SecurityEvent.objects.filter(details__reason="x").exists()
    assert browser.post(address(anna, act), given).status_code == 302
    assert SecurityEvent.objects.filter(details__reason="x").exists()


def test_unknown_users_and_actions_are_not_found(operator: Client, anna: User) -> None:
    assert operator.get(address(anna, "promote")).status_code == 404
    assert operator.post(address(User(), "block"), {"reason": "x"}).status_code == 404


def test_a_change_of_fields_is_in_the_log_too(operator: Client, anna: User, root: User) -> None:
    form = {
        "email": "anna@example.com",
        "name": "Anna",
        "emailaddress_set-TOTAL_FORMS": "0",
        "emailaddress_set-INITIAL_FORMS": "0",
    }
    answer = operator.post(f"/admin/accounts/user/{anna.pk}/change/", form)
    assert answer.status_code == 302
    assert noted("changed_by_operator", anna) == {"by": str(root.pk), "fields": ["Name"]}


def test_two_accounts_are_merged_after_both_were_shown(operator: Client, anna: User) -> None:
    gone = User.objects.create_user("anna@work.example.com", name="Anna at work")
    form = {"other": "Anna@work.example.com", "reason": "the same user"}
    shown = operator.post(address(anna, "merge"), form)
    assert "Anna at work" in shown.content.decode()
    assert f'value="{gone.pk}"' in shown.content.decode()
    assert User.objects.filter(pk=gone.pk).exists()
    assert operator.post(address(anna, "merge"), {**form, "seen": str(gone.pk)}).status_code == 302
    assert not User.objects.filter(pk=gone.pk).exists()
    assert noted("merged_by_operator", anna)["gone"] == str(gone.pk)


def test_staff_merge_no_superuser_away(staff: Any, anna: User, root: User) -> None:
    browser = staff("delete_user")
    form = {"other": "root@example.com", "reason": "x", "seen": str(root.pk)}
    assert "only superusers can merge" in browser.post(address(anna, "merge"), form).content.decode()
    assert User.objects.filter(pk=root.pk).exists()


def test_operators_with_the_right_download_all_data(staff: Any, anna: User) -> None:
    browser = staff("change_user")
    assert browser.post(address(anna, "export"), {"reason": "x"}).status_code == 403
    User.objects.get(email="staff@example.com").user_permissions.add(
        Permission.objects.get(codename="export_user")
    )
    answer: Any = browser.post(address(anna, "export"), {"reason": "asked by letter"})
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert "account.json" in names
    assert noted("exported_by_operator", anna)["reason"] == "asked by letter"
