"""The pages of users in the admin: content, permissions and number of queries."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.audit import audit
from accounts.models import SecurityEvent, Session, User
from accounts.sessions import sessions
from tests.accounts.sample_users import make_users

pytestmark = pytest.mark.django_db

USERS = "/admin/accounts/user/"
EVENTS = "/admin/accounts/securityevent/"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.com", "correct horse battery 7"))
    return client


def queries(browser: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(page).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", [USERS, "/admin/accounts/session/", EVENTS, "/admin/auth/group/"])
def test_a_list_asks_the_same_number_of_queries_for_few_and_for_many(operator: Client, page: str) -> None:
    make_users(3)
    operator.get(page)
    few = queries(operator, page)
    make_users(12, start=3)
    Group.objects.bulk_create(Group(name=f"scope {number}") for number in range(10))
    assert queries(operator, page) == few


def test_a_users_page_asks_the_same_number_of_queries_for_few_and_for_many(operator: Client) -> None:
    user = make_users(2)[1]
    page = f"{USERS}{user.pk}/change/"
    operator.get(page)
    few = queries(operator, page)
    for number in range(8):
        sessions.issue(user, user_agent=f"phone {number}")
        audit.record("signed_in", user=user)
    assert queries(operator, page) == few


def test_a_users_page_shows_everything_but_secrets(operator: Client) -> None:
    user = make_users(12)[11]
    text = operator.get(f"{USERS}{user.pk}/change/").content.decode()
    for shown in (
        "bo11@example.com",
        "Bo Featherstonehaugh-Montmorency",
        "data:image/gif",
        "editor, support",
        "100000000000000000011",
        "TOTP Authenticator",
        "podium-dart/1.0 (iOS 19.1; iPhone17,2)",
        "2001:db8::11:0",
        "password_wrong",
        "2 files, 3.5",
        "ValueError: a rather long text",
        "notes.remind",
    ):
        assert shown in text, shown
    assert "kept away" not in text
    for link in (
        f"{EVENTS}?user__id__exact={user.pk}",
        f"/admin/accounts/session/?user__id__exact={user.pk}",
        f"/admin/files/storedfile/?owner__id__exact={user.pk}",
        f"/admin/monitoring/calllog/?user_id__exact={user.pk}",
        f"/admin/tasks/job/?user_id__exact={user.pk}",
    ):
        assert link in text
        page = operator.get(link)
        assert page.status_code == 200, link
        assert 0 < page.context["cl"].result_count <= 5, link


def test_names_of_clients_are_escaped(operator: Client) -> None:
    user = make_users(1)[0]
    sessions.issue(user, user_agent="<script>alert(1)</script>")
    audit.record("signed_in", user=user, reason="<script>alert(2)</script>")
    for page in (f"{USERS}{user.pk}/change/", "/admin/accounts/session/", EVENTS):
        assert "<script>alert" not in operator.get(page).content.decode()


def test_staff_see_the_panels_that_they_have_the_right_for(client: Client) -> None:
    user = make_users(12)[11]
    staff = User.objects.create_user("staff@example.com", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "view_session"]))
    client.force_login(staff)
    page = client.get(f"{USERS}{user.pk}/change/")
    titles = [panel.title for panel in page.context["panels"]]
    assert titles == ["Profile", "Identities at providers", "Second factors and passkeys", "Devices"]
    assert list(page.context["acts"]) == []
    assert 'name="_save"' not in page.content.decode()


def test_the_list_of_users_finds_by_address_name_and_key(operator: Client) -> None:
    users = make_users(12)

    def found(term: str) -> list[str]:
        page = operator.get(USERS, {"q": term})
        return [user.email for user in page.context["cl"].result_list]

    assert found("chidinma2@") == ["chidinma2@example.com"]
    assert found("ingrid ek") == ["ingrid8@example.com"]
    assert found(str(users[5].pk)) == ["fatima5@example.com"]


def test_security_events_are_only_looked_at(operator: Client) -> None:
    user = make_users(2)[1]
    event = SecurityEvent.objects.filter(user=user).first()
    assert event is not None
    page = operator.get(f"{EVENTS}{event.pk}/change/")
    assert 'name="_save"' not in page.content.decode()
    assert operator.get(f"{EVENTS}add/").status_code == 403
    assert operator.post(f"{EVENTS}{event.pk}/change/", {"event": "nothing"}).status_code == 403
    assert operator.post(f"{EVENTS}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    everything = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    operator.post(EVENTS, everything)
    assert SecurityEvent.objects.filter(pk=event.pk).exists()


def test_security_events_are_found_by_user_address_and_event(operator: Client) -> None:
    users = make_users(12)
    root = User.objects.get(email="root@example.com")
    audit.record("user_blocked", user=users[2], by=str(root.pk))

    def found(**query: Any) -> set[str]:
        return {str(event.user) for event in operator.get(EVENTS, query).context["cl"].result_list}

    assert found(q="Bo1@example.com") == {"Bo Ek"}
    assert found(q="192.0.2.5") == {"Fatima Ek"}
    assert found(q=str(users[3].pk)) == {"Dmitri Ek"}
    assert "Chidinma Ek" in found(q=str(root.pk)), "what an operator did"
    assert found(q="bo1") == set()
    assert found(event="user_blocked") == {"Chidinma Ek"}


def test_security_events_are_exported_without_formulas(operator: Client) -> None:
    SecurityEvent.objects.all().delete()
    audit.record("signed_in")
    SecurityEvent.objects.update(user_agent='=HYPERLINK("http://example.com")', address="192.0.2.1")
    chosen = list(SecurityEvent.objects.values_list("pk", flat=True))
    answer: Any = operator.post(EVENTS, {"action": "export", "_selected_action": chosen})
    head, row = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert head == ["time", "event", "user", "address", "device", "details"]
    assert row[1:5] == ["signed_in", "", "192.0.2.1", '\'=HYPERLINK("http://example.com")']


def test_scopes_count_their_members_and_are_changed_by_superusers_alone(operator: Client) -> None:
    make_users(12)
    group = Group.objects.get(name="editor")
    text = operator.get("/admin/auth/group/").content.decode()
    assert f'href="{USERS}?groups__id__exact={group.pk}">{group.user_set.count()}</a>' in text
    staff = User.objects.create_user("staff@example.com", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__model="group"))
    browser = Client()
    browser.force_login(staff)
    assert browser.get("/admin/auth/group/").status_code == 200
    answer = browser.post(f"/admin/auth/group/{group.pk}/change/", {"name": "admin"})
    assert answer.status_code == 403


def test_secrets_and_challenges_are_not_in_the_admin(operator: Client) -> None:
    for path in (
        "accounts/challenge",
        "mfa/authenticator",
        "socialaccount/socialtoken",
        "socialaccount/socialapp",
    ):
        assert operator.get(f"/admin/{path}/").status_code == 404
    token = sessions.issue(make_users(1)[0])
    page = operator.get(f"/admin/accounts/session/{token.row.pk}/change/").content.decode()
    assert "digest" not in page
    assert (
        operator.post(f"/admin/accounts/session/{token.row.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert Session.objects.filter(pk=token.row.pk).exists()
