"""Shared steps of the tests of both servers on one database: signing in, refreshing, coming from a provider."""

from __future__ import annotations

from typing import Any

from accounts.providers.claims import Claims
from accounts.sign_in import identities
from podium.endpoints import testing
from podium.endpoints.calls import Call
from tests.accounts.conftest import Make

PASSWORD = "correct horse battery 7"
NEWER = "another horse and battery 8"
OLD = "2025-01-02 03:04:05"


def login(call: Make, password: str = PASSWORD, email: str = "ben@example.com") -> Any:
    return call("emailIdp.login", email=email, password=password)


def origin() -> Call:
    return Call("test", "test", None, {}, "192.0.2.1")


def refresh(text: str) -> Any:
    return testing.call("jwtRefresh.refreshAccessToken", refresh_token=text)


def by_google(subject: str, email: str) -> Any:
    claims = Claims(provider="google", subject=subject, email=email, email_verified=True)
    return identities.sign_in(origin(), claims)
