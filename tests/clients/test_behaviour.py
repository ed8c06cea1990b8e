"""One list of behaviour (behaviour.json) for all clients: Dart, TypeScript in Node and Chromium, Python async and sync.

Dart uses `serverpod_client`: the one in DART_PACKAGES, else the stand-in of tests/dart.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.codegen import python
from tests.clients import behaviour, dart
from tests.clients.javascript import Findings, in_chromium, in_node
from tests.codegen import language, wire_server
from tests.codegen.test_typescript import client as typescript_client
from tests.codegen.test_typescript import compiler

__all__ = ["compiler", "typescript_client"]

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
BEHAVIOUR = json.loads((HERE / "behaviour.json").read_text())
NAMES = [*(one["name"] for one in BEHAVIOUR["values"]), *BEHAVIOUR["scenarios"]]
WITHOUT = BEHAVIOUR["without"]
"""Scenarios that a client does not support, with the reason."""


def in_python(lab: Any, host: str, connect: Callable[..., Any]) -> Findings:
    return asyncio.run(behaviour.run(lab, connect, host, BEHAVIOUR))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The Python client; a different package than in tests/codegen."""
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


@pytest.fixture(scope="module", params=["dart", "node", "chromium", "python", "python-sync"])
def findings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """The results of one client, which runs once."""
    with wire_server.running() as host:
        if request.param == "dart":
            return dart.behaviour(host, tmp_path_factory.mktemp("dart"))
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
def test_a_client_behaves(findings: Findings, name: str, request: pytest.FixtureRequest) -> None:
    if reason := WITHOUT.get(request.node.callspec.params["findings"], {}).get(name):
        pytest.skip(reason)
    assert findings[name] == ""
