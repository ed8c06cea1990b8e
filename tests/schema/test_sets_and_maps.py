"""Sets and maps keep their order and every entry; empty maps are read in Dart's form."""

from __future__ import annotations

import enum
from typing import Any

import pytest

from podium.wire.classes import WireEnum, register
from podium.wire.codecs import codec, decode_dynamic, dumps, encode_dynamic, loads, stored
from podium.wire.errors import WireError


class Key(enum.Enum):
    A = "a"
    B = "b"


register([WireEnum("SmKey", Key, "byName")])

BYTES = "decode('AQ==', 'base64')"
POINT = "SRID=4326;POINT({} 2)"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("Set<int>", [70, 3, 1_000_000, -1, 0, 12, 5]),
        ("Set<double>", [2.5, -1.0, 1e300, 0.5]),
        ("Set<bool>", [True, False]),
        ("Set<String?>", ["zebra", None, "ant", "Zebra", ""]),
        (
            "Set<DateTime>",
            ["2031-01-01T00:00:00.000002Z", "2031-01-01T00:00:00.000001Z", "2030-01-01T00:00:00.000Z"],
        ),
        ("Set<Duration>", [5, -1, 3]),
        ("Set<UuidValue>", [f"{number:08x}-0000-7000-8000-000000000000" for number in (9, 2, 5)]),
        ("Set<Uri>", ["https://b.example", "https://a.example"]),
        ("Set<BigInt>", [str(2**80), "1", str(2**70)]),
        ("Set<SmKey>", ["b", "a"]),
        ("Set<ByteData>", [BYTES, "decode('AA==', 'base64')", BYTES]),
        ("Set<ByteData?>", [BYTES, None, BYTES]),
        ("Set<(int, ByteData)>", [{"p": [1, BYTES]}, {"p": [1, BYTES]}]),
        ("Set<Vector(1)>", [[2.0], [1.0], [2.0]]),
        ("Set<Bit(2)>", ["11", "01", "11"]),
        ("Set<SparseVector(2)>", ["{1:2.0}/2", "{2:2.0}/2", "{1:2.0}/2"]),
        ("Set<GeographyPoint>", [POINT.format(9), POINT.format(1), POINT.format(5)]),
        ("Set<List<int>>", [[2], [1], [2]]),
        ("Set<Set<int>>", [[9, 1, 5], [4, 2]]),
        ("Set<Set<ByteData>?>", [[BYTES, BYTES], None]),
        ("Set<(int, String)>", [{"p": [2, "b"]}, {"p": [1, "a"]}]),
        ("List<Set<int>>", [[9, 1, 5]]),
        ("Map<String, Set<int>>", {"a": [9, 1, 5]}),
        ("Map<ByteData, int>", [{"k": BYTES, "v": 1}, {"k": BYTES, "v": 2}]),
        ("Map<int, Set<String>>", [{"k": 9, "v": ["b", "a"]}, {"k": 1, "v": []}]),
    ],
)
@pytest.mark.parametrize("of", [codec, stored])
def test_a_set_keeps_its_order_and_every_entry(kind: str, data: Any, of: Any) -> None:
    value = of(kind).decode(loads(dumps(data)))
    assert of(kind).encode(value) == data


@pytest.mark.parametrize(
    "entries",
    [
        [("int", 9), ("int", 1), ("String", "b"), ("int", 5)],
        [("int", 1), ("bool", True)],
        [("bool", False), ("double", 0.0)],
        [("ByteData", BYTES), ("ByteData", BYTES)],
        [("List", []), ("List", [])],
    ],
)
def test_a_dynamic_set_or_map_keeps_entries_that_are_equal_in_python(entries: list[tuple[str, Any]]) -> None:
    wrapped = [{"className": name, "data": data} for name, data in entries]
    for data in (
        {"className": "Set", "data": wrapped},
        {"className": "Map", "data": [{"k": each, "v": each} for each in wrapped]},
    ):
        assert encode_dynamic(decode_dynamic(data)) == data


@pytest.mark.parametrize(
    "kind",
    [
        "Map<int, String>",
        "Map<SmKey, int?>",
        "Map<ByteData, int>",
        "Map<List<int>, int>",
        "Map<String?, int>",
    ],
)
def test_an_empty_map_of_dart_is_read(kind: str) -> None:
    """The encoder of dart:convert writes every empty map as {}."""
    for of in (codec, stored):
        empty = of(kind).decode({})
        assert not empty and of(kind).encode(empty) == []
        inside = of(f"List<Map<String, {kind}>>").decode([{"a": {}}])
        assert inside == [{"a": empty}]
        with pytest.raises(WireError, match="as a list of"):
            of(kind).decode({"a": 1})


def test_a_set_of_doubles_has_only_finite_numbers() -> None:
    with pytest.raises(WireError, match="JSON has only finite numbers"):
        codec("Set<double>").encode({float("nan")})
