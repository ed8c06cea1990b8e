"""Calls with an address and a token, as a client makes them; fresh limits for each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import caches

from accounts.models import User
from accounts.sessions import identity_cache, sessions
from accounts.sign_in import methods
from podium.core import clock
from podium.endpoints import credentials, dispatch, targets
from podium.endpoints.arguments import encode_result
from podium.endpoints.calls import Identity
from podium.endpoints.errors import NotSignedIn
from podium.wire.codecs import dumps, loads
from podium.wire.names import lower_camel_case

PASSWORD = "correct horse battery 7"

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any) -> Iterator[None]:
    """Give each test an empty cache, which counts tries, by a separate prefix. Its connections end with the test."""
    cache = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": cache}
    settings.REALTIME_PREFIX = uuid.uuid4().hex
    identity_cache.cache.forget(None)
    yield
    client = vars(caches["default"]).get("_cache")
    for pool in getattr(client, "_pools", {}).values():
        pool.disconnect()


@pytest.fixture(autouse=True)
def every_method(settings: Any) -> None:
    """Turn on all sign-in methods, though few are set up."""
    settings.ACCOUNTS_SIGN_IN = methods.every()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """later(days=5) sets the clock to five days from now."""

    def later(**delta: float) -> None:
        now = clock.now() + timedelta(**delta)
        monkeypatch.setattr(clock, "now", lambda: now)
        identity_cache.cache.forget(None)

    return later


@pytest.fixture
def call(transactional_db: None) -> Make:
    """call("emailIdp.login", token=..., address=..., **arguments): a call as over HTTP, without HTTP."""

    def call(
        method: str, *, token: str = "", address: str = "192.0.2.1", device: str = "", **arguments: Any
    ) -> Any:
        async def run() -> Any:
            endpoint, _, name = method.rpartition(".")
            target = targets.find(endpoint, lower_camel_case(name))
            invocation = await dispatch.enter(
                target,
                "call",
                f"Bearer {token}" if token else None,
                lambda: arguments,
                headers={"user-agent": device},
                address=address,
            )
            result = encode_result(target, await invocation.result())
            return target.result.decode(loads(dumps(result)))

        return async_to_sync(run)()

    return call


@pytest.fixture
def anna(transactional_db: None) -> User:
    return User.objects.create_user("anna@example.com", PASSWORD)


def just_signed_in(user: User) -> Identity:
    """The identity of a device that signed in a moment ago. A sign-in with this identity replaces it."""
    return Identity(str(user.pk), token_id=str(sessions.issue(user).row.pk))


def works(token: str) -> bool:
    """Test whether calls with this token are accepted."""

    async def ask() -> bool:
        try:
            return await credentials.authenticate(f"Bearer {token}") is not None
        except NotSignedIn:
            return False

    return async_to_sync(ask)()
