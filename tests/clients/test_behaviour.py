"""One list of behaviour (behaviour.json) for all clients: TypeScript in Node and in Chromium, Python async and sync."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen import python
from tests.clients import behaviour
from tests.clients.javascript import Findings, in_chromium, in_node
from tests.codegen import language, wire_server
from tests.codegen.test_typescript import client as typescript_client
from tests.codegen.test_typescript import compiler

__all__ = ["compiler", "typescript_client"]

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
BEHAVIOUR = json.loads((HERE / "behaviour.json").read_text())
NAMES = [*(one["name"] for one in BEHAVIOUR["values"]), *BEHAVIOUR["scenarios"]]


def in_python(lab: Any, host: str, connect: Callable[..., Any]) -> Findings:
    return asyncio.run(behaviour.run(lab, connect, host, BEHAVIOUR))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The Python client; another package than that of tests/codegen."""
    folder = tmp_path_factory.mktemp("behaviour")
    texts = python.emit(
        language.protocol(), language.endpoints(), package="behaviour-client", version="1.2.3"
    )
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("behaviour_client")
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module", params=["node", "chromium", "python", "python-sync"])
def findings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """What one client did: run once, looked at name by name."""
    with wire_server.running() as host:
        if run := {"node": in_node, "chromium": in_chromium}.get(request.param):
            compiled = request.getfixturevalue("typescript_client")
            return run("behaviour.mjs", compiled, host, BEHAVIOUR, tmp_path_factory.mktemp("list"))
        lab = request.getfixturevalue("lab")

        def connect(*, host: str = host, **options: Any) -> Any:
            if request.param == "python":
                return lab.AsyncClient(host, **options)
            return behaviour.OnThreads(lab.Client(host, **options))

        return in_python(lab, host, connect)


@pytest.mark.parametrize("name", NAMES)
def test_a_client_behaves(findings: Findings, name: str) -> None:
    assert findings[name] == ""
