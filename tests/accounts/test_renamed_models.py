"""Renaming Token to Session and ScheduledCall to Job keeps what staff may do."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("app", "migration", "old", "new"),
    [("accounts", "0014_session", "token", "session"), ("tasks", "0003_job", "scheduledcall", "job")],
)
def test_a_group_keeps_its_permissions(app: str, migration: str, old: str, new: str) -> None:
    permission = Permission.objects.get(codename=f"delete_{new}", content_type__app_label=app)
    group = Group.objects.create(name="support")
    group.permissions.add(permission)
    module = import_module(f"{app}.migrations.{migration}")
    with connection.schema_editor() as editor:
        module._rename_permissions(new, old)(apps, editor)
    permission.refresh_from_db()
    assert permission.codename == f"delete_{old}"
    with connection.schema_editor() as editor:
        module._rename_permissions(old, new)(apps, editor)
    kept = group.permissions.get()
    assert (kept.codename, kept.name) == (f"delete_{new}", f"Can delete {new}")
