"""Bytes: `ByteData`."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from podium.wire.mismatch import Pair, mismatch
from podium.wire.types.definition import Column, Dart, Python, PythonClient, TypeScript, WireType

_BYTES_HEAD, _BYTES_TAIL = "decode('", "', 'base64')"


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


BYTE_DATA = WireType(
    name="ByteData",
    other_names=("bytes", "blob", "binary"),
    python=Python(annotation=bytes, text="bytes"),
    codec=Pair(_encode_bytes, _decode_bytes),
    column=Column(field="podium.database.fields.BinaryField", read_from=("bytea",)),
    dart=Dart(type="_td.ByteData", read="_sp.ByteDataJsonExtension.fromJson({})"),
    typescript=TypeScript(type="Uint8Array", codec="wire.byteData"),
    python_client=PythonClient(type="bytes", codec="wire.BYTE_DATA"),
    openapi={
        "type": "string",
        "pattern": r"^decode\('[A-Za-z0-9+/]*={0,2}', 'base64'\)$",
        "example": "decode('aGVsbG8=', 'base64')",
    },
    samples=(b"", b"hello", bytes(range(256))),
    collides=False,
    equality="identity",
    read_as=frozenset(["String"]),
)
TYPES = (BYTE_DATA,)
