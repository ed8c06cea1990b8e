"""Fixtures for tests of the admin: browsers in which users of the admin are signed in."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User

PASSWORD = "correct horse battery staple"


@pytest.fixture
def root(db: None, client: Client, settings: Any) -> Client:
    """A browser in which a superuser is signed in."""
    client.force_login(User.objects.create_superuser(f"root-{uuid.uuid4()}@example.com", PASSWORD))
    return client


@pytest.fixture
def staff(db: None, client: Client) -> Any:
    """staff("diary.view_entry") is a browser of a user of the admin with these permissions."""

    def sign_in(*permissions: str) -> Client:
        user = User.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
        for each in permissions:
            app, name = each.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=name))
        client.force_login(user)
        return client

    return sign_in
