"""Moments and lengths of time: `DateTime`, `Duration`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from podium.wire.default import Default
from podium.wire.errors import SchemaError
from podium.wire.mismatch import Mismatch, Pair, mismatch
from podium.wire.types.definition import Column, Dart, Meaning, Python, PythonClient, TypeScript, WireType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_DURATION_PART = re.compile(r"([0-9]+)(d|h|min|s|ms)")
_UNITS: Final = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1_000, "ms": 1}
"""Milliseconds in each unit."""


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
    text: str = msgspec.to_builtins(utc)  # same text as isoformat(), ten times faster
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
    """Whole milliseconds of a duration; fractions are truncated toward zero, as in Dart."""
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


def _datetime_default(text: str) -> Default:
    if text == "now":
        return Default("now")
    hint = "write now, or a time in UTC as 2024-05-24T22:00:00.000Z"
    if not _TIME.fullmatch(text):
        raise SchemaError(hint)
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise SchemaError(f"there is no such time ({error}); {hint}") from None
    return Default("literal", text)


def _duration_default(text: str) -> Default:
    parts = [_DURATION_PART.fullmatch(part) for part in text.split()]
    units = [part[2] for part in parts if part]
    if not parts or len(units) != len(parts) or len(set(units)) != len(units):
        raise SchemaError("write it as 1d 2h 10min 30s 100ms, any of them left out")
    return Default("literal", sum(int(part[1]) * _UNITS[part[2]] for part in parts if part))


def _moment(iso: str) -> str:
    """The expression of a moment, without trailing zeros."""
    value = datetime.fromisoformat(iso).astimezone(UTC)
    parts = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
    while len(parts) > 3 and not parts[-1]:
        parts.pop()
    return f"datetime.datetime({', '.join(map(str, parts))}, tzinfo=datetime.UTC)"


DATE_TIME = WireType(
    name="DateTime",
    other_names=("date", "datetime", "timestamp"),
    python=Python(annotation=datetime, text="datetime.datetime", value=_moment),
    codec=Pair(_encode_datetime, _decode_datetime),
    default=_datetime_default,
    column=Column(
        field="podium.database.fields.DateTimeField",
        lookups=frozenset(["order", "date"]),
        read_from=("timestamp without time zone",),
        rest="rest_framework.serializers.DateTimeField",
    ),
    dart=Dart(type="DateTime", read="_sp.DateTimeJsonExtension.fromJson({})", value="DateTime.parse({})"),
    typescript=TypeScript(type="Date", codec="wire.dateTime", value="new Date({})"),
    python_client=PythonClient(type="datetime.datetime", codec="wire.DATE_TIME", value=_moment),
    openapi={"type": "string", "format": "date-time"},
    samples=(_EPOCH, datetime(2030, 1, 31, 23, 59, 0, 123456, UTC), datetime(1, 1, 1, tzinfo=UTC)),
    collides=False,
    read_as=frozenset(["String"]),
)
DURATION = WireType(
    name="Duration",
    other_names=("timedelta",),
    python=Python(
        annotation=timedelta, text="datetime.timedelta", value="datetime.timedelta(milliseconds={})"
    ),
    codec=Pair(_encode_duration, _decode_duration),
    default=_duration_default,
    column=Column(
        field="podium.database.fields.DurationField",
        lookups=frozenset(["order"]),
        meaning=Meaning(
            of={
                "int": "the same number now counts milliseconds",
                "enum": "the index of a value now counts milliseconds",
            },
            as_enum="a number of milliseconds is now the index of a value",
        ),
    ),
    dart=Dart(
        type="Duration", read="_sp.DurationJsonExtension.fromJson({})", value="Duration(milliseconds: {})"
    ),
    typescript=TypeScript(type="Duration", codec="wire.duration", exported=True),
    python_client=PythonClient(
        type="datetime.timedelta", codec="wire.DURATION", value="datetime.timedelta(milliseconds={})"
    ),
    openapi={"type": "integer", "format": "int64", "description": "Milliseconds."},
    samples=(timedelta(), timedelta(days=-1, milliseconds=1), timedelta(days=999999999)),
    collides=False,
)
TYPES = (DATE_TIME, DURATION)
