"""Scopes are groups, and every change updates their copy in the users' table."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from accounts.models import User
from accounts.staff import scopes

pytestmark = pytest.mark.django_db


def stored(user: User) -> tuple[list[str], bool]:
    """The values in Serverpod's columns."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "scopeNames", blocked FROM serverpod_auth_core_user WHERE id = %s', [user.pk])
        names, blocked = cursor.fetchone()
    return sorted(names), blocked


def test_the_copy_follows_the_groups() -> None:
    anna, ben = User.objects.create_user("anna@example.com"), User.objects.create_user("ben@example.com")
    reader, writer = Group.objects.create(name="reader"), Group.objects.create(name="writer")
    assert stored(anna) == ([], False)
    anna.groups.add(reader, writer)
    assert stored(anna) == (["reader", "writer"], False)
    assert anna.scope_names == scopes.of(anna) == {"reader", "writer"}
    ben.groups.set([writer])
    anna.groups.remove(reader)
    assert (stored(anna)[0], stored(ben)[0]) == (["writer"], ["writer"])
    reader.user_set.add(anna, ben)
    assert (stored(anna)[0], stored(ben)[0]) == (["reader", "writer"], ["reader", "writer"])
    reader.user_set.remove(ben)
    writer.name = "author"
    writer.save()
    assert (stored(anna)[0], stored(ben)[0]) == (["author", "reader"], ["author"])
    writer.user_set.clear()
    assert (stored(anna)[0], stored(ben)[0]) == (["reader"], [])
    reader.delete()
    assert stored(anna)[0] == []
    anna.groups.clear()


def test_superusers_and_the_blocked_are_told_apart() -> None:
    anna = User.objects.create_user("anna@example.com")
    anna.is_superuser, anna.is_active = True, False
    anna.scope_names = {"made up"}
    anna.save()
    assert stored(anna) == (["admin"], True)
    assert (anna.scope_names, anna.blocked) == ({"admin"}, True)
    anna.is_superuser, anna.blocked = False, False
    anna.save()
    assert stored(anna) == ([], False)
