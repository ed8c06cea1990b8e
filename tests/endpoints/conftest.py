"""The laboratory's endpoints, in this process and behind a real server."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from endpoints import asgi
from endpoints.endpoint import Endpoint
from endpoints.registry import Registry, instead
from tests import processes
from tests.endpoints.laboratory import endpoints as laboratory
from tests.processes import Server

CLASSES = [each for _, each in inspect.getmembers(laboratory, inspect.isclass) if issubclass(each, Endpoint)]


@pytest.fixture(autouse=True)
def registry(settings: Any) -> Iterator[Registry]:
    """This process serves the laboratory's endpoints and no others."""
    settings.PODIUM_AUTHENTICATE = "tests.endpoints.laboratory.tokens.resolve"
    with instead(Registry(each for each in CLASSES if each is not Endpoint)) as found:
        assert found.faults == []
        yield found


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server with the laboratory's endpoints, on the tests' database."""
    folder = tmp_path_factory.mktemp("server")
    with processes.server(folder, DJANGO_SETTINGS_MODULE="tests.endpoints.settings") as running:
        yield running


@pytest.fixture(params=["in this process", pytest.param("server", marks=pytest.mark.slow)])
async def http(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the laboratory: once without a server in between, once with a real one."""
    if request.param == "server":
        transport, url = httpx.AsyncHTTPTransport(), request.getfixturevalue("server").url
    else:
        transport, url = httpx.ASGITransport(asgi.application), "http://server"  # type: ignore[assignment]
    async with httpx.AsyncClient(transport=transport, base_url=url, timeout=20) as client:
        yield client
