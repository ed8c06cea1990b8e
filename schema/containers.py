"""Lists, sets, maps and records on the wire. What is inside them, `pair_of` knows."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

from schema import bounds, scalars, wire
from schema.names import snake_case
from schema.scalars import Convert, Mismatch, Pair, mismatch
from schema.types import RECORD, TypeRef, has_hash

PairOf = Callable[[TypeRef], Pair]
"""Gives the pair of any type; what is made of types, asks it for its parts."""


def items(values: Any, convert: Convert) -> list[Any]:
    """Each value converted; an error says at which index."""
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


COLLIDING = frozenset(["BigInt", "UuidValue"])
"""Scalars for which a sender can construct many values with the same hash."""


def _list(ref: TypeRef, pair_of: PairOf) -> Pair:
    encode_item, decode_item = pair_of(ref.arguments[0])
    as_is = {scalars.AS_IS.get(ref.arguments[0].name)}

    def encode(value: Any) -> list[Any]:
        if isinstance(value, list | tuple) or hasattr(value, "_result_cache"):
            if {*map(type, value)} == as_is:
                return list(value)
            return items(value, encode_item)
        raise mismatch(str(ref), value)

    is_of_texts = as_is == {str}
    collides = ref.arguments[0].name in COLLIDING

    def decode(data: Any) -> list[Any]:
        if isinstance(data, list):
            if is_of_texts and {*map(type, data)} == as_is and "\x00" not in "".join(data):
                return list(data)
            values = items(data, decode_item)
            # Listed values are often looked up or put in a set next, also by the ORM (`pk__in`).
            return spread(ref.arguments[0], values) if collides else values
        raise mismatch(str(ref), data)

    return Pair(encode, decode)


class ListedSet(list[Any]):
    """What a Set is read as whose entries have no hash. Inside `dynamic` it is written as a Set again."""


class ListedMap(list[Any]):
    """What a Map is read as whose keys have no hash: (key, value) pairs. Inside `dynamic` it is a Map again."""


SAFE = frozenset(["int", "double", "bool", "String", "DateTime", "Duration", "Uri", "ByteData"])
"""Types for which no sender can construct many values with one hash: it is secret, or few values share it."""


def spread(ref: TypeRef, values: list[Any]) -> list[Any]:
    """Return the values, for a set or as keys. Raises Mismatch if they were constructed to collide (schema.bounds)."""
    if ref.name not in SAFE and bounds.hashes_collide(values):
        raise Mismatch(f"{ref} values with different hashes", "too many with the same hash")
    return values


def is_listed(ref: TypeRef) -> bool:
    """Whether a Set or Map is a list in Python. Asked when a value comes by: before, an enum may not be known yet."""
    return not has_hash(ref.arguments[0], wire.is_enum)


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
        return ListedSet(values) if is_listed(ref) else set(spread(ref.arguments[0], values))

    return Pair(encode, decode)


def _map(ref: TypeRef, pair_of: PairOf) -> Pair:
    key, value = ref.arguments
    if key == TypeRef("String"):
        return _string_map(ref, pair_of(value))
    return _entry_map(ref, pair_of(key), pair_of(value))


def _string_map(ref: TypeRef, values: Pair) -> Pair:
    def convert(entries: Any, convert_value: Convert) -> dict[str, Any]:
        if not isinstance(entries, dict):
            raise mismatch(str(ref), entries)
        result = {}
        for key, value in entries.items():
            if not isinstance(key, str):
                raise mismatch("a String as key", key)
            try:
                result[key] = convert_value(value)
            except Mismatch as error:
                raise error.inside(f"[{key!r}]") from None
        return result

    return Pair(lambda value: convert(value, values.encode), lambda data: convert(data, values.decode))


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
        if not isinstance(data, list):
            raise mismatch(f'{ref} as a list of {{"k": ..., "v": ...}}', data)
        entries = items(data, decode_entry)
        if is_listed(ref):
            return ListedMap(entries)
        spread(ref.arguments[0], [key for key, _ in entries])
        return dict(entries)

    return Pair(encode, decode)


def _record(ref: TypeRef, pair_of: PairOf) -> Pair:
    """A tuple: positional fields, then named ones as declared; what is read also has the names as attributes."""
    positional = [pair_of(argument) for argument in ref.arguments]
    named = [(name, pair_of(kind)) for name, kind in ref.named]
    attributes = [f"item{number}" for number in range(1, len(positional) + 1)]
    attributes += [snake_case(name) for name, _ in named]
    record: Any = namedtuple("Record", attributes, rename=True) if named else None
    if record:
        record.wire_type = ref.required()  # inside `dynamic` it is written as what it was read as

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
    "List": _list,
    "Set": _set,
    "Map": _map,
    RECORD: _record,
}
