"""Bearer tokens: their storage, their end, and its effect in every process at once."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts import tasks
from accounts.models import Session, User
from accounts.sessions import identity_cache, sessions
from accounts.sessions.bearer import BearerAuthentication
from accounts.staff import scopes
from podium.dev import paths
from realtime import revocation
from tests.accounts.conftest import PASSWORD, Make, works


def test_a_token_is_known_to_its_client_alone(anna: User) -> None:
    issued = sessions.issue(anna)
    secret, token = issued.token, issued.row
    assert secret.startswith("podium_")
    assert len(secret) == 50
    assert bytes(Session.objects.get().digest) == hashlib.sha256(secret.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_token t")
        assert secret[7:] not in cursor.fetchone()[0]
    assert secret not in f"{token} {token!r}"
    assert secret != sessions.issue(anna).token


@pytest.mark.parametrize(
    "token", ["", "x", "podium_", "podium_" + "x" * 43, "podium_" + "é" * 43, "x" * 100_000, "\x00"]
)
def test_an_invalid_token_has_no_identity(token: str, transactional_db: None) -> None:
    assert async_to_sync(sessions.resolve)(token) is None


def test_signing_out_ends_one_device(call: Make, anna: User) -> None:
    phone, laptop = (
        call("emailIdp.login", email="anna@example.com", password=PASSWORD).token for _ in range(2)
    )
    assert works(phone)
    call("serverpod_auth_core.status.signOutDevice", token=phone)
    assert not works(phone)
    assert works(laptop)
    call("serverpod_auth_core.status.signOutDevice")  # nobody signs out: nothing happens


def test_signing_out_everywhere_ends_all_devices_of_the_user(call: Make, anna: User) -> None:
    mine = [call("emailIdp.login", email="anna@example.com", password=PASSWORD).token for _ in range(2)]
    other = sessions.issue(User.objects.create_user("ben@example.com")).token
    call("serverpod_auth_core.status.signOutAllDevices", token=mine[0])
    assert [works(token) for token in (*mine, other)] == [False, False, True]


@pytest.mark.parametrize("how", ["blocked", "deleted", "password"])
def test_a_blocked_or_deleted_user_or_a_new_password_is_signed_out(anna: User, how: str) -> None:
    secret = sessions.issue(anna).token
    assert works(secret)
    if how == "blocked":
        anna.is_active = False
        anna.save()
    elif how == "password":
        anna.set_password("another horse battery 8")
        anna.save()
    else:
        anna.delete()
    assert not works(secret)


def test_other_changes_of_a_user_sign_nobody_out(anna: User) -> None:
    secret = sessions.issue(anna).token
    anna.name = "Anna"
    anna.save()
    assert works(secret)


def test_a_block_that_went_past_the_models_is_noticed_when_the_cache_forgets(
    anna: User, settings: Any
) -> None:
    secret = sessions.issue(anna).token
    assert works(secret)
    User.objects.update(is_active=False)
    assert works(secret)
    settings.ACCOUNTS_SESSION_CACHE_SECONDS = 0
    identity_cache.cache.forget(None)
    assert not works(secret)


def test_a_session_ends_without_use(anna: User, later: Any) -> None:
    secret = sessions.issue(anna).token
    for _ in range(2):
        later(days=40)
        assert works(secret)
    unused = sessions.issue(anna).token
    later(days=61)
    assert not works(unused)


def test_a_token_runs_out(anna: User, later: Any, settings: Any) -> None:
    settings.ACCOUNTS_SESSION_IDLE_DAYS = 0
    issued = sessions.issue(anna)
    secret, token = issued.token, issued.row
    assert token.expires_at == token.created_at + timedelta(days=90)
    later(days=89)
    assert works(secret)
    later(days=1.1)
    assert not works(secret)
    settings.ACCOUNTS_SESSION_DAYS = 0
    endless = sessions.issue(anna).token
    later(days=100_000)
    tasks.delete_expired_tokens()
    assert works(endless)
    assert Session.objects.count() == 1


def test_the_oldest_sign_ins_end_when_there_are_too_many(anna: User, settings: Any) -> None:
    settings.ACCOUNTS_SESSIONS_PER_USER = 2
    secrets = []
    for _ in range(3):
        secrets.append(sessions.issue(anna).token)
        time.sleep(0.002)  # the order of keys is to the millisecond
    assert [works(secret) for secret in secrets] == [False, True, True]


def test_a_token_that_is_in_use_costs_no_query(anna: User) -> None:
    secret = sessions.issue(anna).token
    assert works(secret)
    before = len(identity_cache.cache._known)
    with CaptureQueriesContext(connection) as queries:
        assert works(secret)
    assert len(queries) == 0
    assert len(identity_cache.cache._known) == before == 1


def test_the_cache_is_bounded(anna: User, settings: Any) -> None:
    settings.ACCOUNTS_SESSION_CACHE_SIZE = 3
    for _ in range(5):
        assert works(sessions.issue(anna).token)
    assert len(identity_cache.cache._known) == 3


def test_a_token_that_was_revoked_while_it_was_looked_up_is_not_kept(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = sessions.issue(anna)
    secret, token = issued.token, issued.row
    real = scopes.of

    def meanwhile(user: User) -> frozenset[str]:
        revocation.tell(revocation.Revoked(str(anna.pk), str(token.pk)))
        return real(user)

    monkeypatch.setattr(scopes, "of", meanwhile)
    assert works(secret)
    assert not identity_cache.cache._known


def test_last_used_is_written_once_a_minute(anna: User, later: Any) -> None:
    issued = sessions.issue(anna)
    secret, token = issued.token, issued.row
    later(seconds=50)
    assert works(secret)
    assert Session.objects.get().last_used_at == token.last_used_at
    later(seconds=20)
    assert works(secret)
    assert Session.objects.get().last_used_at > token.last_used_at


def test_addresses_are_unique_and_in_lower_case_in_the_database_too(anna: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create_user("ANNA@example.com")
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=anna.pk).update(email="Anna@example.com")
    assert User.objects.get_by_natural_key("ANNA@example.com") == anna


def test_users_may_have_no_address(transactional_db: None) -> None:
    first, second = User.objects.create_user(), User.objects.create_user("")
    assert (first.email, second.email) == (None, None)
    assert str(first) == first.get_short_name() == str(first.pk)
    assert works(sessions.issue(first).token)
    with pytest.raises(ValueError, match="superuser"):
        User.objects.create_superuser("")


def test_rest_takes_the_same_tokens(anna: User) -> None:
    secret = sessions.issue(anna).token
    anna.groups.add(Group.objects.create(name="editor"))

    def ask(header: str) -> Any:
        request = Request(APIRequestFactory().get("/", HTTP_AUTHORIZATION=header))
        return BearerAuthentication().authenticate(request)

    user, identity = ask(f"Bearer {secret}")
    assert (user, identity.scopes) == (anna, {"editor"})
    assert ask("Basic eDp5") is None
    with pytest.raises(AuthenticationFailed):
        ask("Bearer podium_wrong")
    anna.is_active = False
    anna.save()
    with pytest.raises(AuthenticationFailed):
        ask(f"Bearer {secret}")


def test_the_admin_blocks_and_signs_out(anna: User, admin_client: Client) -> None:
    issued = sessions.issue(anna)
    first, token = issued.token, issued.row
    page = f"/admin/accounts/user/{anna.pk}/change/"
    assert b"anna@example.com" in admin_client.get("/admin/accounts/user/").content
    assert admin_client.get(page).status_code == 200
    assert admin_client.get("/admin/accounts/user/add/").status_code == 200
    assert first.encode() not in admin_client.get("/admin/accounts/session/").content
    admin_client.post("/admin/accounts/session/", {"action": "end", "_selected_action": [str(token.pk)]})
    assert not works(first)
    second = sessions.issue(anna).token
    assert works(second)
    admin_client.post("/admin/accounts/user/", {"action": "block", "_selected_action": [str(anna.pk)]})
    anna.refresh_from_db()
    assert not anna.is_active
    assert not works(second)
    third = {"action": "unblock", "_selected_action": [str(anna.pk)]}
    admin_client.post("/admin/accounts/user/", third)
    assert works(sessions.issue(anna).token)


@pytest.mark.slow
def test_a_sign_out_reaches_other_processes_at_once(anna: User, settings: Any, tmp_path: Path) -> None:
    """A server that knows the token, with a cache that would keep it for an hour, refuses it within a moment."""
    issued = sessions.issue(anna)
    secret, token = issued.token, issued.row
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = os.environ.get("DATABASE_URL") or paths.database_url()
    (tmp_path / "long_cache.py").write_text(
        "from tests.settings import *\n"
        "ACCOUNTS_SESSION_CACHE_SECONDS = 3600\n"
        f"REALTIME_PREFIX = {settings.REALTIME_PREFIX!r}\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "long_cache",
        "PYTHONPATH": str(tmp_path),
        "DATABASE_URL": f"{given.rpartition('/')[0]}/{connection.settings_dict['NAME']}",
        "REDIS_URL": django_settings.REDIS_URL,
        "SECRET_KEY": django_settings.SECRET_KEY,
        "DEBUG": "true",
        "ALLOWED_HOSTS": "*",
    }
    log = tmp_path / "server.log"
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", f"--port={port}"]
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        until = time.monotonic() + 60
        while b"running on" not in log.read_bytes():
            assert server.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        assert status(port, secret) == 200
        Session.objects.filter(pk=token.pk)._raw_delete("default")  # past the models: nobody is told
        assert status(port, secret) == 200  # it is remembered, so the test can fail
        revocation.end_streams(user_id=str(anna.pk), token_id=str(token.pk))
        until = time.monotonic() + 3
        while status(port, secret) == 200:
            assert time.monotonic() < until, "the sign-out did not arrive"
            time.sleep(0.05)
        assert status(port, secret) == 401
    finally:
        server.terminate()
        server.wait(20)
        sys.stdout.write(log.read_text())


def status(port: int, token: str) -> int:
    """The status of a request for the caller's profile over HTTP."""
    url, headers = (
        f"http://127.0.0.1:{port}/serverpod_auth_core.userProfileInfo/get",
        {"Authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(urllib.request.Request(url, b"{}", headers), timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
