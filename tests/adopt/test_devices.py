"""Both servers on one database: signed-in devices keep working on either, and a sign-out applies to both."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Session, User
from accounts.protocol import (
    RefreshTokenExpiredException,
    RefreshTokenInvalidSecretException,
    RefreshTokenNotFoundException,
)
from accounts.sessions import identity_cache, refresh_tokens, sessions
from tests.accounts.conftest import Make, works
from tests.adopt.conftest import execute
from tests.adopt.steps import OLD, PASSWORD, login, refresh
from tests.adopt.their_server import TheirServer


@pytest.mark.parametrize("salted", [False, True])
def test_the_key_of_a_session_still_works(ben: uuid.UUID, theirs: TheirServer, salted: bool) -> None:
    key = theirs.session(ben, salted=salted)
    identity = sessions.look_up(key)
    assert identity is not None and identity.user_id == str(ben)
    assert works(key) and works(key)
    assert Session.objects.count() == 1
    assert theirs.knows_session(key) == ben


def test_a_key_with_another_secret_is_dead(ben: uuid.UUID, theirs: TheirServer) -> None:
    key, other = theirs.session(ben), theirs.session(ben)
    forged = key[:27] + other[27:]
    assert not works(forged)
    assert not works(key[:40]) and not works(key + "AAAA") and not works("c2Fz" + "!" * 64)
    assert works(key) and not works(forged)


@pytest.mark.parametrize(
    "columns",
    [
        {"expiresAt": OLD},
        {"expireAfterUnusedFor": 60_000, "lastUsedAt": OLD},
    ],
)
def test_a_session_that_expired_there_is_invalid_here(
    ben: uuid.UUID, theirs: TheirServer, columns: dict[str, Any]
) -> None:
    assert not works(theirs.session(ben, **columns))


def test_an_unused_session_works_if_serverpod_allows_it(ben: uuid.UUID, theirs: TheirServer) -> None:
    assert works(theirs.session(ben, createdAt=OLD, lastUsedAt=OLD))


def test_a_sign_out_of_all_others_keeps_one_on_both_servers(ben: uuid.UUID, theirs: TheirServer) -> None:
    kept, other, unknown = (theirs.session(ben) for _ in range(3))
    identity = sessions.look_up(kept)
    assert identity is not None and works(other)
    sessions.revoke_others(User.objects.get(pk=ben), identity.token_id)
    identity_cache.cache.forget(None)
    assert [works(key) for key in (kept, other, unknown)] == [True, False, False]
    assert [theirs.knows_session(key) for key in (kept, other, unknown)] == [ben, None, None]


def test_a_session_that_ends_there_ends_here_and_the_other_way_round(
    call: Make, ben: uuid.UUID, theirs: TheirServer
) -> None:
    one, two = theirs.session(ben), theirs.session(ben)
    assert works(one) and works(two)
    execute('DELETE FROM "serverpod_auth_core_session" WHERE "id" = %s', [sessions.look_up(one).token_id])  # type: ignore[union-attr]
    identity_cache.cache.forget(None)
    assert not works(one)
    call("serverpod_auth_core.status.signOutDevice", token=two)
    assert not works(two) and theirs.knows_session(two) is None


def test_use_here_counts_there(ben: uuid.UUID, theirs: TheirServer, later: Any) -> None:
    month = timedelta(days=30) // timedelta(milliseconds=1)
    key = theirs.session(ben, expireAfterUnusedFor=month)
    for _ in range(3):
        later(days=20)
        assert works(key)
    [row] = execute('SELECT "lastUsedAt" FROM "serverpod_auth_core_session"')
    assert row["lastUsedAt"] > datetime.now(UTC).replace(tzinfo=None) + timedelta(days=50)


def test_a_user_who_signs_in_here_is_signed_in_there(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    token = login(call).token
    assert theirs.knows_session(token) == ben
    call("serverpod_auth_core.status.signOutAllDevices", token=token)
    assert theirs.knows_session(token) is None and not works(token)


def test_operators_who_act_as_a_user_are_not_signed_in_there(ben: uuid.UUID, theirs: TheirServer) -> None:
    boss = User.objects.create_superuser("boss@example.com", PASSWORD)
    assert sessions.impersonate(User.objects.get(pk=ben), operator=boss).token.startswith("podium_")
    assert execute('SELECT 1 FROM "serverpod_auth_core_session"') == []


def test_keys_of_serverpod_still_work_after_its_tables_are_dropped(
    ben: uuid.UUID, theirs: TheirServer, settings: Any
) -> None:
    key = theirs.session(ben)
    assert works(key)
    settings.ACCOUNTS_SERVERPOD_TABLES = False
    execute('DELETE FROM "serverpod_auth_core_session"')
    identity_cache.cache.forget(None)
    assert works(key)


@pytest.fixture
def signed_tokens(settings: Any) -> None:
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"


@pytest.mark.usefixtures("signed_tokens")
class TestRefreshTokens:
    def test_a_refresh_token_of_serverpod_is_rotated_by_both_servers(
        self, ben: uuid.UUID, theirs: TheirServer, later: Any
    ) -> None:
        first = refresh(theirs.refresh_token(ben, createdAt=OLD))
        assert first.auth_user_id == ben and works(first.token)
        there = theirs.rotates(first.refresh_token)
        assert there is not None
        second = refresh(there)
        assert works(second.token)
        assert theirs.rotates(refresh(second.refresh_token).refresh_token) is not None

    def test_a_refresh_token_created_here_works_there(self, ben: uuid.UUID, theirs: TheirServer) -> None:
        issued = sessions.issue(User.objects.get(pk=ben), method="email")
        assert issued.refresh_token is not None
        there = theirs.rotates(issued.refresh_token)
        assert there is not None and works(refresh(there).token)

    def test_a_lost_answer_does_not_sign_out(self, ben: uuid.UUID, theirs: TheirServer, later: Any) -> None:
        text = theirs.refresh_token(ben)
        refresh(text)
        later(days=3)
        assert works(refresh(text).token)

    def test_two_simultaneous_refreshes_get_the_same_token(self, ben: uuid.UUID, theirs: TheirServer) -> None:
        text, answers = theirs.refresh_token(ben), []

        def ask() -> None:
            answers.append(refresh_tokens.rotate(text)[1])
            connection.close()

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(answers) == 4 and len(set(answers)) == 1
        assert theirs.rotates(answers[0]) is not None

    def test_reuse_ends_the_sign_in_on_both(self, ben: uuid.UUID, theirs: TheirServer) -> None:
        stolen = theirs.refresh_token(ben)
        following = refresh(refresh(stolen).refresh_token).refresh_token
        with pytest.raises(RefreshTokenInvalidSecretException):
            refresh(stolen)
        assert theirs.rotates(following) is None
        with pytest.raises(RefreshTokenNotFoundException):
            refresh(following)

    def test_reuse_is_detected_even_if_serverpod_has_rotated_since(
        self, ben: uuid.UUID, theirs: TheirServer
    ) -> None:
        stolen = refresh(theirs.refresh_token(ben)).refresh_token
        following = theirs.rotates(stolen)
        assert following is not None
        with pytest.raises(RefreshTokenInvalidSecretException):
            refresh(stolen)
        with pytest.raises(RefreshTokenNotFoundException):
            refresh(following)

    def test_a_wrong_pepper_ends_nothing(self, ben: uuid.UUID, theirs: TheirServer, settings: Any) -> None:
        text = theirs.refresh_token(ben)
        settings.ACCOUNTS_SERVERPOD_REFRESH_PEPPERS = ["not that one"]
        with pytest.raises(RefreshTokenNotFoundException):
            refresh(text)
        assert theirs.rotates(text) is not None

    def test_a_token_that_expired_or_belongs_to_a_blocked_user_is_refused(
        self, ben: uuid.UUID, theirs: TheirServer
    ) -> None:
        with pytest.raises(RefreshTokenExpiredException):
            refresh(theirs.refresh_token(ben, lastUpdatedAt=OLD))
        text = theirs.refresh_token(ben)
        theirs.block(ben)
        with pytest.raises(RefreshTokenNotFoundException):
            refresh(text)
        theirs.block(ben, False)
        assert works(refresh(text).token)

    def test_a_sign_out_there_applies_here(self, ben: uuid.UUID, theirs: TheirServer) -> None:
        following = refresh(theirs.refresh_token(ben)).refresh_token
        execute('DELETE FROM "serverpod_auth_core_jwt_refresh_token"')
        with pytest.raises(RefreshTokenNotFoundException):
            refresh(following)

    def test_refresh_tokens_still_work_after_serverpods_tables_are_dropped(
        self, ben: uuid.UUID, theirs: TheirServer, settings: Any
    ) -> None:
        following = refresh(theirs.refresh_token(ben)).refresh_token
        execute('DELETE FROM "serverpod_auth_core_jwt_refresh_token"')
        settings.ACCOUNTS_SERVERPOD_TABLES = False
        assert works(refresh(refresh(following).refresh_token).token)
