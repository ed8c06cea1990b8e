"""Numbers and booleans: `int`, `double`, `bool`, `BigInt`."""

from __future__ import annotations

import math
import re
from typing import Any

from podium.wire.default import Default
from podium.wire.errors import SchemaError
from podium.wire.mismatch import Mismatch, Pair, mismatch
from podium.wire.types.definition import Column, Dart, Meaning, Python, PythonClient, TypeScript, WireType
from podium.wire.types.ref import BigInt

_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_INTEGER = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def to_int(value: Any) -> int:
    if type(value) is int or (isinstance(value, int) and not isinstance(value, bool)):
        if _INT_MIN <= value <= _INT_MAX:
            return int(value)
        raise Mismatch("int (64 bits)", "a larger number")
    raise mismatch("int", value)


def to_double(value: Any) -> float:
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


def decode_bool(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    if type(value) is int and value in (0, 1):
        return value == 1
    raise mismatch("bool", value)


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


def _int_default(text: str) -> Default:
    if not _INTEGER.fullmatch(text):
        raise SchemaError("write a whole number, e.g. 10")
    if len(text) > 20 or not _INT_MIN <= int(text) <= _INT_MAX:
        raise SchemaError("the number does not fit 64 bits; the type BigInt has no limit")
    return Default("literal", int(text))


def _double_default(text: str) -> Default:
    if not _NUMBER.fullmatch(text):
        raise SchemaError("write a number, e.g. 10.5")
    return Default("literal", float(text))


def _bool_default(text: str) -> Default:
    if text not in ("true", "false"):
        raise SchemaError("write true or false")
    return Default("literal", text == "true")


def _big_int_default(text: str) -> Default:
    if not _INTEGER.fullmatch(text):
        hint = " without quotes" if text[:1] in "'\"" else ""
        raise SchemaError(f"write a whole number{hint}, e.g. 12345678901234567890")
    return Default("literal", ("-" if text[0] == "-" else "") + (text.lstrip("-").lstrip("0") or "0"))


INT = WireType(
    name="int",
    other_names=("integer", "long"),
    python=Python(annotation=int, text="int"),
    codec=Pair(to_int, to_int),
    default=_int_default,
    column=Column(
        field="podium.database.fields.IntegerField",
        lookups=frozenset(["order"]),
        key="serial",
        meaning=Meaning(
            of={
                "Duration": "the same number counted milliseconds before",
                "enum": "rows have the index of the value",
            },
            as_enum="a number is now the index of a value",
            enum="index",
        ),
        read_from=("bigint", "integer", "smallint"),
        rest="podium.rest.serializers.Integer",
    ),
    dart=Dart(type="int", read="{} as int", read_null="{} as int?", write=""),
    typescript=TypeScript(type="number", codec="wire.int"),
    python_client=PythonClient(type="int", codec="wire.INT"),
    openapi={"type": "integer", "format": "int64", "minimum": _INT_MIN, "maximum": _INT_MAX},
    samples=(0, 7, -1, _INT_MIN, _INT_MAX),
    plain=True,
    collides=False,
    named_by=lambda value: "int" if _INT_MIN <= value <= _INT_MAX else "BigInt",
    read_as=frozenset(["double"]),
)
DOUBLE = WireType(
    name="double",
    other_names=("float", "decimal", "num", "number"),
    python=Python(annotation=float, text="float"),
    codec=Pair(to_double, to_double),
    default=_double_default,
    column=Column(
        field="podium.database.fields.FloatField",
        lookups=frozenset(["order"]),
        read_from=("double precision", "real"),
        rest="rest_framework.serializers.FloatField",
    ),
    dart=Dart(type="double", read="({} as num).toDouble()", read_null="({} as num?)?.toDouble()", write=""),
    typescript=TypeScript(type="number", codec="wire.double"),
    python_client=PythonClient(type="float", codec="wire.DOUBLE"),
    openapi={"type": "number", "format": "double"},
    samples=(0.0, 1.5, -1e300),
    plain=True,
    collides=False,
)
BOOL = WireType(
    name="bool",
    other_names=("boolean",),
    python=Python(annotation=bool, text="bool"),
    codec=Pair(_encode_bool, decode_bool),
    default=_bool_default,
    column=Column(
        field="podium.database.fields.BooleanField",
        read_from=("boolean",),
        rest="rest_framework.serializers.BooleanField",
    ),
    dart=Dart(type="bool", read="_sp.BoolJsonExtension.fromJson({})", write=""),
    typescript=TypeScript(type="boolean", codec="wire.bool"),
    python_client=PythonClient(type="bool", codec="wire.BOOL"),
    openapi={"type": "boolean"},
    samples=(True, False),
    plain=True,
    as_is=bool,
    collides=False,
)
BIG_INT = WireType(
    name="BigInt",
    python=Python(annotation=BigInt, text="int", value="{raw}"),
    codec=Pair(_encode_big_int, _decode_big_int),
    default=_big_int_default,
    column=Column(
        field="podium.database.fields.BigIntField",
        meaning=Meaning(
            of={"Duration": "the same number counted milliseconds before"},
            of_others="values that are not whole numbers cannot be read",
            kept=frozenset(["int"]),
        ),
    ),
    dart=Dart(type="BigInt", read="_sp.BigIntJsonExtension.fromJson({})", value="BigInt.parse({})"),
    typescript=TypeScript(type="bigint", codec="wire.bigInt", value="{raw}n"),
    python_client=PythonClient(type="int", codec="wire.BIG_INT", value="{raw}"),
    openapi={"type": "string", "pattern": "^-?[0-9]+$"},
    samples=(0, -1, 2**200),
    read_as=frozenset(["String"]),
)
TYPES = (INT, DOUBLE, BOOL, BIG_INT)
