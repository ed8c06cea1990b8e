"""The OpenAPI description of the test server is complete, although its models are outside the project's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from drf_spectacular.validation import validate_schema

from tests.testserver.build import CORPUS, NAME

DYNAMIC = {"className", "data"}
"""The properties of a value that carries its type."""


@pytest.fixture(scope="module")
def described(host: str) -> Any:
    answer = httpx.get(f"{host}api/schema/", headers={"Accept": "application/json"}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def below(value: Any) -> Iterator[dict[str, Any]]:
    """All objects inside of a document."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from below(each)


def result(described: Any, path: str) -> Any:
    return described["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]


def test_the_description_is_valid_and_every_reference_leads_to_a_schema(described: Any) -> None:
    validate_schema(described)
    schemas = described["components"]["schemas"]
    named = {each["$ref"] for each in below(described) if "$ref" in each}
    assert named
    assert {name.removeprefix("#/components/schemas/") for name in named} <= schemas.keys()
    assert all(schemas.values())


def test_every_type_of_a_signature_is_described_and_only_dynamic_is_open(described: Any) -> None:
    """A type whose class was not found would also be dynamic."""
    methods = json.loads((CORPUS / "projects" / NAME / "dart_api.json").read_text())["endpoints"]
    seen = 0
    for endpoint, known in methods.items():
        for name, method in known["methods"].items():
            types = [method["returns"], *(each["type"] for each in method["params"])]
            if (path := described["paths"].get(f"/{endpoint}/{name}")) is None or "dynamic" in str(types):
                continue
            seen += 1
            given = path["post"]["requestBody"], path["post"]["responses"]["200"]
            open_ones = [each for each in below(list(given)) if each.get("properties", {}).keys() == DYNAMIC]
            assert not open_ones, (endpoint, name)
    assert seen > 300


def test_classes_including_those_of_modules_are_described_with_their_fields(described: Any) -> None:
    schemas = described["components"]["schemas"]
    simple = "#/components/schemas/call.SimpleData"
    assert result(described, "/setParameters/returnSimpleDataSet") == {
        "type": "array",
        "items": {"$ref": simple},
    }
    assert schemas["call.SimpleData"]["required"] == ["num"]
    assert result(described, "/moduleSerialization/modifyModuleObject") == {
        "$ref": "#/components/schemas/call.serverpod_test_module.ModuleClass"
    }
    assert {"data", "name"} <= schemas["call.serverpod_test_module.ModuleClass"]["properties"].keys()
    assert schemas["call.TestEnum"] == {
        "type": "integer",
        "enum": [0, 1, 2],
        "description": "one, two, three",
    }
