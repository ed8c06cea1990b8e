"""Clients lack the methods that an endpoint hides of its parent; deprecations are marked in every client."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from podium.codegen import dart, openapi, python, typescript
from podium.codegen.dart.breaks import broken
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, hidden
from podium.endpoints.registry import Registry
from tests.codegen import language
from tests.conformance import dart_api
from tests.schema.texts import load_texts


class AddingEndpoint(Endpoint):
    async def add(self, call: Call, a: int, b: int) -> int:
        return a + b

    async def subtract(self, call: Call, a: int, b: int) -> int:
        return a - b


class OnlyAddingEndpoint(AddingEndpoint):
    @hidden
    async def subtract(self, call: Call, a: int, b: int) -> int:
        raise NotImplementedError


class StillOnlyAddingEndpoint(OnlyAddingEndpoint):
    async def double(self, call: Call, a: int) -> int:
        return a + a


class AgainBothEndpoint(OnlyAddingEndpoint):
    async def subtract(self, call: Call, a: int, b: int) -> int:
        return a - b


@hidden
class UnseenEndpoint(AddingEndpoint):
    pass


class BehindEndpoint(UnseenEndpoint):
    async def triple(self, call: Call, a: int) -> int:
        return 3 * a


EXPECTED = {
    "adding": {"add", "subtract"},
    "onlyAdding": {"add"},
    "stillOnlyAdding": {"add", "double"},
    "againBoth": {"add", "subtract"},
    "behind": {"add", "subtract", "triple"},
}
ENDPOINTS = Registry(
    [AddingEndpoint, OnlyAddingEndpoint, StillOnlyAddingEndpoint, AgainBothEndpoint, BehindEndpoint]
).definitions()


def emitted(emitter: Any, package: str) -> dict[str, str]:
    empty, _ = load_texts({})
    return emitter(empty, ENDPOINTS, package=package, version="1.0.0")


def test_dart_has_no_hidden_method() -> None:
    api = dart_api.read(emitted(dart.emit, "hiding_client"))["endpoints"]
    assert {name: set(entry["methods"]) for name, entry in api.items()} == EXPECTED
    assert [api[name]["extends"] for name in EXPECTED] == [
        "EndpointRef",
        "EndpointRef",
        "EndpointOnlyAdding",
        "EndpointOnlyAdding",
        "EndpointRef",
    ]


def test_typescript_has_no_hidden_method() -> None:
    text = emitted(typescript.emit, "hiding-client")["src/endpoints.ts"]
    own: dict[str, set[str]] = {"Endpoint": set()}
    for name, parent, body in re.findall(r"class (\w+) extends (\w+) \{\n(.*?)\n\}\n", text, re.DOTALL):
        methods = set(re.findall(r"^  (?:override )?(\w+)\(", body, re.MULTILINE)) - {"constructor"}
        own[name] = own[parent] | methods
    assert own == {"Endpoint": set()} | {
        f"{name[0].upper()}{name[1:]}Endpoint": methods for name, methods in EXPECTED.items()
    }


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Any]:
    for path, text in emitted(python.emit, "hiding-client").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    sys.path.insert(0, str(tmp_path))
    try:
        yield importlib.import_module("hiding_client")
    finally:
        sys.path.remove(str(tmp_path))


@pytest.mark.parametrize("name", ["Client", "AsyncClient"])
def test_python_has_no_hidden_method(package: Any, name: str) -> None:
    client = getattr(package, name)("http://127.0.0.1:9/")
    for wire_name, methods in EXPECTED.items():
        endpoint = getattr(client, re.sub("([A-Z])", r"_\1", wire_name).lower())
        assert {one for one in dir(endpoint) if not one.startswith("_")} == methods


# Deprecated parameters ------------------------------------------------------------------------------------------------


def test_dart_marks_a_deprecated_parameter() -> None:
    files = dart.emit(language.protocol(), language.endpoints(), package="lab_client", version="1.2.3")
    text = files["lib/src/protocol/client.dart"]
    assert "    @Deprecated('Say who. */') String name, {\n    String? greeting,\n" in text
    assert "    @Deprecated('Write it in \\'capitals\\'.') bool? loud,\n  }) =>" in text
    assert dart_api.read(files)["syntax_errors"] == []


def test_an_annotation_that_is_too_long_gets_its_own_lines() -> None:
    """As in dart_style's tests of metadata: the other annotations do not move."""
    parameters = f"@Deprecated('{'word ' * 10}') Map<String, String> a, [@Deprecated('no') int? b]"
    line = f"  Future<int> add({parameters}) => x('a');"
    assert broken(line) == (
        "  Future<int> add(\n"
        f"    @Deprecated('{'word ' * 10}')\n"
        "    Map<String, String> a, [\n"
        "    @Deprecated('no') int? b,\n"
        "  ]) => x('a');"
    )


def test_typescript_marks_a_deprecated_parameter() -> None:
    files = typescript.emit(language.protocol(), language.endpoints(), package="lab-client", version="1.2.3")
    text = files["src/endpoints.ts"]
    assert "   * @param name Deprecated: Say who. *\\/\n   * @param times Deprecated: Call it" in text
    assert "/** @deprecated Write it in 'capitals'. */ loud?: boolean }" in text


def test_python_names_a_deprecated_parameter() -> None:
    files = python.emit(language.protocol(), language.endpoints(), package="lab-client", version="1.2.3")
    for name in ("endpoints", "async_endpoints"):
        assert "        times is deprecated: Call it more often.\n" in files[f"lab_client/{name}.py"]


def test_openapi_marks_a_deprecated_parameter() -> None:
    lab = next(one for one in language.endpoints() if one.name == "lab")
    method = next(one for one in lab.methods if one.wire_name == "arguments")
    paths = openapi.describe([replace(lab, methods=[method])])["paths"]
    content = paths["/lab/arguments"]["post"]["requestBody"]["content"]["application/json"]
    arguments = content["schema"]["properties"]
    assert arguments["times"]["deprecated"]
    assert arguments["times"]["description"] == "Call it more often."
    assert "deprecated" not in arguments["greeting"]
