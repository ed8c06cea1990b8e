"""Differences between the two entries of generated resources: sessions through Django, tokens before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from rest_framework.settings import api_settings
from rest_framework.throttling import UserRateThrottle

from podium.access.rules import rules_of
from podium.core import observe
from podium.endpoints.calls import CredentialExpired, Identity
from podium.endpoints.conf import conf
from podium.rest.resources import asgi, handler
from tests.access.teams.models import TeamNote
from tests.rest import doors
from tests.rest.doors import raw
from tests.rows.world import ANNA, note

NOTES = "/api/team-notes"
TOKEN = {"authorization": f"Bearer {ANNA.user_id}/"}
SENT = {**TOKEN, "content-type": "application/json"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _resources(settings: Any) -> Iterator[None]:
    with doors.resources(settings):
        yield


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> list[observe.Span]:
    found: list[observe.Span] = []
    monkeypatch.setattr(observe, "_sinks", [found.append])
    return found


def is_direct(method: str = "GET", path: str = NOTES, **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asgi.is_direct(doors.scope_of(method, path, headers=named))


def test_requests_with_a_token_and_no_cookie_go_past_django(settings: Any) -> None:
    assert is_direct(authorization="Bearer x")
    assert is_direct("DELETE", f"{NOTES}/1/", authorization="bearer x")
    assert is_direct("OPTIONS", access_control_request_method="GET")
    assert not is_direct()
    assert not is_direct(authorization="Basic x")
    assert not is_direct(authorization="Bearer x", cookie="sessionid=y")
    assert not is_direct("OPTIONS", authorization="Bearer x")
    for path in (
        "/api/",
        "/api/schema/",
        "/api/notes/",
        f"{NOTES}/1/2",
        f"{NOTES}//",
        "/api/teams",
        "/team-notes",
    ):
        assert not is_direct(path=path, authorization="Bearer x"), path


def test_own_throttles_and_authentication_are_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_direct(authorization="Bearer x")
    with monkeypatch.context() as patch:
        patch.setattr(api_settings, "DEFAULT_THROTTLE_CLASSES", [UserRateThrottle], raising=False)
        assert not is_direct(authorization="Bearer x")
    with monkeypatch.context() as patch:
        patch.setattr(api_settings, "DEFAULT_AUTHENTICATION_CLASSES", [object], raising=False)
        assert not is_direct(authorization="Bearer x")
    assert is_direct(authorization="Bearer x")


def test_a_session_needs_a_csrf_token_to_write() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(doors.user_of(ANNA))
    assert browser.get(NOTES).status_code == 200
    refused = browser.post(NOTES, {"title": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "permission_denied")
    form = browser.post(NOTES, {"title": "x"})
    assert form.status_code == 403
    assert not TeamNote.objects.exists()


@pytest.mark.parametrize("header", ["Bearer", "Bearer /", "Bearer a b", "Bearer  "])
def test_a_token_that_is_not_valid(header: str) -> None:
    found = raw("GET", NOTES, headers={"authorization": header + ("" if " " in header else " ")})
    assert (found.status, found.error["code"]) == (401, "authentication_failed")
    assert found.headers["www-authenticate"] == "Bearer"


def test_an_expired_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async def expired(header: str) -> Identity:
        raise CredentialExpired(Identity(ANNA.user_id))

    monkeypatch.setattr("podium.endpoints.credentials.authenticate", expired)
    found = raw("GET", NOTES, headers=TOKEN)
    assert (found.status, found.error["message"]) == (
        401,
        "The access token has expired. Get another with the refresh token.",
    )


def test_operators_who_act_as_a_user_only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    own = note("own")

    async def operator(header: str) -> Identity:
        return Identity(ANNA.user_id, operator="1")

    monkeypatch.setattr("podium.endpoints.credentials.authenticate", operator)
    assert raw("GET", f"{NOTES}/{own.pk}", headers=TOKEN).status == 200
    for method, address in (("POST", NOTES), ("PATCH", f"{NOTES}/{own.pk}"), ("DELETE", f"{NOTES}/{own.pk}")):
        found = raw(method, address, b"{}", SENT)
        assert (found.status, found.error["code"]) == (403, "endpoints.impersonation_refused")
    assert TeamNote.objects.get().title == "own"


def test_api_keys_are_refused_unless_the_rules_name_the_action(monkeypatch: pytest.MonkeyPatch) -> None:
    async def program(header: str) -> Identity:
        return Identity(ANNA.user_id, api_key="report")

    monkeypatch.setattr("podium.endpoints.credentials.authenticate", program)
    found = raw("GET", NOTES, headers=TOKEN)
    assert (found.status, found.error["code"]) == (403, "endpoints.api_key_refused")
    rules = rules_of(TeamNote)
    assert rules is not None
    monkeypatch.setattr(rules, "api_keys", ["read"])
    assert raw("GET", NOTES, headers=TOKEN).status == 200
    assert raw("POST", NOTES, b"{}", SENT).error["code"] == "endpoints.api_key_refused"


def test_users_without_their_second_factor_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unfinished(header: str) -> Identity:
        return Identity(ANNA.user_id, unfinished=True)

    monkeypatch.setattr("podium.endpoints.credentials.authenticate", unfinished)
    assert raw("GET", NOTES, headers=TOKEN).error["code"] == "endpoints.sign_in_unfinished"


def test_a_body_that_is_too_large(settings: Any) -> None:
    settings.ENDPOINTS_MAX_BODY_BYTES = 100
    found = raw("POST", NOTES, json.dumps({"title": "x" * 200}).encode(), SENT)
    assert (found.status, found.error["code"]) == (413, "endpoints.body_too_large")
    assert found.headers["connection"] == "close"


def test_requests_are_counted_at_both_entries(settings: Any) -> None:
    settings.ENDPOINTS_RATE = "2/h"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "rest"}
    }
    browser = Client()
    browser.force_login(doors.user_of(ANNA))
    assert raw("GET", NOTES, headers=TOKEN).status == browser.get(NOTES).status_code == 200
    found = raw("GET", NOTES, headers=TOKEN)
    assert (found.status, found.error["code"]) == (429, "endpoints.too_many_calls")
    assert int(found.headers["retry-after"]) > 0
    assert found.headers["ratelimit-policy"] == '"2/h by user";q=2;w=3600'
    assert found.headers["ratelimit"].startswith('"2/h by user";r=0;t=')
    refused = browser.get(NOTES)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "endpoints.too_many_calls")
    assert refused.headers["ratelimit-policy"] == found.headers["ratelimit-policy"]
    assert raw("POST", NOTES, b"{}", SENT).status == 201


def test_pages_of_other_origins_read_answers_with_a_token(settings: Any) -> None:
    settings.ENDPOINTS_ALLOWED_ORIGINS = ["https://app.example.com"]
    address = f"{NOTES}/{note('own').pk}"
    asked = {
        "origin": "https://app.example.com",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,if-match",
    }
    found = raw("OPTIONS", f"{NOTES}/1", headers=asked)
    assert (found.status, found.headers["access-control-allow-origin"]) == (200, "https://app.example.com")
    assert found.headers["access-control-allow-methods"] == "GET, PUT, PATCH, DELETE"
    assert found.headers["access-control-allow-headers"] == "authorization,if-match"
    for sent in (TOKEN, {"authorization": "Bearer "}):
        answered = raw("GET", address, headers={**sent, "origin": "https://app.example.com"})
        assert answered.headers["access-control-allow-origin"] == "https://app.example.com"
    answered = raw("GET", address, headers={**TOKEN, "origin": "https://app.example.com"})
    assert answered.headers["access-control-expose-headers"] == "etag"
    other = raw("GET", NOTES, headers={**TOKEN, "origin": "https://other.example.com"})
    assert "access-control-allow-origin" not in other.headers


def test_a_failure_is_logged_and_says_nothing(
    monkeypatch: pytest.MonkeyPatch, spans: list[observe.Span]
) -> None:
    async def fail(*_: Any) -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(handler, "arespond", fail)
    found = raw("GET", NOTES, headers=TOKEN)
    assert (found.status, found.error["code"]) == (500, "server_error")
    assert b"secret" not in found.content
    assert "ZeroDivisionError" in spans[0].error


def test_the_call_log_has_requests_of_both_entries(spans: list[observe.Span]) -> None:
    browser = Client()
    browser.force_login(doors.user_of(ANNA))
    browser.get(f"{NOTES}/1")
    raw("GET", f"{NOTES}/1", headers=TOKEN)
    browser.get(NOTES)
    raw("HEAD", NOTES, headers=TOKEN)
    seen = [(each.kind, each.name, each.user_id, each.status) for each in spans]
    one, many = (
        ("call", f"GET {NOTES}{rest}", ANNA.user_id, status) for rest, status in (("/{id}", 404), ("", 200))
    )
    assert seen == [one, one, many, many]


def test_the_size_of_a_body_is_that_of_calls() -> None:
    assert conf.MAX_BODY_BYTES == 512 * 1024
    assert raw("POST", NOTES, b"[" + b" " * (512 * 1024) + b"]", SENT).status == 413
