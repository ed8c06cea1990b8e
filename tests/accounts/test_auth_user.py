"""Django's user as the AuthUser of serverpod_auth_core: its table, its form on the wire, and references to it."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User, UserProfile
from podium.wire import classes as wire
from podium.wire import codecs


def test_the_user_is_auth_user_on_the_wire(anna: User) -> None:
    anna.groups.add(Group.objects.create(name="editor"))
    assert wire.by_python[User].name == "serverpod_auth_core.AuthUser"
    data = codecs.codec("module:serverpod_auth_core:AuthUser").encode(anna)
    assert data == {
        "__className__": "serverpod_auth_core.AuthUser",
        "id": str(anna.pk),
        "createdAt": data["createdAt"],
        "scopeNames": ["editor"],
        "blocked": False,
    }


def test_a_user_from_a_client_is_not_a_stored_one(db: None) -> None:
    data = {"createdAt": "2030-01-01T00:00:00.000Z", "scopeNames": ["admin"], "blocked": True}
    sent = codecs.codec("module:serverpod_auth_core:AuthUser").decode(data)
    assert (sent.scope_names, sent.blocked, sent.is_active) == ({"admin"}, True, False)
    sent.email = "eve@example.com"
    sent.save()
    assert sent.scope_names == set()


def test_tables_refer_to_it_and_go_with_it(anna: User) -> None:
    profile = UserProfile.objects.create(auth_user=anna, user_name="Anna")
    assert UserProfile.objects.get(auth_user__id=anna.pk, auth_user__created_at=anna.created_at) == profile
    assert codecs.codec("module:serverpod_auth_core:UserProfile").encode(
        UserProfile.objects.select_related("auth_user").get()
    )["authUser"]["id"] == str(anna.pk)
    anna.delete()
    assert not UserProfile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_users_of_before_keep_what_they_have() -> None:
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate([("accounts", "0001_initial")])
    try:
        apps = executor.loader.project_state([("accounts", "0001_initial")]).apps
        joined = datetime.datetime(2025, 5, 6, 7, 8, 9, 123456, tzinfo=datetime.UTC)
        old = apps.get_model("accounts", "User").objects.create(
            email="old@example.com", password="x", date_joined=joined
        )
        old.groups.add(apps.get_model("auth", "Group").objects.create(name="editor"))
        apps.get_model("accounts", "Token").objects.create(user=old, digest=b"1")
    finally:
        again = MigrationExecutor(connection)
        again.migrate(leaves)
    kept = User.objects.get(email="old@example.com")
    assert (kept.pk, kept.created_at, kept.scope_names) == (old.pk, joined, {"editor"})
    assert kept.sessions.count() == 1
