"""The methods of the test server that return their argument, with a value on the wire for each type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from podium.wire.errors import SchemaError
from podium.wire.parse import parse_type
from podium.wire.types import RECORD, TypeRef
from tests.testserver.build import CORPUS, NAME

ENDPOINTS = ["basicTypes", "listParameters", "setParameters", "mapParameters", "recordParameters"]
STREAMING = ["basicTypesStreaming", "methodStreaming"]
SCALARS: dict[str, Any] = {
    "int": -5,
    "double": 1.5,
    "bool": True,
    "String": "ä\u2028😀",
    "DateTime": "2030-01-02T03:04:05.006Z",
    "Duration": 1500,
    "UuidValue": "550e8400-e29b-41d4-a716-446655440000",
    "Uri": "https://example.com/?a=b",
    "BigInt": str(-(2**100)),
    "ByteData": "decode('AAH+/w==', 'base64')",
    "SimpleData": {"__className__": "SimpleData", "num": 1},
}


def echoes() -> list[dict[str, Any]]:
    """Endpoint and method as on the wire, the type as in Dart, the JSON to send.

    Models other than SimpleData are not included.
    """
    described = _described()
    return [
        {
            "name": f"{endpoint}.{name} {number}",
            "endpoint": endpoint,
            "method": name,
            "type": method["params"][0]["type"],
            "wire": wire,
        }
        for endpoint in ENDPOINTS
        for name, method in described[endpoint]["methods"].items()
        if (kind := _echoed(method)) is not None
        for number, wire in enumerate(examples(kind))
    ]


def streams() -> list[dict[str, Any]]:
    """The same for methods that return the values of a stream; `call` is an echo of their type."""
    described = _described()
    calls = {
        str(kind.required()): {"endpoint": endpoint, "method": name}
        for endpoint in ENDPOINTS
        for name, method in described[endpoint]["methods"].items()
        if (kind := _echoed(method)) is not None and (kind.nullable or endpoint != "basicTypes")
    }
    return [
        {
            "name": f"{endpoint}.{name} {number}",
            "call": calls[str(kind.required())],
            "endpoint": endpoint,
            "method": name,
            "type": method["params"][0]["type"].removeprefix("Stream<").removesuffix(">"),
            "wire": wire,
        }
        for endpoint in STREAMING
        for name, method in described[endpoint]["methods"].items()
        if (kind := _streamed(method)) is not None and str(kind.required()) in calls
        for number, wire in enumerate(examples(kind))
    ]


def _described() -> dict[str, Any]:
    """The endpoints of the corpus' project."""
    return json.loads((CORPUS / "projects" / NAME / "dart_api.json").read_text())["endpoints"]


def _streamed(method: dict[str, Any]) -> TypeRef | None:
    """The type of the values of a method's one stream, if it returns a stream of the same."""
    given = [one["type"] for one in method["params"]]
    if len(given) != 1 or given != [method["returns"]] or not given[0].startswith("Stream<"):
        return None
    return parse_type(given[0].removeprefix("Stream<").removesuffix(">"))


def _echoed(method: dict[str, Any]) -> TypeRef | None:
    """The type of a method's one argument, if it returns the same."""
    given = [one["type"] for one in method["params"] if one["kind"] == "positional"]
    if len(method["params"]) != 1 or method["returns"] != f"Future<{''.join(given)}>":
        return None
    try:
        return parse_type(given[0])
    except SchemaError:
        return None  # the file omits the comma of a record with one field


def examples(kind: TypeRef) -> Iterator[Any]:
    """JSON of this type: null if nullable, empty and filled containers; none for a type without example."""
    if kind.nullable:
        yield None
    inside = [list(examples(one)) for one in kind.arguments]
    if kind.name in SCALARS:
        yield SCALARS[kind.name]
    elif kind.name == RECORD:
        named = {name: list(examples(one)) for name, one in kind.named}
        if all(inside) and all(named.values()):
            yield from (_record(inside, named, end) for end in (0, -1))
    elif kind.name in ("List", "Set", "Map") and all(inside):
        yield {} if kind.name == "Map" and str(kind.arguments[0]) == "String" else []
        yield _filled(kind, inside)


def _record(inside: list[list[Any]], named: dict[str, list[Any]], end: int) -> dict[str, Any]:
    """A record of the first or the last examples of its fields."""
    positional = [each[end] for each in inside]
    by_name = {name: each[end] for name, each in named.items()}
    return ({"p": positional} if positional else {}) | ({"n": by_name} if by_name else {})


def _filled(kind: TypeRef, inside: list[list[Any]]) -> Any:
    if kind.name != "Map":
        return inside[0] if kind.name == "List" else inside[0][-1:]
    if str(kind.arguments[0]) == "String":
        return {f"key {number}": each for number, each in enumerate(inside[1])}
    return [{"k": inside[0][-1], "v": inside[1][-1]}]
