"""Scalars on the wire: for each scalar type how to write and how to read one value. No containers, no classes.

Facts of the format: what the stock Dart client's `fromJson` and `toJson` of each type accept and give.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from schema import bounds

Convert = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_BYTES_HEAD, _BYTES_TAIL = "decode('", "', 'base64')"
_JSON_NAMES = {
    type(None): "null",
    bool: "a boolean",
    int: "a whole number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
}


class Mismatch(Exception):
    """A value that does not fit; `path` grows while the exception rises. schema.codecs makes a WireError of it."""

    def __init__(self, expected: str, got: str = "") -> None:
        self.expected = expected
        self.got = got
        self.path: list[str] = []
        super().__init__(expected)

    def inside(self, step: str) -> Mismatch:
        self.path.append(step)
        return self

    def __str__(self) -> str:
        where = "".join(reversed(self.path)).lstrip(".") or "the value"
        return f"{where}: expected {self.expected}" + (f", got {self.got}" if self.got else "")


class Pair(NamedTuple):
    """Both directions of one type."""

    encode: Convert
    decode: Convert


def describe(value: Any) -> str:
    """What a value is, in JSON's words where it can be; never the value itself, which may be secret."""
    return _JSON_NAMES.get(type(value)) or type(value).__name__


def mismatch(expected: str, value: Any) -> Mismatch:
    return Mismatch(expected, describe(value))


def _int(value: Any) -> int:
    if type(value) is int or (isinstance(value, int) and not isinstance(value, bool)):
        if _INT_MIN <= value <= _INT_MAX:
            return int(value)
        raise Mismatch("int (64 bits)", "a larger number")
    raise mismatch("int", value)


def _double(value: Any) -> float:
    if isinstance(value, float | int) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
        raise Mismatch("double, and JSON has only finite numbers", "another")
    raise mismatch("double", value)


def _encode_bool(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    raise mismatch("bool", value)


def _decode_bool(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    if type(value) is int and value in (0, 1):
        return value == 1
    raise mismatch("bool", value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise mismatch("String", value)


def _read_string(value: Any) -> str:
    """Text from outside. Postgres stores no NUL in text, so it is refused at the door."""
    if isinstance(value, str) and "\x00" in value:
        raise Mismatch("String", "text with a NUL character")
    return _string(value)


def _encode_datetime(value: Any) -> str:
    if not isinstance(value, datetime):
        raise mismatch("DateTime", value)
    if value.tzinfo is None:
        raise Mismatch("DateTime with a time zone", "a naive datetime")
    try:
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    except OverflowError:
        raise Mismatch("DateTime of the years 1 to 9999 in UTC") from None
    if type(utc) is not datetime:  # a subclass of it
        utc = datetime.combine(utc.date(), utc.time(), UTC)
    text: str = msgspec.to_builtins(utc)  # as isoformat() writes it, in a tenth of its time
    if utc.microsecond % 1000:
        return text
    return f"{text[:-4]}Z" if utc.microsecond else f"{text[:-1]}.000Z"


def _decode_datetime(value: Any) -> datetime:
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if type(value) is int:
            return _EPOCH + value * _MILLISECOND
    except (ValueError, OverflowError):
        raise Mismatch("DateTime as 2030-01-31T23:59:00.000Z", "another text or time") from None
    raise mismatch("DateTime", value)


def milliseconds(value: timedelta) -> int:
    """Whole milliseconds of a duration; what is finer is cut off toward zero, as Dart does."""
    whole = abs(value) // _MILLISECOND
    return whole if value >= timedelta() else -whole


def _encode_duration(value: Any) -> int:
    if isinstance(value, timedelta):
        return milliseconds(value)
    raise mismatch("Duration", value)


def _decode_duration(value: Any) -> timedelta:
    if type(value) is not int:
        raise mismatch("Duration in whole milliseconds", value)
    try:
        return timedelta(milliseconds=value)
    except OverflowError:
        raise Mismatch("Duration of at most 999999999 days") from None


def _encode_uuid(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise mismatch("UuidValue", value)


def _decode_uuid(value: Any) -> UUID:
    if isinstance(value, str):
        try:
            found = UUID(value)
        except ValueError:
            raise Mismatch("UuidValue", "another string") from None
        if str(found) == value.lower():
            return found
    raise mismatch("UuidValue", value)


def _uri(value: Any) -> str:
    if not isinstance(value, str):
        raise mismatch("Uri", value)
    try:
        urlsplit(value)
    except ValueError:
        raise Mismatch("Uri", "another string") from None
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        raise Mismatch("Uri without spaces and control characters", "another string")
    return value


def _encode_big_int(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return _digits(value)
    raise mismatch("BigInt", value)


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:
        raise Mismatch("BigInt of at most 4300 digits") from None


def _decode_big_int(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,4300}", value):
        return int(value)
    raise mismatch("BigInt as a string of digits", value)


def _encode_bytes(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{_BYTES_HEAD}{base64.b64encode(value).decode()}{_BYTES_TAIL}"
    raise mismatch("ByteData", value)


def _decode_bytes(value: Any) -> bytes:
    if isinstance(value, str) and value.startswith(_BYTES_HEAD) and value.endswith(_BYTES_TAIL):
        try:
            return base64.b64decode(value[len(_BYTES_HEAD) : -len(_BYTES_TAIL)], validate=True)
        except binascii.Error:
            pass
    raise mismatch("ByteData as decode('<base64>', 'base64')", value)


def _void(value: Any) -> None:
    """A method without a result gives null, whatever Python returned."""


AS_IS: dict[str, type[Any]] = {"String": str, "bool": bool}
"""Types whose every value of exactly this Python type is written as it is."""

SCALARS: dict[str, Pair] = {
    "int": Pair(_int, _int),
    "double": Pair(_double, _double),
    "bool": Pair(_encode_bool, _decode_bool),
    "String": Pair(_string, _read_string),
    "DateTime": Pair(_encode_datetime, _decode_datetime),
    "Duration": Pair(_encode_duration, _decode_duration),
    "UuidValue": Pair(_encode_uuid, _decode_uuid),
    "Uri": Pair(_uri, _uri),
    "BigInt": Pair(_encode_big_int, _decode_big_int),
    "ByteData": Pair(_encode_bytes, _decode_bytes),
    "void": Pair(_void, _void),
}


def sparse_text(values: list[float]) -> str:
    """pgvector's text of a sparse vector: positions count from 1, zeros are left out. `{1:1.5,3:2.0}/4`"""
    inside = ",".join(f"{place}:{value!r}" for place, value in enumerate(values, 1) if value)
    return "{" + inside + "}/" + str(len(values))


def _numbers(value: Any, what: str) -> list[float]:
    if isinstance(value, str):  # as the database has it
        parts = value.strip("[]").split(",") if value.startswith("[") and value.endswith("]") else ["?"]
        try:
            value = [float(part) for part in parts if part.strip()]
        except ValueError:
            raise Mismatch(what, "another string") from None
    if not isinstance(value, list):
        raise mismatch(what, value)
    return [_double(item) for item in value]


def _sparse(value: Any, what: str) -> list[float]:
    if not (isinstance(value, str) and value.startswith("{")):
        return _numbers(value, what)
    inside, _, length = value[1:].partition("}/")
    try:
        if not bounds.may_claim(int(length)):
            raise ValueError
        values = [0.0] * int(length)
        for entry in filter(None, inside.split(",")):
            place, _, number = entry.partition(":")
            if int(place) < 1:
                raise ValueError
            values[int(place) - 1] = _double(float(number))
    except (ValueError, IndexError):
        raise Mismatch(what, "another string") from None
    return values


def _bits(value: Any, what: str) -> list[bool]:
    if isinstance(value, str) and re.fullmatch("[01]*", value):
        return [bit == "1" for bit in value]
    if isinstance(value, list):
        return [_decode_bool(item) for item in value]
    raise mismatch(what, value)


def vector(name: str, dimension: int | None) -> Pair:
    """Vector, HalfVector: a list of numbers. SparseVector: pgvector's text. Bit: a string of 0 and 1.

    A list is read for each of them. Source: `toJson` and `fromJson` of the Dart client's classes.
    """
    what = f"{name}({dimension})" if dimension is not None else name
    read: Callable[[Any, str], list[Any]] = {"SparseVector": _sparse, "Bit": _bits}.get(name, _numbers)

    def decode(value: Any) -> list[Any]:
        values = read(value, what)
        if dimension is not None and len(values) != dimension:
            raise Mismatch(what, f"{len(values)} entries")
        return values

    def encode(value: Any) -> Any:
        values = decode(list(value) if isinstance(value, tuple) else value)
        if name == "SparseVector":
            return sparse_text(values)
        return "".join("1" if bit else "0" for bit in values) if name == "Bit" else values

    return Pair(encode, decode)


def geography(name: str) -> Pair:
    """EWKT, in and out: "SRID=4326;POINT(13.4 52.5)". Of maps only a point's is read."""
    shape = name.removeprefix("Geography").upper()
    pattern = re.compile(rf"(SRID=\d{{1,6}};)?\s*{shape}\s*(\([-+\d.eE,\s()A-Z]*\)|EMPTY)", re.IGNORECASE)

    def convert(value: Any) -> str:
        if shape == "POINT" and isinstance(value, dict):
            longitude, latitude = _double(value.get("longitude")), _double(value.get("latitude"))
            return f"SRID={_int(value.get('srid') or 4326)};POINT({longitude} {latitude})"
        if isinstance(value, str) and (found := pattern.fullmatch(value)):
            return value if found[1] else f"SRID=4326;{value}"
        raise mismatch(f"{name} as SRID=4326;{shape}(...)", value)

    return Pair(convert, convert)
