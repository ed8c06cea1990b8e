"""Short values that are slow to read: they must not cost more than an ordinary body of the same size."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from podium.wire.codecs import codec, decode_dynamic, loads
from podium.wire.errors import WireError

BODY_BYTES = 512 * 1024
PRIME = 2**61 - 1
"""Python's hash of an integer is its remainder modulo this number."""
RATIO = 10
LEAST_SECONDS = 0.03
"""The minimum time assumed for an ordinary body, because the machine is shared."""


def body(entry: Callable[[int], Any]) -> str:
    """A JSON list with as many entries as the size allows."""
    entries: list[str] = []
    size = 2
    while size < BODY_BYTES:
        text = json.dumps(entry(len(entries) + 1), separators=(",", ":"))
        entries.append(text)
        size += len(text) + 1
    return f"[{','.join(entries)}]"


def seconds(read: Callable[[], Any]) -> tuple[float, str]:
    """Return the CPU time, the least of three (a garbage collection can fall into one), and the refusal."""
    return min(_once(read) for _ in range(3))


def _once(read: Callable[[], Any]) -> tuple[float, str]:
    started = time.process_time()
    try:
        read()
    except WireError as refused:
        return time.process_time() - started, str(refused)
    return time.process_time() - started, ""


def reader(type_name: str, entry: Callable[[int], Any]) -> Callable[[], Any]:
    text = body(entry)
    if type_name.startswith("dynamic "):
        text = json.dumps({"className": type_name.removeprefix("dynamic "), "data": None}).replace(
            "null", text
        )
        return lambda: decode_dynamic(loads(text))
    return lambda: codec(type_name).decode(loads(text))


class Pairs:
    """Pairs of 64-bit numbers whose tuples share a hash, computed by reversing CPython's tuplehash."""

    MASK = 2**64 - 1
    PRIMES = (11400714785074694791, 14029467366897019727, 2870177450012600261)

    def __init__(self) -> None:
        self.first = 0

    def __call__(self, number: int) -> dict[str, list[int]]:
        one, two, five = self.PRIMES
        inverse_one, inverse_two = pow(one, -1, 2**64), pow(two, -1, 2**64)
        wanted = (12345 - (2 ^ five ^ 3527539)) & self.MASK
        before = wanted * inverse_one & self.MASK
        before = (before >> 31 | before << 33) & self.MASK
        while True:
            self.first += 1
            state = (five + self.first * two) & self.MASK
            state = (state << 31 | state >> 33) & self.MASK
            second = (before - state * one) * inverse_two & self.MASK
            second -= 2**64 if second >> 63 else 0
            if abs(second) < PRIME and second != -1:
                return {"p": [self.first, second]}


def big(number: int) -> str:
    return str(number * PRIME)


def identifier(number: int) -> str:
    return str(uuid.UUID(int=number * PRIME))


def typed(name: str, value: Callable[[int], Any]) -> Callable[[int], Any]:
    return lambda number: {"className": name, "data": value(number)}


def key(entry: Callable[[int], Any]) -> Callable[[int], Any]:
    return lambda number: {"k": entry(number), "v": None}


def new_name(number: int) -> dict[str, Any]:
    return {"className": f"List<List<List<Map<int,List<X{number}>>>>>", "data": []}


def honest_uuid(number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))


@pytest.mark.parametrize(
    ("type_name", "attack", "honest"),
    [
        ("Set<BigInt>", big, lambda n: str(n * PRIME + n)),
        ("Set<UuidValue>", identifier, honest_uuid),
        ("List<UuidValue>", identifier, honest_uuid),  # lists are often turned into sets next, also by pk__in
        ("Set<(int,int)>", Pairs(), lambda n: {"p": [n, 2**60 - n]}),
        ("Set<(BigInt,)>", lambda n: {"p": [big(n)]}, lambda n: {"p": [str(n * PRIME + n)]}),
        ("Map<BigInt,int?>", key(big), key(lambda n: str(n * PRIME + n))),
        ("Map<UuidValue,int?>", key(identifier), key(honest_uuid)),
        ("dynamic Set", typed("BigInt", big), typed("BigInt", lambda n: str(n * PRIME + n))),
        ("dynamic Set", typed("UuidValue", identifier), typed("UuidValue", honest_uuid)),
        ("dynamic Map", key(typed("BigInt", big)), key(typed("BigInt", lambda n: str(n * PRIME + n)))),
        ("dynamic Set<BigInt>", big, lambda n: str(n * PRIME + n)),
        ("dynamic List", new_name, typed("List<int>", lambda n: [n])),
        ("dynamic List", typed("SparseVector", lambda n: f"{{}}/{10**6 - n}"), typed("SparseVector", lambda n: "{}/9")),
    ],
)  # fmt: skip
def test_a_value_constructed_to_be_slow_is_refused(
    type_name: str, attack: Callable[[int], Any], honest: Callable[[int], Any]
) -> None:
    usual, refused = seconds(reader(type_name, honest))
    assert refused == ""
    attacked, refused = seconds(reader(type_name, attack))
    assert attacked < RATIO * max(usual, LEAST_SECONDS)
    assert "expected" in refused


@pytest.mark.parametrize(
    ("type_name", "entry"),
    [
        ("Set<int>", lambda n: n << 45),
        ("Set<double>", lambda n: float(n // 17 + 1) * 2.0 ** (61 * (n % 17 - 8))),
        ("Set<Duration>", lambda n: n << 36),
        ("List<BigInt>", lambda n: "9" * 4300),
        ("Set<BigInt>", lambda n: str(n % 3)),  # repeated equal values are not collisions
        ("Set<UuidValue>", lambda n: identifier(n % 30)),
        ("List<BigInt>", lambda n: "7"),
    ],
)  # fmt: skip
def test_a_large_value_is_read_in_time(type_name: str, entry: Callable[[int], Any]) -> None:
    usual, _ = seconds(reader("List<int>", lambda n: n))
    took, refused = seconds(reader(type_name, entry))
    assert refused == "" and took < RATIO * max(usual, LEAST_SECONDS)


@pytest.mark.parametrize("piece", ["9", "1e9", "-0.9", "[", '{"a":'])
def test_odd_json_is_read_in_time(piece: str) -> None:
    text = (piece[:-1] + piece[-1] * BODY_BYTES) if piece[-1] == "9" else piece * (BODY_BYTES // len(piece))
    assert seconds(lambda: codec("double").decode(loads(text)))[0] < RATIO * LEAST_SECONDS
