"""Generated resources for the models of tests/access/teams, through both entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access import teams_app
from tests.rest import shelf_app

teams_app.install()
shelf_app.install()

from tests.rest import doors  # noqa: E402  the apps' models
from tests.rest.doors import Door  # noqa: E402
from tests.rows.world import ANNA, BEN, CARL  # noqa: E402


@pytest.fixture(params=["django", "server"])
def send(request: pytest.FixtureRequest, settings: Any) -> Iterator[Any]:
    """An entry, with rules and resources."""
    with doors.resources(settings):
        yield {"django": doors.through_django, "server": doors.through_server}[request.param]


@pytest.fixture
def anna(send: Any) -> Door:
    return Door(send, ANNA)


@pytest.fixture
def ben(send: Any) -> Door:
    return Door(send, BEN)


@pytest.fixture
def carl(send: Any) -> Door:
    return Door(send, CARL)


@pytest.fixture
def nobody(send: Any) -> Door:
    return Door(send)
