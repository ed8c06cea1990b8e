"""The sample app's endpoints, in this process and behind a real server."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from podium.endpoints import asgi
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.registry import Registry, instead
from tests import processes
from tests.endpoints.sample_app import endpoints as sample_app
from tests.processes import Server

CLASSES = [each for _, each in inspect.getmembers(sample_app, inspect.isclass) if issubclass(each, Endpoint)]


@pytest.fixture(autouse=True)
def registry(settings: Any) -> Iterator[Registry]:
    """Serve only the sample app's endpoints in this process."""
    settings.PODIUM_AUTHENTICATE = "tests.endpoints.sample_app.tokens.resolve"
    with instead(Registry(each for each in CLASSES if each is not Endpoint)) as found:
        assert found.faults == []
        yield found


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server with the sample app's endpoints, on the tests' database."""
    folder = tmp_path_factory.mktemp("server")
    with processes.server(folder, DJANGO_SETTINGS_MODULE="tests.endpoints.settings") as running:
        yield running


@pytest.fixture(params=["in this process", pytest.param("server", marks=pytest.mark.slow)])
async def http(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the sample app: once without a server in between, once with a real one."""
    if request.param == "server":
        transport, url = httpx.AsyncHTTPTransport(), request.getfixturevalue("server").url
    else:
        transport, url = httpx.ASGITransport(asgi.application), "http://server"  # type: ignore[assignment]
    async with httpx.AsyncClient(transport=transport, base_url=url, timeout=20) as client:
        yield client
