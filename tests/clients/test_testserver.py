"""All clients with the test server: all types and containers, null and not, in calls and streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from podium.wire.names import snake_case
from tests.clients import behaviour, dart, testserver
from tests.clients.echoes import echoes, streams
from tests.clients.javascript import Findings, in_chromium, in_node
from tests.codegen.test_typescript import compiled, compiler
from tests.testserver import build
from tests.testserver.conftest import generate, host, package

__all__ = ["compiler", "host", "package"]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not build.is_possible(), reason=build.MISSING)]

ECHOES = echoes() if build.is_possible() else []
STREAMS = streams() if build.is_possible() else []
SCENARIOS = json.loads(Path(__file__).with_name("behaviour.json").read_text())["testserver"]


@pytest.fixture(scope="module")
def client(compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript client of the test server, compiled; its index.js."""
    return compiled(compiler, generate("typescript", tmp_path_factory.mktemp("testserver-typescript")), {})


@pytest.fixture(scope="module", params=["dart", "node", "chromium", "python", "python-sync"])
def findings(
    request: pytest.FixtureRequest, host: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Findings]:
    """The results of one client, which runs once."""
    steps = {"echoes": ECHOES, "streams": STREAMS, "scenarios": SCENARIOS}
    folder = tmp_path_factory.mktemp("list")
    if request.param == "dart":
        yield dart.testserver(host, steps, folder)
    elif run := {"node": in_node, "chromium": in_chromium}.get(request.param):
        yield run("testserver.mjs", request.getfixturevalue("client"), host, steps, folder)
    else:
        lab = request.getfixturevalue("package")

        def connect(**options: Any) -> Any:
            if request.param == "python":
                return lab.AsyncClient(host, **options)
            return behaviour.OnThreads(lab.Client(host, **options))

        found = {one["name"]: _tried(lab, host, one, request.param) for one in ECHOES}
        found |= {one["name"]: _stream_tried(lab, connect, one) for one in STREAMS}
        yield found | asyncio.run(testserver.run(lab, connect, SCENARIOS))


def _tried(lab: Any, host: str, one: dict[str, Any], kind: str) -> str:
    try:
        found = asyncio.run(_echo_async(lab, host, one)) if kind == "python" else _echo(lab, host, one)
    except Exception as error:  # noqa: BLE001 - any error is a result
        return repr(error)
    return "" if _plain(found) == _plain(one["wire"]) else f"found {found!r}"


def _method(client: Any, one: dict[str, Any]) -> Any:
    return getattr(getattr(client, snake_case(one["endpoint"])), snake_case(one["method"]))


def _canned(one: dict[str, Any]) -> httpx.MockTransport:
    """A transport that answers with the JSON, so that the client itself decodes the value."""
    return httpx.MockTransport(lambda request: httpx.Response(200, content=json.dumps(one["wire"])))


def _echo(lab: Any, host: str, one: dict[str, Any]) -> Any:
    with httpx.Client(transport=_canned(one)) as http:
        value = _method(lab.Client(host, http=http), one)(lab.UNSET)
    answers: list[Any] = []
    with httpx.Client(
        event_hooks={"response": [lambda answer: answers.append((answer.read(), answer))]}
    ) as http:
        _method(lab.Client(host, http=http), one)(value)
    return answers[0][1].json()


async def _echo_async(lab: Any, host: str, one: dict[str, Any]) -> Any:
    async with httpx.AsyncClient(transport=_canned(one)) as http:
        value = await _method(lab.AsyncClient(host, http=http), one)(lab.UNSET)
    answers: list[httpx.Response] = []

    async def keep(answer: httpx.Response) -> None:
        await answer.aread()
        answers.append(answer)

    async with httpx.AsyncClient(event_hooks={"response": [keep]}) as http:
        await _method(lab.AsyncClient(host, http=http), one)(value)
    return answers[0].json()


def _stream_tried(lab: Any, connect: Any, one: dict[str, Any]) -> str:
    try:
        found = asyncio.run(_streamed(lab, connect, one))
    except Exception as error:  # noqa: BLE001 - any error is a result
        return repr(error)
    return "" if _plain(found) == _plain([one["wire"]] * 2) else f"found {found!r}"


async def _streamed(lab: Any, connect: Any, one: dict[str, Any]) -> list[Any]:
    """Send a value through a stream. A call of the type decodes its JSON, and encodes the results."""
    call = one["call"] | {"wire": one["wire"]}
    sent: list[Any] = []

    def keep(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, content=json.dumps(one["wire"]))

    with httpx.Client(transport=httpx.MockTransport(keep)) as http:
        canned = _method(lab.Client("http://canned/", http=http), call)
        value = canned(lab.UNSET)
        sent.clear()
        async with connect() as client:
            for each in await behaviour.all_of(_method(client, one)([value, value])):
                canned(each)
    return [next(iter(given.values())) for given in sent]


def _plain(value: Any) -> Any:
    """Normalize the one moment of the examples to a fixed number of digits."""
    if isinstance(value, str):
        return value.replace("05.006000Z", "05.006Z")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("name", [one["name"] for one in [*ECHOES, *STREAMS]])
def test_a_value_comes_back_from_the_server(findings: Findings, name: str) -> None:
    assert findings[name] == ""


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_client_does_what_the_server_offers(findings: Findings, name: str) -> None:
    assert findings[name] == ""
