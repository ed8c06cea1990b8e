"""Sign-ins with access and refresh tokens: each refresh token works once, keys can change, sign-outs work at once."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.db import connection

from accounts.models import SecurityEvent, Session, User
from accounts.protocol import (
    RefreshTokenExpiredException,
    RefreshTokenInvalidSecretException,
    RefreshTokenMalformedException,
    RefreshTokenNotFoundException,
)
from accounts.sessions import access_tokens, identity_cache, refresh_tokens, sessions
from accounts.sign_in import sign_in
from podium.core import clock
from podium.endpoints import testing
from tests.accounts.conftest import works


@pytest.fixture(autouse=True)
def signed_tokens(settings: Any) -> None:
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"


def refresh(refresh_token: str | None) -> Any:
    return testing.call("jwtRefresh.refreshAccessToken", refresh_token=refresh_token)


def test_an_access_token_works_for_some_minutes_and_the_refresh_token_gets_the_next(
    anna: User, later: Any
) -> None:
    issued = sessions.issue(anna, method="email")
    assert issued.expires_at is not None and issued.refresh_token is not None
    assert issued.expires_at - clock.now() <= timedelta(minutes=10)
    assert works(issued.token)
    later(minutes=11)
    assert not works(issued.token)
    success = refresh(issued.refresh_token)
    assert success.auth_strategy == "jwt"
    assert success.auth_user_id == anna.pk
    assert success.refresh_token != issued.refresh_token
    assert works(success.token)
    assert Session.objects.count() == 1


@pytest.mark.parametrize("seconds", [0, 31])
def test_a_refresh_token_that_is_used_up_ends_its_sign_in(anna: User, later: Any, seconds: int) -> None:
    """The next token was used, so the sender of this one is not its owner."""
    stolen = sessions.issue(anna)
    other = sessions.issue(anna)
    success = refresh(refresh(stolen.refresh_token).refresh_token)
    later(seconds=seconds)
    with pytest.raises(RefreshTokenInvalidSecretException):
        refresh(stolen.refresh_token)
    assert not works(success.token)
    with pytest.raises(RefreshTokenNotFoundException):
        refresh(success.refresh_token)
    assert works(other.token)
    event = SecurityEvent.objects.get(event="refresh_token_reused")
    assert event.user == anna


def test_a_lost_answer_signs_nobody_out_however_late_it_is_asked_for_again(anna: User, later: Any) -> None:
    issued = sessions.issue(anna)
    given = []
    for days in (0, 0.5, 20, 40):
        later(days=days)
        given.append(refresh(issued.refresh_token).refresh_token)
    assert len({*given, issued.refresh_token}) == 5
    success = refresh(given[-1])
    assert works(success.token)
    assert works(refresh(success.refresh_token).token)
    assert not SecurityEvent.objects.filter(event="refresh_token_reused").exists()


@pytest.mark.parametrize("lost", [0, 1])
def test_a_lost_token_whose_place_was_taken_ends_the_sign_in(anna: User, later: Any, lost: int) -> None:
    """The client never received the token: only an eavesdropper can have it."""
    issued = sessions.issue(anna)
    given = []
    for _ in range(3):
        given.append(refresh(issued.refresh_token).refresh_token)
        later(minutes=5)
    with pytest.raises(RefreshTokenInvalidSecretException):
        refresh(given[lost])
    for each in (issued.refresh_token, *given):
        with pytest.raises(RefreshTokenNotFoundException):
            refresh(each)


def test_a_thief_with_an_old_token_and_its_owner_are_found_out(anna: User, later: Any) -> None:
    """The owner has the next token, unused. The thief's replaces it, and then the owner's is sent."""
    issued = sessions.issue(anna)
    owners = refresh(issued.refresh_token)
    later(minutes=5)
    thiefs = refresh(issued.refresh_token)
    with pytest.raises(RefreshTokenInvalidSecretException):
        refresh(owners.refresh_token)
    assert not works(thiefs.token)


def test_a_token_asked_for_again_counts_as_use_and_does_not_outlive_the_sign_in(
    anna: User, later: Any, settings: Any
) -> None:
    settings.ACCOUNTS_REFRESH_TOKEN_MAX_DAYS = 100
    issued = sessions.issue(anna)
    for _ in range(2):
        later(days=49)
        success = refresh(issued.refresh_token)
    later(days=3)
    for each in (issued.refresh_token, success.refresh_token):
        with pytest.raises(RefreshTokenExpiredException):
            refresh(each)


def test_a_new_key_of_the_server_loses_no_answer(anna: User, settings: Any) -> None:
    issued = sessions.issue(anna)
    first = refresh(issued.refresh_token)
    settings.SECRET_KEY = "another"
    second = refresh(issued.refresh_token)
    assert first.refresh_token != second.refresh_token
    assert works(refresh(second.refresh_token).token)


def test_a_blocked_user_gets_nothing_for_a_lost_answer(anna: User) -> None:
    issued = sessions.issue(anna)
    refresh(issued.refresh_token)
    anna.is_active = False
    anna.save()
    with pytest.raises(RefreshTokenNotFoundException):
        refresh(issued.refresh_token)


def test_a_client_whose_answer_got_lost_gets_the_same_one_again(anna: User) -> None:
    issued = sessions.issue(anna)
    lost, again = refresh(issued.refresh_token), refresh(issued.refresh_token)
    assert lost.refresh_token == again.refresh_token
    assert works(again.token)
    assert works(refresh(again.refresh_token).token)


@pytest.mark.parametrize("lost_before", [False, True])
def test_two_refreshes_at_once_are_one(anna: User, lost_before: bool) -> None:
    issued = sessions.issue(anna)
    given: list[str] = []
    if lost_before:
        refresh(issued.refresh_token)
        Session.objects.update(rotated_at=clock.now() - timedelta(days=1))

    def run() -> None:
        given.append(sessions.refresh(str(issued.refresh_token)).refresh_token or "")
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 4
    assert len(set(given)) == 1


def test_a_refresh_token_ends_by_its_age_and_use_renews_it(anna: User, later: Any) -> None:
    issued = sessions.issue(anna)
    later(days=59)
    success = refresh(issued.refresh_token)
    later(days=59)
    success = refresh(success.refresh_token)
    later(days=61)
    with pytest.raises(RefreshTokenExpiredException):
        refresh(success.refresh_token)


def test_a_refresh_token_ends_some_day_however_much_it_is_used(anna: User, later: Any, settings: Any) -> None:
    settings.ACCOUNTS_REFRESH_TOKEN_MAX_DAYS = 100
    success = refresh(sessions.issue(anna).refresh_token)
    for _ in range(2):
        later(days=49)
        success = refresh(success.refresh_token)
    later(days=3)
    with pytest.raises(RefreshTokenExpiredException):
        refresh(success.refresh_token)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "podium_refresh_",
        "podium_refresh_" + "A" * 85,
        "podium_refresh_" + "é" * 86,
        "A" * 101,
    ],
)
def test_an_invalid_refresh_token_is_reported(text: str, transactional_db: None) -> None:
    with pytest.raises(RefreshTokenMalformedException):
        refresh(text)


def test_without_a_token_there_is_none_to_be_found(transactional_db: None) -> None:
    with pytest.raises(RefreshTokenNotFoundException):
        refresh(None)
    with pytest.raises(RefreshTokenNotFoundException):
        testing.call("jwtRefresh.refreshAccessToken")


def test_knowing_the_id_of_a_sign_in_does_not_end_it(anna: User) -> None:
    issued = sessions.issue(anna)
    forged = base64.urlsafe_b64encode(issued.row.pk.bytes + bytes(48)).decode()
    with pytest.raises(RefreshTokenNotFoundException):
        refresh(f"podium_refresh_{forged}")
    assert works(issued.token)
    assert refresh(issued.refresh_token)


def test_a_session_has_no_refresh_token_and_none_refreshes_it(anna: User, settings: Any) -> None:
    settings.ACCOUNTS_SESSION_STRATEGY = "session"
    issued = sessions.issue(anna)
    assert issued.refresh_token is None
    forged = base64.urlsafe_b64encode(issued.row.pk.bytes + bytes(48)).decode()
    with pytest.raises(RefreshTokenNotFoundException):
        refresh(f"podium_refresh_{forged}")


def test_only_digests_are_stored(anna: User) -> None:
    issued = sessions.issue(anna)
    text = str(issued.refresh_token).removeprefix(refresh_tokens.PREFIX)
    data = base64.urlsafe_b64decode(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_token t")
        stored = cursor.fetchone()[0]
    assert data[16:32].hex() not in stored
    assert data[32:].hex() not in stored


def test_a_blocked_user_gets_no_further_token(anna: User) -> None:
    issued = sessions.issue(anna)
    anna.is_active = False
    anna.save()
    assert not works(issued.token)
    with pytest.raises(RefreshTokenNotFoundException):
        refresh(issued.refresh_token)


def test_signing_out_ends_the_access_token_at_once(anna: User) -> None:
    issued = sessions.issue(anna)
    assert works(issued.token)
    sessions.revoke(sessions.own(str(issued.row.pk)))
    assert not works(issued.token)


def test_scopes_follow_the_database_and_stand_in_the_token(anna: User) -> None:
    anna.groups.add(Group.objects.create(name="reader"))
    issued = sessions.issue(anna)
    claims = jwt.decode(issued.token, options={"verify_signature": False})
    assert claims["scope"] == "reader"
    assert claims["sub"] == str(anna.pk)
    assert claims["sid"] == str(issued.row.pk)
    anna.groups.add(Group.objects.create(name="writer"))
    identity_cache.cache.forget(None)
    identity = sessions.look_up(issued.token)
    assert identity is not None
    assert identity.scopes == {"reader", "writer"}


def test_the_key_changes_and_nobody_is_signed_out(anna: User, settings: Any) -> None:
    issued = sessions.issue(anna)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    identity_cache.cache.forget(None)
    assert works(issued.token)
    success = refresh(issued.refresh_token)
    settings.SECRET_KEY_FALLBACKS = []
    identity_cache.cache.forget(None)
    assert not works(issued.token)
    assert works(success.token)
    assert works(refresh(success.refresh_token).token)


def forged(anna: User, row: Session, **changes: Any) -> Iterator[str]:
    """Tokens that this server did not make."""
    good, _ = access_tokens.make(row, [])
    head, claims, signature = good.split(".")
    decoded = jwt.decode(good, options={"verify_signature": False})
    key = access_tokens._keys()[0]
    yield f"{head}.{claims}.{signature[:-4]}AAAA"
    yield jwt.encode(decoded, "", algorithm="none", headers={"kid": key.id})
    yield jwt.encode(decoded, "x" * 64, algorithm="HS512", headers={"kid": key.id})
    yield jwt.encode(decoded, key.secret, algorithm="HS256", headers={"kid": key.id})
    yield jwt.encode(decoded, key.secret, algorithm="HS512", headers={"kid": "other"})
    yield jwt.encode(decoded, key.secret, algorithm="HS512")
    for name, value in {
        "iss": "https://else.example",
        "aud": "https://else.example",
        "sid": "x",
        "exp": 1,
        "sub": None,
    }.items():
        changed = {**decoded, name: value}
        if value is None:
            changed = {"iss": decoded["iss"], "exp": decoded["exp"]}
        yield jwt.encode(changed, key.secret, algorithm="HS512", headers={"kid": key.id})
    yield jwt.encode(
        {**decoded, "sid": str(uuid.uuid4())}, key.secret, algorithm="HS512", headers={"kid": key.id}
    )


def test_forged_access_tokens_are_nobodys(anna: User) -> None:
    issued = sessions.issue(anna)
    assert works(issued.token)
    tried = list(forged(anna, issued.row))
    assert len(tried) == 12
    assert [token for token in tried if works(token)] == []
    assert django_settings.SECRET_KEY not in issued.token


def test_a_stream_lives_as_long_as_its_sign_in_not_as_the_access_token(anna: User) -> None:
    issued = sessions.issue(anna)
    identity = sessions.look_up(issued.token)
    assert identity is not None
    assert identity.expires_at == issued.row.expires_at
    assert issued.expires_at is not None and identity.expires_at is not None
    assert identity.expires_at > issued.expires_at
    assert sign_in.success(issued).token_expires_at == issued.expires_at
