"""The admin of users: limits of staff without all rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Session, User
from accounts.sessions import sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("root@example.com", "correct horse battery staple")


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser of staff who may view and change users, and view tokens."""
    user = User.objects.create_user("staff@example.com", "correct horse battery staple", is_staff=True)
    rights = ["view_user", "change_user", "view_session"]
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
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
    token = sessions.issue(User.objects.create_user("other@example.com")).row
    form = {"action": "end", "_selected_action": [str(token.pk)]}
    staff.post("/admin/accounts/session/", form)
    assert Session.objects.filter(pk=token.pk).exists()
    User.objects.get(email="staff@example.com").user_permissions.add(
        Permission.objects.get(codename="delete_session", content_type__app_label="accounts")
    )
    staff.post("/admin/accounts/session/", form)
    assert not Session.objects.filter(pk=token.pk).exists()


def test_staff_can_not_end_devices_of_a_superuser(staff: Client, superuser: User) -> None:
    token = sessions.issue(superuser).row
    User.objects.get(email="staff@example.com").user_permissions.add(
        Permission.objects.get(codename="delete_session", content_type__app_label="accounts")
    )
    staff.post("/admin/accounts/session/", {"action": "end", "_selected_action": [str(token.pk)]})
    assert Session.objects.filter(pk=token.pk).exists()
