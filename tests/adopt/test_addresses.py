"""Both servers on one database: addresses and passwords that either creates or changes work on both."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.protocol import (
    EmailAccountLoginException,
)
from accounts.protocol import EmailAccountLoginExceptionReason as LoginReason
from accounts.sessions import sessions
from accounts.sign_in import ownership
from tests.accounts.conftest import Make, works
from tests.adopt import auth_tables
from tests.adopt.conftest import execute
from tests.adopt.steps import NEWER, OLD, PASSWORD, by_google, login
from tests.adopt.their_server import TheirServer


def test_a_user_who_signed_up_at_serverpod_signs_in_here(call: Make, ben: uuid.UUID) -> None:
    success = login(call, email=" BEN@example.com")
    assert success.auth_user_id == ben and works(success.token)
    user = User.objects.get(pk=ben)
    assert (user.email, ownership.owner("ben@example.com")) == ("ben@example.com", user)
    with pytest.raises(EmailAccountLoginException):
        login(call, NEWER)


def test_signing_in_here_does_not_change_serverpods_row(call: Make, ben: uuid.UUID) -> None:
    query = 'SELECT xmin::text, e.* FROM "serverpod_auth_idp_email_account" e'
    before = execute(query)
    login(call)
    login(call)
    assert execute(query) == before


def test_a_password_changed_there_is_valid_here(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    phone = login(call).token
    theirs.new_password("ben@example.com", NEWER)
    with pytest.raises(EmailAccountLoginException):
        login(call)
    assert login(call, NEWER).auth_user_id == ben
    assert not works(phone)


def test_a_password_changed_here_is_valid_there(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    login(call)
    session = theirs.session(ben)
    user = User.objects.get(pk=ben)
    user.set_password(NEWER)
    user.save()
    assert theirs.signs_in("ben@example.com", NEWER) == ben
    assert theirs.signs_in("ben@example.com", PASSWORD) is None
    assert theirs.knows_session(session) is None and not works(session)
    assert login(call, NEWER).auth_user_id == ben


def test_a_user_that_was_read_before_does_not_restore_the_old_password(
    call: Make, ben: uuid.UUID, theirs: TheirServer
) -> None:
    login(call)
    stale = User.objects.get(pk=ben)
    theirs.new_password("ben@example.com", NEWER)
    stale.name = "Ben"
    stale.save()
    assert theirs.signs_in("ben@example.com", NEWER) == ben
    assert login(call, NEWER).auth_user_id == ben


def test_an_unverified_address_is_not_known_there(theirs: TheirServer) -> None:
    user = User.objects.create_user("dora@example.com", PASSWORD)
    ownership.claim(user)
    assert theirs.signs_in("dora@example.com", PASSWORD) is None
    ownership.prove(user, "dora@example.com", shown=ownership.Shown(password=True))
    assert theirs.signs_in("dora@example.com", PASSWORD) == user.pk


def test_an_address_that_is_removed_here_is_removed_there(
    call: Make, ben: uuid.UUID, theirs: TheirServer
) -> None:
    login(call)
    EmailAddress.objects.get(email="ben@example.com").delete()
    assert theirs.signs_in("ben@example.com", PASSWORD) is None
    with pytest.raises(EmailAccountLoginException):
        login(call)


def test_an_address_of_serverpods_cannot_be_signed_up_with_here(ben: uuid.UUID) -> None:
    owner = ownership.owner("ben@example.com")
    assert owner is not None and owner.pk == ben


def test_an_unverified_claim_to_the_address_here_is_lost(call: Make, theirs: TheirServer) -> None:
    stranger = User.objects.create_user("ben@example.com", "the password of a stranger 9")
    ownership.claim(stranger)
    ben = theirs.user()
    theirs.email(ben, "ben@example.com", PASSWORD)
    assert login(call).auth_user_id == ben
    stranger.refresh_from_db()
    assert stranger.email is None


def test_the_first_of_two_passwords_stays(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    theirs.email(ben, "second@example.com", NEWER)
    phone = login(call).token
    with pytest.raises(EmailAccountLoginException):
        login(call, NEWER, email="second@example.com")
    assert login(call, PASSWORD, email="second@example.com").auth_user_id == ben
    assert works(phone)
    assert theirs.signs_in("ben@example.com", PASSWORD) == ben


def test_of_two_users_with_one_address_the_one_with_the_password_keeps_it(
    call: Make, ben: uuid.UUID, theirs: TheirServer
) -> None:
    other = theirs.user()
    theirs.insert(
        "idp_google_account", authUserId=other, created=OLD, email="ben@example.com", userIdentifier="g-9"
    )
    assert by_google("g-9", "ben@example.com").auth_user_id == other
    assert login(call).auth_user_id == ben
    assert by_google("g-9", "ben@example.com").auth_user_id == other
    assert login(call).auth_user_id == ben


def test_a_password_that_serverpod_moved_from_its_older_module(call: Make, theirs: TheirServer) -> None:
    execute(auth_tables.OLD_PASSWORDS)
    try:
        gil = theirs.user()
        theirs.email(gil, "gil@example.com", "")
        [account] = execute("UPDATE serverpod_auth_idp_email_account SET \"passwordHash\" = '' RETURNING id")
        old = hashlib.sha256(f"{PASSWORD}serverpod password salt:gil@example.com".encode()).hexdigest()
        execute(
            'INSERT INTO serverpod_auth_bridge_email_password ("emailAccountId", hash) VALUES (%s, %s)',
            [account["id"], old],
        )
        assert login(call, email="gil@example.com").auth_user_id == gil
        assert theirs.signs_in("gil@example.com", PASSWORD) == gil
        theirs.new_password("gil@example.com", NEWER)
        assert login(call, NEWER, email="gil@example.com").auth_user_id == gil
    finally:
        execute("DROP TABLE serverpod_auth_bridge_email_password")


def test_guesses_are_limited_before_any_look_up(call: Make, ben: uuid.UUID) -> None:
    reasons = []
    for _ in range(8):
        with pytest.raises(EmailAccountLoginException) as refused:
            login(call, "wrong password 1")
        reasons.append(refused.value.reason)
    assert (reasons[0], reasons[-1]) == (LoginReason.INVALID_CREDENTIALS, LoginReason.TOO_MANY_ATTEMPTS)


def test_without_the_setting_nothing_is_looked_up(
    call: Make, ben: uuid.UUID, theirs: TheirServer, settings: Any, django_assert_num_queries: Any
) -> None:
    key = theirs.session(ben)
    settings.ACCOUNTS_SERVERPOD_TABLES = False
    with pytest.raises(EmailAccountLoginException):
        login(call)
    assert not works(key) and ownership.owner("ben@example.com") is None
    with django_assert_num_queries(1):
        assert sessions.look_up(key) is None


def test_a_user_of_serverpod_signs_in_on_the_page_for_browsers_too(client: Any, ben: uuid.UUID) -> None:
    answer = client.post("/account/login/", {"login": "ben@example.com", "password": PASSWORD})
    assert answer.status_code == 302 and client.session["_auth_user_id"] == str(ben)


def code_in(mailbox: list[Any]) -> str:
    found = re.search(r"\b[1-9]{8}\b", str(mailbox[-1].body))
    assert found is not None
    return found[0]


def test_a_new_password_by_mail(
    call: Make, ben: uuid.UUID, theirs: TheirServer, mailoutbox: list[Any]
) -> None:
    request = call("emailIdp.startPasswordReset", email="ben@example.com")
    ticket = call(
        "emailIdp.verifyPasswordResetCode",
        passwordResetRequestId=str(request),
        verificationCode=code_in(mailoutbox),
    )
    call("emailIdp.finishPasswordReset", finishPasswordResetToken=ticket, newPassword=NEWER)
    assert theirs.signs_in("ben@example.com", NEWER) == ben
    assert login(call, NEWER).auth_user_id == ben


def test_a_user_who_signs_up_here_signs_in_there(
    call: Make, theirs: TheirServer, mailoutbox: list[Any]
) -> None:
    request = call("emailIdp.startRegistration", email="Fay@example.com")
    token = call(
        "emailIdp.verifyRegistrationCode", accountRequestId=str(request), verificationCode=code_in(mailoutbox)
    )
    fay = call("emailIdp.finishRegistration", registrationToken=token, password=PASSWORD)
    assert theirs.signs_in("fay@example.com", PASSWORD) == fay.auth_user_id
    assert theirs.knows_session(fay.token) == fay.auth_user_id
    [row] = execute('SELECT * FROM "serverpod_auth_core_profile" WHERE "authUserId" = %s', [fay.auth_user_id])
    assert row["email"] == "fay@example.com"
    user = User.objects.get(pk=fay.auth_user_id)
    user.name = "Fay"
    user.save()
    assert login(call, email="fay@example.com").auth_user_id == user.pk
