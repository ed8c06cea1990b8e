"""Deleting an account, in the app and on the page: required proofs, deleted data and kept data."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from accounts import signals
from accounts.data import deletion
from accounts.models import Consent, SecurityEvent, Session, User
from accounts.profile import profile
from accounts.protocol import ReauthenticationException
from accounts.providers.apple import revocation as apple
from files.models import StoredFile
from podium.core import clock
from podium.endpoints import testing
from podium.endpoints.calls import Identity
from podium.endpoints.errors import NotSignedIn
from tasks import queue
from tasks.models import Job, State
from tests.accounts.conftest import PASSWORD, works
from tests.accounts.users import failures, folder, photo, signed_in, stored, work
from tests.notes.models import Note, Notebook

__all__ = ["folder"]


def delete(user: Any, **arguments: Any) -> Any:
    return testing.call("accountData.deleteAccount", user=user, **arguments)


def reason(refused: pytest.ExceptionInfo[ReauthenticationException]) -> str:
    assert refused.value.message
    return refused.value.reason.value


# In the app ---------------------------------------------------------------------------------------------------------


def test_all_that_is_theirs_goes_and_nothing_of_others(anna: User, folder: Path, mailoutbox: Any) -> None:
    ben = User.objects.create_user("ben@example.com")
    for user in (anna, ben):
        me, _ = signed_in(user)
        testing.call("notes.createNote", user=me, note=Note(title="Milk", tags=[]))
        testing.call("notebooks.createNotebook", user=me, name="Home")
        testing.call("accountData.giveConsent", user=me, document="terms", version="1")
        profile.set_picture(user, photo())
        ticket = testing.call("files.startUpload", user=me, name="a.txt", size=3, content_type="text/plain")
        description = json.loads(ticket.description)
        path = description["url"].removeprefix("http://127.0.0.1:8000")
        assert Client().put(path, b"abc", content_type="text/plain").status_code == 200
        testing.call("files.finishUpload", user=me, upload_id=ticket.id)
    assert len(stored(folder)) == 4
    me, token = signed_in(anna)

    answer = delete(me)

    assert abs(answer.deletes_at - clock.now()) < timedelta(seconds=10)
    assert not works(token)
    assert not Session.objects.filter(user=anna).exists()
    work()
    assert not failures()
    assert list(User.objects.all()) == [ben]
    owners = [
        *Note.objects.values_list("owner_id", flat=True),
        *Notebook.objects.values_list("owner_id", flat=True),
        *StoredFile.objects.values_list("owner_id", flat=True),
        *Consent.objects.values_list("user_id", flat=True),
    ]
    assert owners == [ben.pk] * 4
    assert len(stored(folder)) == 2
    assert mailoutbox[-1].to == ["anna@example.com"]
    assert "deleted" in mailoutbox[-1].subject


def test_nobody_signs_in_between_now_and_then(anna: User) -> None:
    delete(signed_in(anna)[0])
    assert not Client().login(email=anna.email, password=PASSWORD)
    anna.refresh_from_db()
    assert anna.blocked


def test_security_events_tell_of_nobody_any_more(anna: User) -> None:
    ben = User.objects.create_user("ben@example.com")
    EmailAddress.objects.create(user=anna, email="second@example.com")
    SecurityEvent.objects.create(event="signed_in", user=anna, address="192.0.2.7", user_agent="Phone")
    SecurityEvent.objects.create(
        event="too_many_passwords", details={"account": "second@example.com"}, address="192.0.2.7"
    )
    SecurityEvent.objects.create(event="signed_in", user=ben, address="192.0.2.8", user_agent="Tablet")
    delete(signed_in(anna)[0])
    work()
    events = list(SecurityEvent.objects.order_by("pk").values_list("event", "user", "address", "user_agent"))
    assert events == [
        ("signed_in", None, "", ""),
        ("too_many_passwords", None, "", ""),
        ("signed_in", ben.pk, "192.0.2.8", "Tablet"),
        ("deletion_requested", None, "", ""),
        ("user_deleted", None, "", ""),
    ]
    rest = json.dumps(list(SecurityEvent.objects.values_list("details", flat=True)))
    assert "example.com" not in rest and str(anna.pk) not in rest


def test_an_old_sign_in_needs_the_password(anna: User, later: Any) -> None:
    me, token = signed_in(anna)
    later(minutes=11)
    with pytest.raises(ReauthenticationException) as refused:
        delete(me)
    assert reason(refused) == "required"
    assert refused.value.methods == ["signIn", "password"]
    with pytest.raises(ReauthenticationException) as refused:
        delete(me, password="wrong")
    assert reason(refused) == "invalidCredentials"
    assert not Job.objects.exists()
    assert works(token)
    delete(me, password=PASSWORD)
    assert not works(token)


def test_passwords_are_not_guessed_here(anna: User, later: Any) -> None:
    me, _ = signed_in(anna)
    later(minutes=11)
    reasons = []
    for _ in range(8):
        with pytest.raises(ReauthenticationException) as refused:
            delete(me, password="wrong")
        reasons.append(reason(refused))
    assert reasons[0] == "invalidCredentials"
    assert reasons[-1] == "tooManyAttempts"
    with pytest.raises(ReauthenticationException):
        delete(me, password=PASSWORD)
    assert SecurityEvent.objects.filter(event="reauthentication_failed", user=anna).count() >= 5


def test_with_a_second_factor_the_password_needs_its_code(anna: User, later: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    me, _ = signed_in(anna)
    later(minutes=11)
    for arguments, expected in (
        ({}, "required"),
        ({"password": PASSWORD}, "secondFactorRequired"),
        ({"password": PASSWORD, "second_factor_code": "000000"}, "invalidCredentials"),
        ({"password": "wrong", "second_factor_code": "000000"}, "invalidCredentials"),
    ):
        with pytest.raises(ReauthenticationException) as refused:
            delete(me, **arguments)
        assert reason(refused) == expected
        assert refused.value.methods == ["signIn", "password", "secondFactor"]
    code = format_hotp_value(hotp_value(secret, _counter()))
    delete(me, password=PASSWORD, second_factor_code=code)
    assert not Session.objects.exists()


def _counter() -> int:
    return int(time.time()) // 30


def test_a_guest_deletes_at_any_time_and_a_providers_user_signs_in_again(later: Any, db: None) -> None:
    guest, googler = User.objects.create_user(), User.objects.create_user()
    SocialAccount.objects.create(user=googler, provider="google", uid="g1")
    ids = [signed_in(each)[0] for each in (guest, googler)]
    later(minutes=11)
    delete(ids[0])
    with pytest.raises(ReauthenticationException) as refused:
        delete(ids[1])
    assert refused.value.methods == ["signIn"]
    delete(signed_in(googler)[0])
    work()
    assert not User.objects.exists()


def test_nobody_deletes_nobody(anna: User) -> None:
    with pytest.raises(NotSignedIn):
        delete(None)
    with pytest.raises(NotSignedIn):
        delete(Identity("0198c0de-0000-7000-8000-000000000000"))


# A delay ------------------------------------------------------------------------------------------------------------


def test_a_new_sign_in_keeps_the_account(anna: User, settings: Any, later: Any, mailoutbox: Any) -> None:
    settings.ACCOUNTS_DELETION_DAYS = 14
    me, token = signed_in(anna)
    due = delete(me).deletes_at
    assert due - clock.now() > timedelta(days=13)
    assert not works(token)
    assert "will be" in mailoutbox[-1].subject
    assert deletion.due_at(anna) == due
    assert deletion.request(anna) == due  # a second request changes nothing
    assert Job.objects.filter(state=State.PENDING).count() == 1
    later(days=3)
    User.objects.filter(pk=anna.pk).update(last_login=clock.now())  # as sign_in.finish does
    anna.refresh_from_db()
    assert deletion.due_at(anna) is None
    later(days=12)
    work()
    assert not failures()
    anna.refresh_from_db()
    assert anna.is_active
    assert SecurityEvent.objects.filter(event="deletion_cancelled", user=anna).exists()


def test_an_account_without_a_new_sign_in_is_deleted(anna: User, settings: Any, later: Any) -> None:
    settings.ACCOUNTS_DELETION_DAYS = 14
    delete(signed_in(anna)[0])
    [call] = Job.objects.all()
    queue.run(str(call.pk))  # the message came too early
    assert User.objects.filter(pk=anna.pk).exists()
    later(days=15)
    work()
    assert not User.objects.filter(pk=anna.pk).exists()


def test_staff_can_call_it_off(anna: User, settings: Any, later: Any) -> None:
    settings.ACCOUNTS_DELETION_DAYS = 14
    assert not deletion.cancel(anna)
    delete(signed_in(anna)[0])
    assert deletion.cancel(anna)
    assert deletion.due_at(anna) is None
    later(days=15)
    work()
    assert User.objects.filter(pk=anna.pk).exists()


# Failures -------------------------------------------------------------------------------------------------------------


def test_apple_is_told_and_asked_again_for_a_while(
    anna: User, monkeypatch: pytest.MonkeyPatch, later: Any
) -> None:
    account = SocialAccount.objects.create(user=anna, provider="apple", uid="a1")
    SocialToken.objects.create(account=account, token="", token_secret="secret")
    told: list[str] = []

    def revoke(user: User) -> bool:
        told.append(str(user.pk))
        return len(told) > 2

    monkeypatch.setattr(apple, "revoke", revoke)
    delete(signed_in(anna)[0])
    for _ in range(2):
        work()
        assert User.objects.filter(pk=anna.pk).exists()
        later(minutes=11)
    work()
    assert not failures()
    assert told == [str(anna.pk)] * 3
    assert not User.objects.exists()


def test_apple_does_not_keep_anybody_for_ever(
    anna: User, monkeypatch: pytest.MonkeyPatch, later: Any
) -> None:
    monkeypatch.setattr(apple, "revoke", lambda user: False)
    delete(signed_in(anna)[0])
    for _ in range(deletion.REVOKE_TRIES):
        assert User.objects.exists()
        work()
        later(minutes=11)
    assert not User.objects.exists()


def test_a_receiver_that_fails_keeps_all_and_it_is_tried_again(anna: User, later: Any) -> None:
    Notebook.objects.create(name="Home", owner_id=anna.pk)

    def fails(**_: Any) -> None:
        raise RuntimeError("the shop is closed")

    delete(signed_in(anna)[0])
    signals.user_deleting.connect(fails)
    try:
        work()
    finally:
        signals.user_deleting.disconnect(fails)
    assert "the shop is closed" in failures()[0]
    assert User.objects.exists() and Notebook.objects.exists()
    later(hours=1)
    work()
    assert not User.objects.exists() and not Notebook.objects.exists()


# The page -------------------------------------------------------------------------------------------------------------


def browser(user: User) -> Client:
    """A browser that signed in on allauth's page."""
    client = Client()
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_the_page_tells_strangers_what_to_do(db: None) -> None:
    page = Client().get("/account/delete/")
    assert page.status_code == 200
    assert b"/account/login/?next=/account/delete/" in page.content
    assert Client().post("/account/delete/", {"sure": "yes"}).status_code == 200


def test_on_the_page_the_password_is_asked_for_and_then_it_is_done(anna: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    _, token = signed_in(anna)
    client = browser(anna)
    page = client.get("/account/delete/")
    assert b'name="sure"' in page.content
    assert client.post("/account/delete/").status_code == 400
    answer = client.post("/account/delete/", {"sure": "yes"})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert works(token)
    wrong = client.post(answer["Location"], {"password": "wrong", "next": "/account/delete/"})
    assert wrong.status_code == 200
    assert works(token)
    done = client.post(answer["Location"], {"password": PASSWORD, "next": "/account/delete/"})
    assert done.status_code == 200, done
    assert b"deleted" in done.content
    assert not works(token)
    assert client.get("/account/data/").status_code == 302  # signed out here too
    work()
    assert not User.objects.exists()


def test_the_page_needs_its_own_form(anna: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    assert client.post("/account/delete/", {"sure": "yes"}).status_code == 403
    assert not Job.objects.exists()


def test_on_the_page_a_providers_user_signs_in_again(db: None) -> None:
    user = User.objects.create_user("anna@example.com")
    SocialAccount.objects.create(user=user, provider="google", uid="g1")
    client = Client()
    client.force_login(user)
    for ago, place in ((700, "/account/login/?next=/account/delete/"), (30, None)):
        client.force_login(user)
        session = client.session
        record_authentication(SimpleNamespace(session=session), user, "socialaccount", provider="google")
        session["account_authentication_methods"][0]["at"] -= ago
        session.save()
        assert not Job.objects.exists()
        answer = client.post("/account/delete/", {"sure": "yes"})
        assert answer.get("Location") == place
    work()
    assert not User.objects.exists()
