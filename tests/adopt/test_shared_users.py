"""Both servers on one database: users are blocked, deleted and given scopes, and all are taken over at once."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.db import connection

from accounts.models import Session, User, UserProfile
from accounts.serverpod import users as serverpod_users
from accounts.sessions import identity_cache
from accounts.staff import scopes
from tests.accounts.conftest import Make, works
from tests.adopt import auth_tables
from tests.adopt.conftest import execute
from tests.adopt.steps import OLD, PASSWORD, login
from tests.adopt.their_server import TheirServer


def test_a_user_blocked_there_is_blocked_here(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    token = login(call).token
    theirs.block(ben)
    identity_cache.cache.forget(None)
    assert not works(token) and not User.objects.get(pk=ben).is_active
    theirs.block(ben, False)
    assert User.objects.get(pk=ben).is_active and works(token)
    assert not User.objects.get(pk=theirs.user(blocked=True)).is_active


def test_a_user_blocked_here_is_blocked_there(ben: uuid.UUID) -> None:
    def blocked() -> Any:
        return execute('SELECT blocked FROM "serverpod_auth_core_user" WHERE id = %s', [ben])[0]["blocked"]

    user = User.objects.get(pk=ben)
    user.is_active = False
    user.save()
    assert blocked() is True
    User.objects.filter(pk=ben).update(is_active=True)
    assert blocked() is False
    User.objects.bulk_create([User(email="x@example.com", is_active=False)])
    [row] = execute("SELECT blocked FROM serverpod_auth_core_user WHERE email = 'x@example.com'")
    assert row["blocked"] is True


def test_scopes_that_are_changed_there_apply_here(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    assert login(call).scope_names == set()
    theirs.scopes(ben, "editor", "reader")
    assert login(call).scope_names == {"editor", "reader"}
    theirs.scopes(ben, "reader")
    assert login(call).scope_names == {"reader"}
    user = User.objects.get(pk=ben)
    assert scopes.of(user) == {"reader"}
    user.groups.add(Group.objects.get(name="editor"))
    [row] = execute(
        "SELECT \"scopeNames\"::jsonb ?& array['editor', 'reader'] AS both FROM \"serverpod_auth_core_user\""
    )
    assert row["both"]
    assert login(call).scope_names == {"editor", "reader"}


def test_a_users_name_is_not_a_scope(theirs: TheirServer) -> None:
    """The name is the user's own choice, "admin" as well."""
    ben = theirs.user("editor", "reader")
    execute('UPDATE "serverpod_auth_core_profile" SET "userName" = \'admin\' WHERE "authUserId" = %s', [ben])
    serverpod_users.everyone()
    user = User.objects.get(pk=ben)
    assert user.name == "admin"
    assert set(user.groups.values_list("name", flat=True)) == {"editor", "reader"}


def test_a_former_superuser_keeps_no_scope(theirs: TheirServer) -> None:
    boss = User.objects.create_superuser("boss@example.com", PASSWORD)
    assert scopes.current(boss) == {"admin"}
    boss.is_superuser = False
    boss.save()
    assert scopes.current(User.objects.get(pk=boss.pk)) == set()


def test_a_user_deleted_there_leaves_nothing_here(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    login(call)
    user = User.objects.get(pk=ben)
    user.groups.add(Group.objects.create(name="editor"))
    SocialAccount.objects.create(user=user, provider="github", uid="1")
    theirs.delete(ben)
    assert not User.objects.filter(pk=ben).exists() and not Session.objects.exists()
    assert not EmailAddress.objects.exists() and not SocialAccount.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_user_deleted_here_is_deleted_there(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    key = theirs.session(ben)
    User.objects.get(pk=ben).delete()
    assert theirs.knows_session(key) is None and theirs.signs_in("ben@example.com", PASSWORD) is None


def test_pictures_that_serverpod_keeps_are_shown_at_their_address(
    theirs: TheirServer, client: Any, settings: Any
) -> None:
    execute(auth_tables.FILES)
    try:
        files = {
            "a.png": ("public", True),
            "a.html": ("public", True),
            "b.png": ("private", True),
            "c.png": ("public", False),
        }
        for path, (storage, verified) in files.items():
            execute(
                'INSERT INTO serverpod_cloud_storage ("storageId", path, "addedTime", "byteData", verified)'
                " VALUES (%s, %s, now(), %s, %s)",
                [storage, path, b"bytes", verified],
            )
        address = "/serverpod_cloud_storage?method=file&path="
        shown, page = client.get(address + "a.png"), client.get(address + "a.html")
        assert (shown.content, shown["Content-Type"]) == (b"bytes", "image/png")
        assert (page["Content-Type"], page["Content-Disposition"]) == (
            "application/octet-stream",
            "attachment",
        )
        assert [client.get(address + path).status_code for path in ("b.png", "c.png", "d.png")] == [
            404,
            404,
            404,
        ]
        assert client.get("/serverpod_cloud_storage?path=a.png").status_code == 400
        assert client.post(address + "a.png").status_code == 405
        settings.ACCOUNTS_SERVERPOD_TABLES = False
        assert client.get(address + "a.png").status_code == 404
    finally:
        execute("DROP TABLE serverpod_cloud_storage")


def test_a_profile_is_the_same_row(call: Make, ben: uuid.UUID) -> None:
    token = login(call).token
    profile = call("serverpod_auth_core.userProfileInfo.get", token=token)
    assert (profile.user_name, profile.auth_user_id) == ("From Serverpod", ben)
    assert UserProfile.objects.count() == 1


def test_all_users_are_taken_over_at_once_and_again(ben: uuid.UUID, theirs: TheirServer) -> None:
    many = [theirs.user("reader") for _ in range(3)]
    theirs.insert(
        "idp_google_account", authUserId=many[0], created=OLD, email="a@gmail.com", userIdentifier="g"
    )
    theirs.insert(
        "idp_apple_account",
        **{"authUserId": many[1], "createdAt": OLD, "userIdentifier": "a", "refreshToken": "secret"},
        refreshTokenRequestedWithBundleIdentifier=True,
        email="b@icloud.com",
        isEmailVerified=False,
    )
    theirs.email(many[2], "not an address", PASSWORD)
    report = serverpod_users.everyone()
    assert {kind: count for kind, count in report.counts.items() if count} == {
        "addresses": 2,
        "passwords": 2,
        "google accounts": 1,
        "apple accounts": 1,
        "names": 4,
        "scopes": 3,
    }
    assert len(report.notes) == 1 and "is not a valid e-mail address" in report.notes[0]
    assert User.objects.get(pk=many[1]).email is None
    assert not any(serverpod_users.everyone().counts.values())
