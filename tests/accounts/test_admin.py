"""The admin of people: what staff without all rights can't reach."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts import tokens
from accounts.models import Token, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("root@example.com", "correct horse battery staple")


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser of someone who may see and change people, and see tokens."""
    person = User.objects.create_user("staff@example.com", "correct horse battery staple", is_staff=True)
    rights = ["view_user", "change_user", "view_token"]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)
    return client


def test_staff_can_not_change_a_superuser(staff: Client, superuser: User) -> None:
    before = superuser.password
    passwords = {"password1": "another horse entirely", "password2": "another horse entirely"}
    answer = staff.post(f"/admin/accounts/user/{superuser.pk}/password/", passwords)
    assert answer.status_code == 403
    superuser.refresh_from_db()
    assert superuser.password == before


def test_staff_can_not_give_rights(staff: Client, client: Any) -> None:
    other = User.objects.create_user("other@example.com", "correct horse battery staple")
    page = staff.get(f"/admin/accounts/user/{other.pk}/change/").content.decode()
    assert 'name="name"' in page
    for field in ("is_superuser", "is_staff", "groups", "user_permissions"):
        assert f'name="{field}"' not in page


def test_staff_can_not_block_a_superuser(staff: Client, superuser: User) -> None:
    staff.post("/admin/accounts/user/", {"action": "block", "_selected_action": [str(superuser.pk)]})
    superuser.refresh_from_db()
    assert superuser.is_active


def test_to_end_devices_takes_the_right_to_delete_them(staff: Client) -> None:
    token = tokens.issue(User.objects.create_user("other@example.com")).row
    form = {"action": "end", "_selected_action": [str(token.pk)]}
    staff.post("/admin/accounts/token/", form)
    assert Token.objects.filter(pk=token.pk).exists()
    User.objects.get(email="staff@example.com").user_permissions.add(
        Permission.objects.get(codename="delete_token")
    )
    staff.post("/admin/accounts/token/", form)
    assert not Token.objects.filter(pk=token.pk).exists()


def test_staff_can_not_end_devices_of_a_superuser(staff: Client, superuser: User) -> None:
    token = tokens.issue(superuser).row
    User.objects.get(email="staff@example.com").user_permissions.add(
        Permission.objects.get(codename="delete_token")
    )
    staff.post("/admin/accounts/token/", {"action": "end", "_selected_action": [str(token.pk)]})
    assert Token.objects.filter(pk=token.pk).exists()
