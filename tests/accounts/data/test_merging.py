"""Merging accounts: moved data, kept data, and refusals that change nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import Group
from django.db import connection, models
from django.test import Client

from accounts import signals
from accounts.data import consents, merging
from accounts.models import SecurityEvent, Session, User
from accounts.profile import profile
from accounts.protocol import UserProfile, UserProfileImage
from files.models import State, StoredFile
from podium.endpoints import testing
from tests.accounts.conftest import PASSWORD, works
from tests.accounts.users import folder, photo, signed_in, stored
from tests.notes.models import Note, Notebook

__all__ = ["folder"]


@pytest.fixture
def guest(transactional_db: None) -> User:
    return User.objects.create_user(name="Guest")


def test_a_merge_moves_the_guests_data(anna: User, guest: User) -> None:
    identity, token = signed_in(guest)
    note = testing.call("notes.createNote", user=identity, note=Note(title="Milk", tags=[]))
    notebook = testing.call("notebooks.createNotebook", user=identity, name="Home")
    file = StoredFile.objects.create(
        owner=guest, name="a.txt", size=1, content_type="text/plain", key="k", state=State.READY
    )
    google = SocialAccount.objects.create(user=guest, provider="google", uid="g1")
    SocialToken.objects.create(account=google, token="", token_secret="kept")
    consents.give(guest, "terms", "1")
    guest.groups.add(Group.objects.create(name="editor"))
    anna.groups.add(Group.objects.create(name="reader"))
    SecurityEvent.objects.create(event="something", user=guest)

    kept = merging.merge(anna, guest)

    assert kept == anna
    assert not User.objects.filter(pk=guest.pk).exists()
    assert [each.id for each in testing.call("notes.listNotes", user=anna)] == [note.id]
    assert [each.id for each in testing.call("notebooks.listNotebooks", user=anna)] == [notebook.id]
    assert StoredFile.objects.get().owner == anna
    assert StoredFile.objects.get().pk == file.pk
    assert SocialToken.objects.get(account__user=anna, account__uid="g1").token_secret == "kept"
    assert consents.holds(anna, "terms", "1")
    assert kept.scope_names == {"editor", "reader"}
    assert (kept.email, kept.name) == ("anna@example.com", "Guest")
    assert not works(token)
    events = SecurityEvent.objects.filter(user=anna).values_list("event", flat=True)
    assert {"something", "consent_given", "users_merged"} <= set(events)


def test_the_one_that_stays_keeps_its_devices_and_its_own_things(anna: User) -> None:
    ben = User.objects.create_user("ben@example.com", "another password 1", name="Ben")
    _, mine = signed_in(anna)
    profile.change_user_name(anna, "Anna")
    profile.change_full_name(ben, "Ben Example")
    for user in (anna, ben):
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"of": user.email})
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"of": user.email})

    kept = merging.merge(anna, ben)

    assert works(mine)
    assert kept.check_password(PASSWORD)
    shown = testing.call("userProfileEdit.get", user=anna)
    assert (shown.user_name, shown.full_name, shown.email) == ("Anna", "Ben Example", "anna@example.com")
    assert UserProfile.objects.count() == 1
    addresses = (
        EmailAddress.objects.filter(user=anna).order_by("email").values_list("email", "primary", "verified")
    )
    assert list(addresses) == [("anna@example.com", True, True), ("ben@example.com", False, True)]
    factors = Authenticator.objects.order_by("pk").values_list("type", "data__of")
    assert sorted(factors) == [
        ("totp", "anna@example.com"), ("webauthn", "anna@example.com"), ("webauthn", "ben@example.com"),
    ]  # fmt: skip


def test_a_kept_guest_gets_the_sign_in_method(anna: User, guest: User) -> None:
    EmailAddress.objects.create(user=anna, email=anna.email, primary=True, verified=True)
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={})
    _, token = signed_in(guest, "anonymous")
    kept = merging.merge(guest, anna)
    assert works(token)
    assert kept.email == "anna@example.com"
    assert kept.check_password(PASSWORD)
    assert EmailAddress.objects.get().user == kept
    assert Authenticator.objects.get().user == kept


def test_the_picture_of_the_kept_user_is_shown(anna: User, guest: User, folder: Path) -> None:
    profile.set_picture(guest, photo())
    kept = merging.merge(anna, guest)
    moved = profile.of(kept).image_url
    assert moved is not None
    assert Client().get(str(moved).removeprefix("http://127.0.0.1:8000")).getvalue()
    third = User.objects.create_user()
    profile.set_picture(third, photo())
    assert profile.of(merging.merge(anna, third)).image_url == moved
    assert UserProfileImage.objects.count() == len(stored(folder)) == 1


@pytest.mark.parametrize("what", ["same", "blocked", "blocked keep", "staff", "superuser", "gone"])
def test_accounts_that_can_not_be_merged_stay_two(anna: User, guest: User, what: str) -> None:
    signed_in(guest)
    gone = anna if what == "same" else guest
    User.objects.filter(pk=guest.pk).update(
        is_active=what != "blocked", is_staff=what == "staff", is_superuser=what == "superuser"
    )
    User.objects.filter(pk=anna.pk).update(is_active=what != "blocked keep")
    if what == "gone":
        gone = User(pk=uuid.uuid4())
    with pytest.raises(merging.CannotMerge) as refused:
        merging.merge(anna, gone)
    assert (refused.value.status, refused.value.code) == (409, "accounts.cannot_merge")
    assert refused.value.message.endswith(".")
    assert User.objects.count() == 2
    assert Session.objects.filter(user=guest).exists()


def test_a_receiver_that_fails_undoes_all(anna: User, guest: User) -> None:
    _, token = signed_in(guest)
    Notebook.objects.create(name="Home", owner_id=guest.pk)

    def fails(**_: Any) -> None:
        raise RuntimeError("no")

    signals.users_merged.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            merging.merge(anna, guest)
    finally:
        signals.users_merged.disconnect(fails)
    assert works(token)
    assert Notebook.objects.get().owner_id == guest.pk


# Tables of other apps -------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Any]:
    """An app's tables: one row a user, and a many-to-many; dropped after the test."""
    from django.apps import apps

    class Cart(models.Model):
        owner = models.OneToOneField(User, on_delete=models.CASCADE)

        class Meta:
            app_label = "notes"

    class Club(models.Model):
        members = models.ManyToManyField(User, related_name="+")

        class Meta:
            app_label = "notes"

    with connection.schema_editor() as editor:
        editor.create_model(Cart)
        editor.create_model(Club)
    yield Cart, Club
    with connection.schema_editor() as editor:
        editor.delete_model(Club)
        editor.delete_model(Cart)
    for name in ("cart", "club", "club_members"):
        del apps.all_models["notes"][name]
    apps.clear_cache()


def test_two_rows_of_which_a_user_may_have_one_stop_the_merge(anna: User, guest: User, shop: Any) -> None:
    cart, _ = shop
    cart.objects.create(owner=guest)
    mine = cart.objects.create(owner=anna)
    with pytest.raises(merging.CannotMerge) as refused:
        merging.merge(anna, guest)
    assert refused.value.details == {"why": refused.value.message, "model": "notes.Cart", "field": "owner"}
    assert cart.objects.count() == 2
    mine.delete()
    merging.merge(anna, guest)
    assert cart.objects.get().owner == anna


def test_a_member_in_both_is_a_member_once(anna: User, guest: User, shop: Any) -> None:
    _, club = shop
    both, theirs = club.objects.create(), club.objects.create()
    both.members.add(anna, guest)
    theirs.members.add(guest)
    merging.merge(anna, guest)
    assert [list(each.members.all()) for each in (both, theirs)] == [[anna], [anna]]
