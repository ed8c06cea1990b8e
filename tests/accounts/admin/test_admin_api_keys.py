"""API keys in the admin: who may do what, and what is shown."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.keys import keys
from accounts.models import ApiKey, SecurityEvent, User
from tests.accounts.conftest import works

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = "/admin/accounts/apikey/"
NEW = {"owner": "anna@example.com", "name": "shop", "days": "30"}


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.com"))
    return client


@pytest.fixture
def staff() -> Any:
    """staff("view_apikey") is a browser of staff with these rights."""

    def make(*rights: str) -> Client:
        user = User.objects.create_user("staff@example.com", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        browser = Client()
        browser.force_login(user)
        return browser

    return make


def key_in(page: Any) -> str:
    [key] = re.findall(r"podium_key_[0-9a-f_]+", page.content.decode())
    return str(key)


def test_a_key_is_shown_once_then_rotated_and_revoked(root: Client, anna: User) -> None:
    anna.groups.add(Group.objects.create(name="reader"))
    assert "does not have admin" in root.post(f"{KEYS}add/", {**NEW, "scopes": ["admin"]}).content.decode()
    made = root.post(f"{KEYS}add/", {**NEW, "scopes": ["reader"]})
    assert "no-store" in made.headers["Cache-Control"]
    first, row = key_in(made), ApiKey.objects.get()
    assert (
        works(first)
        and row.scopes == {"reader"}
        and row.created_by == User.objects.get(email="root@example.com")
    )
    page = root.get(f"{KEYS}{row.pk}/change/")
    assert [act.name for act in page.context["acts"]] == ["rotate", "revoke"]
    for shown in (page, root.get(KEYS), root.get(f"/admin/accounts/user/{anna.pk}/change/")):
        assert "shop" in shown.content.decode() and "podium_key_" not in shown.content.decode()
    second = key_in(root.post(f"{KEYS}{row.pk}/act/rotate/", {"hours": "0"}))
    assert works(second) and not works(first)
    assert root.get(f"{KEYS}{row.pk}/act/revoke/").status_code == 200 and works(second)
    assert root.post(f"{KEYS}{row.pk}/act/revoke/").status_code == 302
    assert not works(second)
    assert "has ended" in root.post(f"{KEYS}{row.pk}/act/rotate/", {"hours": "0"}).content.decode()
    by = {str(each.details["by"]) for each in SecurityEvent.objects.filter(event__startswith="api_key")}
    assert by == {str(row.created_by_id)}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"owner": "ben@example.com"}, "No user has this address or key."),
        ({"days": "-1"}, "not a valid number of days"),
        ({"scopes": ["nothing"]}, "Select a valid choice"),
    ],
)
def test_wrong_input_is_told(root: Client, anna: User, given: dict[str, Any], told: str) -> None:
    assert told in root.post(f"{KEYS}add/", {**NEW, **given}).content.decode()
    assert not ApiKey.objects.exists()


def test_each_act_needs_its_permission(staff: Any, anna: User) -> None:
    issued = keys.create(anna, name="shop")
    browser = staff("view_apikey")
    assert browser.get(KEYS).status_code == browser.get(f"{KEYS}{issued.row.pk}/change/").status_code == 200
    assert browser.post(f"{KEYS}add/", NEW).status_code == 403
    for name in ("rotate", "revoke"):
        assert browser.post(f"{KEYS}{issued.row.pk}/act/{name}/", {"hours": "0"}).status_code == 403
    listed = {"action": "revoke", "_selected_action": str(issued.row.pk)}
    browser.post(KEYS, listed)
    assert works(issued.key)
    rights = Permission.objects.filter(codename__in=["add_apikey", "delete_apikey"])
    User.objects.get(email="staff@example.com").user_permissions.add(*rights)
    assert works(key_in(browser.post(f"{KEYS}add/", NEW)))
    browser.post(KEYS, listed)
    assert not works(issued.key)
    assert browser.get(f"{KEYS}{issued.row.pk}/delete/").status_code == 403


def test_only_superusers_manage_the_keys_of_staff(staff: Any, root: Client) -> None:
    """Otherwise staff could act as somebody with more rights."""
    owner = User.objects.get(email="root@example.com")
    issued = keys.create(owner, name="shop")
    browser = staff("view_apikey", "add_apikey", "change_apikey", "delete_apikey")
    for email in ("root@example.com", "staff@example.com"):
        assert browser.post(f"{KEYS}add/", {**NEW, "owner": email}).status_code == 403
    for name in ("rotate", "revoke"):
        assert browser.post(f"{KEYS}{issued.row.pk}/act/{name}/", {"hours": "0"}).status_code == 403
    browser.post(KEYS, {"action": "revoke", "_selected_action": str(issued.row.pk)})
    assert works(issued.key) and ApiKey.objects.count() == 1
    assert root.post(f"{KEYS}add/", {**NEW, "owner": "root@example.com"}).status_code == 200
    assert ApiKey.objects.count() == 2


def test_users_without_rights_do_not_see_keys(staff: Any, anna: User) -> None:
    assert staff("view_user").get(KEYS).status_code == 403
    assert Client().get(KEYS).status_code == 302
