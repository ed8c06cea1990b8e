"""Lists, sets, maps and records on the wire. `pair_of` gives the pairs of their parts."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

from podium.wire import bounds, texts
from podium.wire import classes as wire
from podium.wire.mismatch import Convert, Mismatch, Pair, mismatch
from podium.wire.names import snake_case
from podium.wire.ordered import OrderedSet
from podium.wire.types import RECORD, TypeRef, registry
from podium.wire.types.ref import LIST, MAP, SET

PairOf = Callable[[TypeRef], Pair]
"""A function that returns the pair of any type; containers call it for their parts."""


def items(values: Any, convert: Convert) -> list[Any]:
    """Convert each value; an error has the index."""
    result: list[Any] = []
    try:
        for value in values:
            result.append(convert(value))
    except Mismatch as error:
        raise error.inside(f"[{len(result)}]") from None
    return result


def at(step: str, convert: Convert, value: Any) -> Any:
    try:
        return convert(value)
    except Mismatch as error:
        raise error.inside(step) from None


def _list(ref: TypeRef, pair_of: PairOf) -> Pair:
    encode_item, decode_item = pair_of(ref.arguments[0])
    kind = registry.find(ref.arguments[0])
    as_is = {kind.as_is if kind else None}

    def encode(value: Any) -> list[Any]:
        if isinstance(value, list | tuple) or hasattr(value, "_result_cache"):
            if {*map(type, value)} == as_is:
                return list(value)
            return items(value, encode_item)
        raise mismatch(str(ref), value)

    is_of_texts = as_is == {str}
    collides = kind is not None and kind.collides and kind.equality == "value"

    def decode(data: Any) -> list[Any]:
        if isinstance(data, list):
            if is_of_texts and {*map(type, data)} == as_is and not texts.problem("".join(data)):
                return list(data)
            values = items(data, decode_item)
            # Values of a list are often looked up or put in a set next, also by the ORM (`pk__in`).
            return spread(ref.arguments[0], values) if collides else values
        raise mismatch(str(ref), data)

    return Pair(encode, decode)


class ListedSet(list[Any]):
    """A Set with unhashable entries, decoded as a list. Inside `dynamic` it is written as a Set again."""


class ListedMap(list[Any]):
    """A Map with unhashable keys, decoded as (key, value) pairs. Inside `dynamic` it is written as a Map again."""


def spread(ref: TypeRef, values: list[Any]) -> list[Any]:
    """Return the values, for a set or as keys. Raises Mismatch if they were constructed to collide (bounds.py)."""
    kind = registry.find(ref)
    if (kind is None or kind.collides) and bounds.hashes_collide(values):
        raise Mismatch(f"{ref} values with different hashes", "too many with the same hash")
    return values


def is_listed(ref: TypeRef) -> bool:
    """Return whether a Set or Map is a list in Python. Call it at the first value: enums may be unknown before."""
    return not registry.has_hash(ref.arguments[0], wire.is_enum)


def _set(ref: TypeRef, pair_of: PairOf) -> Pair:
    encode_item, decode_item = pair_of(ref.arguments[0])

    def encode(value: Any) -> list[Any]:
        if isinstance(value, set | frozenset) or (isinstance(value, list | tuple) and is_listed(ref)):
            return items(value, encode_item)
        raise mismatch(str(ref), value)

    def decode(data: Any) -> set[Any] | list[Any]:
        if not isinstance(data, list):
            raise mismatch(str(ref), data)
        values = items(data, decode_item)
        return ListedSet(values) if is_listed(ref) else OrderedSet(spread(ref.arguments[0], values))

    return Pair(encode, decode)


def _map(ref: TypeRef, pair_of: PairOf) -> Pair:
    key, value = ref.arguments
    if ref.is_object:
        return _string_map(ref, pair_of(key), pair_of(value))
    return _entry_map(ref, pair_of(key), pair_of(value))


def _string_map(ref: TypeRef, keys: Pair, values: Pair) -> Pair:
    def convert(entries: Any, convert_key: Convert, convert_value: Convert) -> dict[str, Any]:
        if not isinstance(entries, dict):
            raise mismatch(str(ref), entries)
        result = {}
        for key, value in entries.items():
            if not isinstance(key, str):
                raise mismatch("a String as key", key)
            try:
                result[convert_key(key)] = convert_value(value)
            except Mismatch as error:
                raise error.inside(f"[{key!r}]") from None
        return result

    return Pair(
        lambda value: convert(value, keys.encode, values.encode),
        lambda data: convert(data, keys.decode, values.decode),
    )


def _entry_map(ref: TypeRef, keys: Pair, values: Pair) -> Pair:
    def encode_entry(entry: Any) -> dict[str, Any]:
        if not isinstance(entry, tuple | list) or len(entry) != 2:
            raise mismatch("a pair (key, value)", entry)
        return {"k": keys.encode(entry[0]), "v": values.encode(entry[1])}

    def encode(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, dict):
            return items(value.items(), encode_entry)
        if isinstance(value, list | tuple) and is_listed(ref):
            return items(value, encode_entry)
        raise mismatch(str(ref), value)

    def decode_entry(entry: Any) -> tuple[Any, Any]:
        if not isinstance(entry, dict) or "k" not in entry:
            raise mismatch('an entry {"k": ..., "v": ...}', entry)
        return keys.decode(entry["k"]), values.decode(entry.get("v"))

    def decode(data: Any) -> dict[Any, Any] | list[Any]:
        if data == {}:  # Dart's JSON encoder writes any empty map like this
            data = []
        if not isinstance(data, list):
            raise mismatch(f'{ref} as a list of {{"k": ..., "v": ...}}', data)
        entries = items(data, decode_entry)
        if is_listed(ref):
            return ListedMap(entries)
        spread(ref.arguments[0], [key for key, _ in entries])
        return dict(entries)

    return Pair(encode, decode)


def _record(ref: TypeRef, pair_of: PairOf) -> Pair:
    """The pair of a record, a tuple: positional, then named fields. Decoded ones have the names as attributes too."""
    positional = [pair_of(argument) for argument in ref.arguments]
    named = [(name, pair_of(kind)) for name, kind in ref.named]
    attributes = [f"item{number}" for number in range(1, len(positional) + 1)]
    attributes += [snake_case(name) for name, _ in named]
    record: Any = namedtuple("Record", attributes, rename=True) if named else None
    if record:
        record.wire_type = ref.required()  # so that it keeps its type inside `dynamic`

    def encode(value: Any) -> dict[str, Any]:
        if not isinstance(value, tuple) or len(value) != len(attributes):
            raise mismatch(f"{ref}, a tuple of {len(attributes)}", value)
        result: dict[str, Any] = {}
        if positional:
            pairs = zip(positional, value, strict=False)
            result["p"] = items(pairs, lambda both: both[0].encode(both[1]))
        if named:
            rest = zip(named, value[len(positional) :], strict=True)
            result["n"] = {name: at(f".{name}", pair.encode, item) for (name, pair), item in rest}
        return result

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise mismatch(f'{ref} as {{"p": [...], "n": {{...}}}}', data)
        given, extra = data.get("p") or [], data.get("n") or {}
        if not isinstance(given, list) or len(given) != len(positional) or not isinstance(extra, dict):
            raise Mismatch(f"{ref} with {len(positional)} positional fields in p and the others in n")
        values = items(zip(positional, given, strict=True), lambda both: both[0].decode(both[1]))
        values += [at(f".{name}", pair.decode, extra.get(name)) for name, pair in named]
        return record._make(values) if record else tuple(values)

    return Pair(encode, decode)


CONTAINERS: dict[str, Callable[[TypeRef, PairOf], Pair]] = {
    LIST: _list,
    SET: _set,
    MAP: _map,
    RECORD: _record,
}
