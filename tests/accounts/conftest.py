"""Calls with an address and a token, as a client makes them; limits that start anew with each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from accounts import hashers, tokens
from accounts.models import User
from core import clock
from endpoints import dispatch
from endpoints.calls import Call, Identity
from endpoints.errors import NotSignedIn
from schema.codecs import dumps, loads
from schema.names import lower_camel_case

PASSWORD = "correct horse battery 7"

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any) -> None:
    """The cache counts tries. A prefix of its own is an empty cache."""
    cache = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": cache}
    settings.REALTIME_PREFIX = uuid.uuid4().hex
    tokens.cache.forget(None)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as it is, but with little memory and in one thread: what it is to cost is a test of its own."""
    monkeypatch.setattr(hashers.Argon2, "memory_cost", 64)
    monkeypatch.setattr(hashers.Argon2, "parallelism", 1)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """later(days=5): it is then."""

    def later(**delta: float) -> None:
        now = clock.now() + timedelta(**delta)
        monkeypatch.setattr(clock, "now", lambda: now)
        tokens.cache.forget(None)

    return later


@pytest.fixture
def call(transactional_db: None) -> Make:
    """call("emailIdp.login", token=..., address=..., **arguments): a call by HTTP, less the HTTP."""

    def call(
        method: str, *, token: str = "", address: str = "192.0.2.1", device: str = "", **arguments: Any
    ) -> Any:
        async def run() -> Any:
            endpoint, _, name = method.rpartition(".")
            target = dispatch.find(endpoint, lower_camel_case(name))
            identity = await dispatch.identify(target, f"Bearer {token}" if token else None)
            headers = {"user-agent": device}
            context = Call(endpoint, target.method.wire_name, identity, headers, address)
            await dispatch.authorize(target, context)
            result = await dispatch.invoke(target, context, dispatch.decode_arguments(target, arguments))
            return target.result.decode(loads(dumps(target.result.encode(result))))

        return async_to_sync(run)()

    return call


@pytest.fixture
def anna(transactional_db: None) -> User:
    return User.objects.create_user("anna@example.com", PASSWORD)


def just_signed_in(user: User) -> Identity:
    """The identity of a device that signed in a moment ago. A sign-in with this identity replaces it."""
    return Identity(str(user.pk), token_id=str(tokens.issue(user).row.pk))


def works(token: str) -> bool:
    """Whether a call with this token would get through."""

    async def ask() -> bool:
        try:
            return await dispatch.authenticate(f"Bearer {token}") is not None
        except NotSignedIn:
            return False

    return async_to_sync(ask)()
