"""Strings and types with a string form: `String`, `Uri`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from podium.wire import texts
from podium.wire.default import Default, unquote
from podium.wire.errors import SchemaError
from podium.wire.mismatch import Mismatch, Pair, mismatch
from podium.wire.types.definition import Column, Dart, Meaning, Python, PythonClient, TypeScript, WireType
from podium.wire.types.ref import Uri


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise mismatch("String", value)


def read_string(value: Any) -> str:
    """Check a received string. Raises Mismatch for text that Postgres can't store."""
    if isinstance(value, str):
        if value.isascii() and "\x00" not in value:  # most are; this runs for each text of each call
            return value
        if reason := texts.problem(value):
            raise Mismatch("String", reason)
    return _string(value)


def _uri(value: Any) -> str:
    if not isinstance(value, str):
        raise mismatch("Uri", value)
    if reason := texts.surrogate(value):
        raise Mismatch("Uri", reason)
    try:
        urlsplit(value)
    except ValueError:
        raise Mismatch("Uri", "another string") from None
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        raise Mismatch("Uri without spaces and control characters", "another string")
    return value


def _string_default(text: str) -> Default:
    return Default("literal", unquote(text))


def _uri_default(text: str) -> Default:
    value = unquote(text)
    try:
        urlsplit(value)
    except ValueError as error:
        raise SchemaError(f"this is not a valid URI: {error}") from None
    if not value or any(character.isspace() for character in value):
        raise SchemaError("this is not a valid URI; write e.g. 'https://example.com'")
    return Default("literal", value)


STRING = WireType(
    name="String",
    other_names=("string", "str", "text"),
    python=Python(annotation=str, text="str"),
    codec=Pair(_string, read_string),
    default=_string_default,
    column=Column(
        field="podium.database.fields.TextField",
        lookups=frozenset(["order", "text"]),
        meaning=Meaning(
            of={
                "JSON": "rows keep their JSON as text",
                "Duration": "rows keep a number of milliseconds as text",
            },
            enum="name",
        ),
        read_from=("text", "character varying"),
        rest="podium.rest.serializers.Text",
    ),
    dart=Dart(type="String", read="{} as String", read_null="{} as String?", write=""),
    typescript=TypeScript(type="string", codec="wire.string"),
    python_client=PythonClient(type="str", codec="wire.STRING"),
    openapi={"type": "string"},
    samples=("", "a", "Grüße, 世界 🎈", "two\nlines"),
    plain=True,
    as_is=str,
    collides=False,
)
URI = WireType(
    name="Uri",
    other_names=("url",),
    python=Python(annotation=Uri, text="str"),
    codec=Pair(_uri, _uri),
    default=_uri_default,
    column=Column(
        field="podium.database.fields.UriField",
        lookups=frozenset(["text"]),
        meaning=Meaning(of_others="values that are not addresses are sent to apps unchanged"),
    ),
    dart=Dart(type="Uri", read="_sp.UriJsonExtension.fromJson({})", value="Uri.parse({})"),
    typescript=TypeScript(type="Uri", codec="wire.uri", exported=True),
    python_client=PythonClient(type="str", codec="wire.URI"),
    openapi={"type": "string", "format": "uri-reference"},
    samples=("https://example.com/a?b=c#d", "relative/path", ""),
    collides=False,
    read_as=frozenset(["String"]),
)
TYPES = (STRING, URI)
