"""Identifiers: `UuidValue`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from podium.wire.default import Default, unquote
from podium.wire.errors import SchemaError
from podium.wire.mismatch import Mismatch, Pair, mismatch
from podium.wire.types.definition import Column, Dart, Meaning, Python, PythonClient, TypeScript, WireType


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


def _uuid_default(text: str) -> Default:
    if text == "random":
        return Default("random")
    if text == "random_v7":
        return Default("random_v7")
    hint = "write random, random_v7, or a UUID in quotes: '550e8400-e29b-41d4-a716-446655440000'"
    try:
        inside = unquote(text)
        value = UUID(inside)
    except (SchemaError, ValueError):
        raise SchemaError(hint) from None
    if len(inside) != len(str(value)):
        raise SchemaError(hint)
    return Default("literal", str(value))


UUID_VALUE = WireType(
    name="UuidValue",
    other_names=("uuid",),
    python=Python(annotation=UUID, text="uuid.UUID", value="uuid.UUID({})"),
    codec=Pair(_encode_uuid, _decode_uuid),
    default=_uuid_default,
    column=Column(
        field="podium.database.fields.UUIDField",
        lookups=frozenset(["order"]),
        accepts="str",
        key="made",
        meaning=Meaning(),
        read_from=("uuid",),
        rest="rest_framework.serializers.UUIDField",
    ),
    dart=Dart(
        type="_sp.UuidValue",
        read="_sp.UuidValueJsonExtension.fromJson({})",
        value="_sp.UuidValue.fromString({})",
    ),
    typescript=TypeScript(type="UuidValue", codec="wire.uuid", exported=True),
    python_client=PythonClient(type="uuid.UUID", codec="wire.UUID", value="uuid.UUID({})"),
    openapi={"type": "string", "format": "uuid"},
    samples=(UUID(int=0), UUID("550e8400-e29b-41d4-a716-446655440000")),
    read_as=frozenset(["String"]),
)
TYPES = (UUID_VALUE,)
