"""A credential that is revoked while a stream is being opened is looked up again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

import pytest

from podium.endpoints.calls import Call, Identity
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.registry import Registry, instead
from realtime import revocation
from realtime.revocation import Revoked
from tests.endpoints.entry_rules import socket

ANNA = Identity("anna", frozenset({"writer"}), "phone")
LESS = Identity("anna", frozenset(), "phone")

answers: list[tuple[Revoked | None, Identity | None]] = []
"""For each look-up: the revocation that arrives while it runs, and its result."""


async def resolve(token: str) -> Identity | None:
    heard, found = answers.pop(0)
    if heard is not None:
        revocation.tell(heard)
        await asyncio.sleep(0.02)  # the socket's loop passes it to the streams
    return found


class OpenEndpoint(Endpoint):
    async def watch(self, call: Call) -> AsyncIterator[str]:
        yield call.identity.user_id if call.identity else "nobody"


class MembersEndpoint(OpenEndpoint):
    require_login: ClassVar[bool] = True


class WritersEndpoint(OpenEndpoint):
    required_scopes: ClassVar[frozenset[str]] = frozenset({"writer"})


@pytest.fixture(autouse=True)
def served(settings: Any) -> Iterator[None]:
    settings.PODIUM_AUTHENTICATE = "tests.realtime.test_opening.resolve"
    with instead(Registry([OpenEndpoint, MembersEndpoint, WritersEndpoint])):
        yield
    answers.clear()


PHONE, OTHER, WRITER = (
    Revoked("anna", "phone"),
    Revoked("anna", "tablet"),
    Revoked("anna", "", frozenset({"writer"})),
)


@pytest.mark.parametrize(
    ("endpoint", "looked_up", "outcome"),
    [
        ("members", [(None, ANNA)], "anna"),
        ("members", [(PHONE, ANNA), (None, None)], "authenticationFailed"),
        ("open", [(PHONE, ANNA), (None, None)], "nobody"),
        ("members", [(PHONE, ANNA), (None, ANNA)], "anna"),
        ("members", [(PHONE, ANNA), (PHONE, ANNA)], "authenticationFailed"),
        ("members", [(OTHER, ANNA)], "anna"),
        ("writers", [(WRITER, ANNA), (None, LESS)], "authorizationDeclined"),
        ("members", [(WRITER, ANNA)], "anna"),
    ],
)
def test_a_revocation_during_the_look_up_counts(
    endpoint: str, looked_up: list[tuple[Revoked | None, Identity | None]], outcome: str
) -> None:
    answers.extend(looked_up)
    assert socket(endpoint, "Bearer anna", {}) == outcome
    assert answers == []
