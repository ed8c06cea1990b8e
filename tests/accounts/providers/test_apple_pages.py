"""Requests from Apple: browsers that return to the app, and notifications of revoked permissions."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from accounts import signals
from accounts.models import SecurityEvent, User
from accounts.providers.apple import claims as apple
from accounts.sessions import sessions
from tests.accounts import oidc_provider
from tests.accounts.conftest import works
from tests.accounts.oidc_provider import Provider, rsa_key

CALLBACK, NOTIFICATIONS = "/sign-in/apple/callback/", "/sign-in/apple/notifications/"
SETUP = {"bundle_ids": ["com.example.app"], "service_id": "com.example.service"}
ANDROID = {"User-Agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9)"}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Provider]:
    settings.ACCOUNTS_APPLE = SETUP
    with oidc_provider.running() as running:
        monkeypatch.setattr(apple, "KEYS_URL", f"{running.url}/keys")
        yield running


def notify(provider: Provider, event: str, *, sub: str = "anna-1", key: Any = None, **claims: Any) -> int:
    events = json.dumps({"type": event, "sub": sub, "event_time": 1})
    told = {
        "iss": "https://appleid.apple.com",
        "aud": "com.example.app",
        "exp": None,
        "sub": None,
        "events": events,
    }
    payload = provider.token(key=key, **{**told, **claims})
    return post({"payload": payload})


def post(value: Any) -> int:
    return Client().post(NOTIFICATIONS, json.dumps(value), content_type="application/json").status_code


@pytest.fixture
def signed_in(transactional_db: None) -> tuple[User, str, str]:
    """Anna, with a sign-in by Apple and one by e-mail."""
    user = User.objects.create_user("anna@example.com")
    account = SocialAccount.objects.create(user=user, provider="apple", uid="anna-1")
    SocialToken.objects.create(account=account, token_secret="refresh")
    return user, sessions.issue(user, method="apple").token, sessions.issue(user, method="email").token


@pytest.mark.parametrize("event", ["consent-revoked", "account-deleted"])
def test_a_user_who_revoked_the_permission_is_signed_out(
    provider: Provider, signed_in: Any, event: str
) -> None:
    user, by_apple, by_email = signed_in
    heard = []

    def revoked(*, user: User, event: str, **_: Any) -> None:
        heard.append((user.pk, event))

    assert works(by_apple)
    signals.identity_revoked.connect(revoked)
    try:
        assert notify(provider, event) == 200
    finally:
        signals.identity_revoked.disconnect(revoked)
    assert (works(by_apple), works(by_email)) == (False, True)
    assert not SocialToken.objects.exists()
    assert heard == [(user.pk, event)]
    assert SecurityEvent.objects.get(event="identity_revoked").user == user


def test_other_notifications_and_other_users_change_nothing(provider: Provider, signed_in: Any) -> None:
    _, by_apple, _ = signed_in
    assert notify(provider, "email-disabled") == 200
    assert notify(provider, "consent-revoked", sub="ben-2") == 200
    assert works(by_apple)
    assert SocialToken.objects.exists()


def test_notifications_not_signed_for_this_server_are_refused(provider: Provider, signed_in: Any) -> None:
    _, by_apple, _ = signed_in
    forged: list[dict[str, Any]] = [
        {"key": rsa_key("first")},
        {"aud": "com.evil.app"},
        {"iss": "https://evil.example"},
        {"iat": int(time.time()) - 2 * 24 * 3600},
        {"events": None},
        {"events": "no json"},
        {"events": "[]"},
    ]
    for wrong in forged:
        assert notify(provider, "consent-revoked", **wrong) == 400
    values: list[Any] = [{}, [], "x", {"payload": 5}, {"payload": "x"}]
    for value in values:
        assert post(value) == 400
    assert Client().get(NOTIFICATIONS).status_code == 405
    assert works(by_apple)


def test_an_id_token_is_not_a_notification(provider: Provider, signed_in: Any) -> None:
    _, by_apple, _ = signed_in
    token = provider.token(iss="https://appleid.apple.com", aud="com.example.app")
    assert post({"payload": token}) == 400
    assert works(by_apple)


def test_android_gets_the_answer_as_an_intent(settings: Any) -> None:
    settings.ACCOUNTS_APPLE = {**SETUP, "android_package": "com.example.app"}
    given = {"code": "c&x", "id_token": "t", "state": "s", "more": "left out"}
    answer = Client().post(CALLBACK, given, headers=ANDROID)
    assert answer.status_code == 303
    address, _, intent = answer["Location"].partition("#")
    assert intent == "Intent;package=com.example.app;scheme=signinwithapple;end"
    assert address == "intent://callback?code=c%26x&id_token=t&state=s"


def test_browsers_go_on_to_the_web_app(settings: Any) -> None:
    settings.ACCOUNTS_APPLE = {**SETUP, "web_redirect_uri": "https://app.example.com/done"}
    answer = Client().post(CALLBACK, {"code": "c", "user": '{"name": "Anna #1"}'})
    assert answer.status_code == 303
    parts = urlsplit(answer["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://app.example.com/done"
    assert parse_qs(parts.query) == {"code": ["c"], "user": ['{"name": "Anna #1"}']}
    assert answer["Cache-Control"] == "no-store"


def test_without_settings_nobody_is_sent_on(settings: Any) -> None:
    settings.ACCOUNTS_APPLE = {**SETUP, "android_package": "x;scheme=evil"}
    assert Client().post(CALLBACK, {"code": "c"}, headers=ANDROID).status_code == 404
    assert Client().post(CALLBACK, {"code": "c"}).status_code == 404
    settings.ACCOUNTS_APPLE = {}
    assert Client().post(CALLBACK, {"code": "c"}).status_code == 404
    assert Client().get(CALLBACK).status_code == 405
