"""The diary: an app of these tests, whose tables have pages in the admin made from its model files."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.test import Client

from accounts.models import User
from podium.admin import automatic
from tests.database import conftest as library  # noqa: F401  its app has a table with every type

DIARY = "tests.admin.diary"
if not apps.is_installed(DIARY):
    # Not through INSTALLED_APPS: to set that again starts every app again, and the admin starts only once.
    config = AppConfig.create(DIARY)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    apps.clear_cache()
automatic.register()


@pytest.fixture
def root(db: None, client: Client, settings: Any) -> Client:
    """A browser in which a superuser is signed in."""
    user = User.objects.create_superuser(f"root-{uuid.uuid4()}@example.com", "correct horse battery staple")
    client.force_login(user)
    return client


@pytest.fixture
def staff(db: None, client: Client) -> Any:
    """staff("diary.view_entry") is a browser of a user of the admin with these permissions."""

    def sign_in(*permissions: str) -> Client:
        from django.contrib.auth.models import Permission

        user = User.objects.create_user("staff@example.com", "correct horse battery staple", is_staff=True)
        for each in permissions:
            app, name = each.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=name))
        client.force_login(user)
        return client

    return sign_in
