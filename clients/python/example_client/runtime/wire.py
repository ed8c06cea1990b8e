"""Values on the wire: a codec per type. Knows neither HTTP nor sockets."""

from __future__ import annotations

import base64
import binascii
import datetime
import math
import re
import uuid
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeGuard, TypeVar, overload

from .errors import WireError
from .ordered import OrderedSet

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
N = TypeVar("N", bound=NamedTuple)
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")
H = TypeVar("H")

MAX_SPARSE_LENGTH = 1_000_000
"""Numbers of a sparse vector; more are not written out."""


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """Encoder and decoder of one type.

    name    of the type on the wire: "int", "List<Note>"; a function, since classes refer to later ones
    encode  returns plain data for `json.dumps`; raises WireError
    decode  returns the value; raises WireError with the path to the fault
    """

    name: Callable[[], str]
    encode: Callable[[T], Any]
    decode: Callable[[Any], T]


class Unset:
    """The value of an argument that is not sent, so that the server's default applies."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


@contextmanager
def at(place: str) -> Generator[None, None, None]:
    """Put a place inside a larger value in front of a WireError's message."""
    try:
        yield
    except WireError as error:
        inner = str(error)
        raise WireError(place + (inner if inner[:1] in "[." else f": {inner}")) from None


def expected(what: str, found: object) -> WireError:
    return WireError(f"expected {what}, found {found!r:.80}")


# Narrowing of untyped values: `isinstance` alone leaves type checkers with unknown items.


def is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (list, tuple))


def is_tuple(value: Any) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def _is_bytes(value: Any) -> TypeGuard[bytes]:
    return isinstance(value, (bytes, bytearray, memoryview))


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


# Scalars --------------------------------------------------------------------------------------------------------------


def _scalar(name: str, encode: Callable[[T], Any], decode: Callable[[Any], T]) -> Codec[T]:
    return Codec(lambda: name, encode, decode)


def _int(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise expected("a whole number of 64 bits", value)
    return value


def _double(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise expected("a number", value)
    return float(value)


def _encode_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise expected("True or False", value)
    return value


def _decode_bool(value: Any) -> bool:
    if not isinstance(value, (bool, int)) or value not in (0, 1):
        raise expected("true or false", value)
    return bool(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise expected("text", value)
    return value


def _encode_datetime(value: object) -> str:
    if not isinstance(value, datetime.datetime) or value.tzinfo is None:
        raise expected("a datetime with a time zone", value)
    unit = "microseconds" if value.microsecond % 1000 else "milliseconds"
    return value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec=unit) + "Z"


def _decode_datetime(value: Any) -> datetime.datetime:
    try:
        if isinstance(value, int):
            return EPOCH + datetime.timedelta(milliseconds=value)
        found = datetime.datetime.fromisoformat(_text(value))
        return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise expected("a time in ISO 8601", value) from None


def _encode_duration(value: object) -> int:
    if not isinstance(value, datetime.timedelta):
        raise expected("a timedelta", value)
    return round(value / MILLISECOND)


def _encode_uuid(value: object) -> str:
    if not isinstance(value, uuid.UUID):
        raise expected("a UUID", value)
    return str(value)


def _decode_uuid(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(_text(value))
    except ValueError:
        raise expected("a UUID", value) from None


def _encode_big_int(value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise expected("a whole number", value)
    return str(value)


def _decode_big_int(value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,4300}", value):
        raise expected("a whole number as text", value)
    return int(value)


def _encode_bytes(value: Any) -> str:
    if not _is_bytes(value):
        raise expected("bytes", value)
    return f"decode('{base64.b64encode(value).decode()}', 'base64')"


def _decode_bytes(value: Any) -> bytes:
    found = re.fullmatch(r"decode\('([^']*)', 'base64'\)", value) if isinstance(value, str) else None
    try:
        return base64.b64decode(found[1] if found else "!", validate=True)
    except binascii.Error:
        raise expected("decode('<base64>', 'base64')", value) from None


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MILLISECOND = datetime.timedelta(milliseconds=1)

INT: Codec[int] = _scalar("int", _int, _int)
DOUBLE: Codec[float] = _scalar("double", _double, _double)
BOOL: Codec[bool] = _scalar("bool", _encode_bool, _decode_bool)
STRING: Codec[str] = _scalar("String", _text, _text)
DATE_TIME: Codec[datetime.datetime] = _scalar("DateTime", _encode_datetime, _decode_datetime)
DURATION: Codec[datetime.timedelta] = _scalar(
    "Duration", _encode_duration, lambda value: datetime.timedelta(milliseconds=_int(value))
)
UUID: Codec[uuid.UUID] = _scalar("UuidValue", _encode_uuid, _decode_uuid)
URI: Codec[str] = _scalar("Uri", _text, _text)
BIG_INT: Codec[int] = _scalar("BigInt", _encode_big_int, _decode_big_int)
BYTE_DATA: Codec[bytes] = _scalar("ByteData", _encode_bytes, _decode_bytes)
NOTHING: Codec[None] = _scalar("void", lambda value: None, lambda value: None)


def geography(name: str) -> Codec[str]:
    """A shape on the globe as EWKT: "SRID=4326;POINT(9.99 53.55)"."""
    return _scalar(name, _text, _text)


def plain(name: str) -> Codec[Any]:
    """A hand-written class of the server: its JSON unchanged."""
    return _scalar(name, lambda value: value, lambda value: value)


# Containers -----------------------------------------------------------------------------------------------------------


def nullable(codec: Codec[T]) -> Codec[T | None]:
    return Codec(
        lambda: f"{codec.name()}?",
        lambda value: None if value is None else codec.encode(value),
        lambda data: None if data is None else codec.decode(data),
    )


def _each(convert: Callable[[K], V], values: Iterable[K]) -> list[V]:
    result: list[V] = []
    for index, value in enumerate(values):
        with at(f"[{index}]"):
            result.append(convert(value))
    return result


def _items(data: Any) -> list[Any]:
    if not is_list(data):
        raise expected("a list", data)
    return list(data)


def mapping(data: Any) -> dict[str, Any]:
    """Check that data is a JSON object."""
    if not is_object(data):
        raise expected("an object", data)
    return data


def list_of(codec: Codec[T]) -> Codec[list[T]]:
    return Codec(
        lambda: f"List<{codec.name()}>",
        lambda values: _each(codec.encode, _items(values)),
        lambda data: _each(codec.decode, _items(data)),
    )


def set_of(codec: Codec[T]) -> Codec[set[T]]:
    return Codec(
        lambda: f"Set<{codec.name()}>",
        lambda values: _each(codec.encode, values),
        lambda data: OrderedSet(_each(codec.decode, _items(data))),
    )


def set_as_list(codec: Codec[T]) -> Codec[list[T]]:
    """A set as a list: its entries have no hash in Python, or are bytes, of which Dart keeps equal ones."""
    inner = list_of(codec)
    return Codec(lambda: f"Set<{codec.name()}>", inner.encode, inner.decode)


def string_map(codec: Codec[V]) -> Codec[dict[str, V]]:
    """A map whose keys are text."""

    def convert(step: Callable[[Any], Any], data: Any) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in mapping(data).items():
            with at(f"[{key!r}]"):
                result[_text(key)] = step(value)
        return result

    return Codec(
        lambda: f"Map<String,{codec.name()}>",
        lambda value: convert(codec.encode, value),
        lambda data: convert(codec.decode, data),
    )


def map_as_pairs(keys: Codec[K], values: Codec[V]) -> Codec[list[tuple[K, V]]]:
    """A map whose keys have no hash in Python, or are bytes."""

    def decode(pair: Any) -> tuple[K, V]:
        found = mapping(pair)
        return keys.decode(found.get("k")), values.decode(found.get("v"))

    return Codec(
        lambda: f"Map<{keys.name()},{values.name()}>",
        lambda pairs: _each(lambda pair: {"k": keys.encode(pair[0]), "v": values.encode(pair[1])}, pairs),
        lambda data: [] if data == {} else _each(decode, _items(data)),  # Dart writes every empty map as {}
    )


def map_of(keys: Codec[K], values: Codec[V]) -> Codec[dict[K, V]]:
    """A map with keys other than text. On the wire a list of pairs."""
    pairs = map_as_pairs(keys, values)
    return Codec(
        pairs.name, lambda value: pairs.encode(list(value.items())), lambda data: dict(pairs.decode(data))
    )


def vector(name: str) -> Codec[list[float]]:
    """The numbers of a Vector, HalfVector or SparseVector; a sparse one is also read from "{1:0.5,7:2}/8"."""
    numbers = list_of(DOUBLE)

    def decode(data: Any) -> list[float]:
        return numbers.decode(_sparse(data) if isinstance(data, str) else data)

    return _scalar(name, numbers.encode, decode)


def _sparse(text: str) -> list[float]:
    found = re.fullmatch(r"\{([^{}]*)\}/(\d{1,7})", text)
    if found is None or int(found[2]) > MAX_SPARSE_LENGTH:
        raise expected("a list of numbers", text)
    values = [0.0] * int(found[2])
    try:
        for entry in filter(None, found[1].split(",")):
            place, _, number = entry.partition(":")
            values[range(len(values))[int(place) - 1] if int(place) > 0 else len(values)] = float(number)
    except (ValueError, IndexError):
        raise expected("places from 1 on with numbers", text) from None
    return values


def _decode_bits(data: Any) -> list[bool]:
    if isinstance(data, str) and re.fullmatch("[01]*", data):
        return [digit == "1" for digit in data]
    return list_of(BOOL).decode(data)


BIT: Codec[list[bool]] = _scalar("Bit", list_of(BOOL).encode, _decode_bits)


# Records --------------------------------------------------------------------------------------------------------------


@overload
def tuple_of(a: Codec[A], /) -> Codec[tuple[A]]: ...
@overload
def tuple_of(a: Codec[A], b: Codec[B], /) -> Codec[tuple[A, B]]: ...
@overload
def tuple_of(a: Codec[A], b: Codec[B], c: Codec[C], /) -> Codec[tuple[A, B, C]]: ...
@overload
def tuple_of(a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], /) -> Codec[tuple[A, B, C, D]]: ...
@overload
def tuple_of(
    a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], e: Codec[E], /
) -> Codec[tuple[A, B, C, D, E]]: ...
@overload
def tuple_of(
    a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], e: Codec[E], f: Codec[F], /
) -> Codec[tuple[A, B, C, D, E, F]]: ...
@overload
def tuple_of(
    a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], e: Codec[E], f: Codec[F], g: Codec[G], /
) -> Codec[tuple[A, B, C, D, E, F, G]]: ...
@overload
def tuple_of(
    a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], e: Codec[E], f: Codec[F], g: Codec[G], h: Codec[H], /
) -> Codec[tuple[A, B, C, D, E, F, G, H]]: ...
@overload
def tuple_of(*codecs: Codec[Any]) -> Codec[Any]: ...
def tuple_of(*codecs: Codec[Any]) -> Codec[Any]:
    """A record with positional fields only."""
    return _record(tuple, codecs, {})


def record(
    type: Callable[..., N], positional: Sequence[Codec[Any]], named: Mapping[str, Codec[Any]]
) -> Codec[N]:
    """A record with named fields: its NamedTuple has the positional ones first."""
    return _record(lambda values: type(*values), positional, named)


def _record(
    make: Callable[[list[Any]], T], positional: Sequence[Codec[Any]], named: Mapping[str, Codec[Any]]
) -> Codec[T]:
    count = len(positional) + len(named)

    def name() -> str:
        parts = [codec.name() for codec in positional]
        if named:
            parts.append("{" + ",".join(f"{codec.name()} {key}" for key, codec in named.items()) + "}")
        return f"({','.join(parts)}{',' if count == 1 and positional else ''})"

    def encode(value: Any) -> dict[str, Any]:
        if not is_tuple(value) or len(value) != count:
            raise expected(f"a tuple of {count}", value)
        result: dict[str, Any] = {}
        if positional:
            result["p"] = [codec.encode(item) for codec, item in zip(positional, value, strict=False)]
        if named:
            rest = zip(named.items(), value[len(positional) :], strict=True)
            result["n"] = {key: codec.encode(item) for (key, codec), item in rest}
        return result

    def decode(data: Any) -> T:
        given, by_name = _items(mapping(data).get("p") or []), mapping(data.get("n") or {})
        if len(given) != len(positional):
            raise expected(f"{len(positional)} positional fields", given)
        values = [codec.decode(item) for codec, item in zip(positional, given, strict=True)]
        return make(values + [codec.decode(by_name.get(key)) for key, codec in named.items()])

    return Codec(name, encode, decode)
