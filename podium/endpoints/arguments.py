"""Arguments from the wire to Python, and results back, by their declared types."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from podium.endpoints.errors import BadResult, InvalidArguments
from podium.endpoints.targets import Target
from podium.wire.codecs import loads
from podium.wire.errors import WireError

_MISSING = object()


def decode(
    target: Target, raw: Mapping[str, Any], inputs: Mapping[str, AsyncIterator[Any]] | None = None
) -> dict[str, Any]:
    """Return the method's keyword arguments. Unknown ones are ignored. Raises InvalidArguments (400)."""
    found: dict[str, Any] = {}
    for argument in target.arguments:
        if argument.codec is None:
            stream = (inputs or {}).get(argument.wire_name)
            if stream is None:
                raise InvalidArguments(
                    text=f"{target.name}: the input stream {argument.wire_name!r} is missing."
                )
            found[argument.name] = stream
            continue
        value = raw.get(argument.wire_name, _MISSING)
        if value is _MISSING or (value is None and not argument.nullable):
            if not argument.required:
                continue  # older clients send an invalid null for "not given"
            if not argument.nullable:
                raise InvalidArguments(
                    text=f"{target.name}: Missing required query parameter: {argument.wire_name}"
                )
            value = None
        try:
            found[argument.name] = argument.codec.decode(value)
        except WireError as error:
            raise InvalidArguments(text=f"{target.name}: {argument.wire_name}: {error}") from None
    return found


def from_texts(target: Target, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return raw arguments from a query string. A text that does not fit the argument's type is read as JSON."""
    raw: dict[str, Any] = {}
    for argument in target.arguments:
        text = texts.get(argument.wire_name)
        if text is None or argument.codec is None:
            continue
        try:
            argument.codec.decode(text)
            raw[argument.wire_name] = text
        except WireError:
            raw[argument.wire_name] = _json_or_text(text)
    return raw


def _json_or_text(text: str) -> Any:
    try:
        return loads(text)
    except WireError:
        return text


def encode_result(target: Target, value: Any) -> Any:
    """Return plain data for a method's result, by its declared type: fields that clients may not see do not leave.

    Raises BadResult, which no client may see, if the result has another type.
    """
    try:
        return target.result.encode(value)
    except WireError as error:
        declared = target.result.type
        raise BadResult(f"{target.name} is declared to return {declared}: {error}") from error
