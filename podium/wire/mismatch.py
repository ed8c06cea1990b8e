"""The error for a value of the wrong type, and the encoder and decoder of a type. Names no type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from podium.wire.unreadable import Unreadable, UnreadableValue

Convert = Callable[[Any], Any]

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
    """A value does not fit; `path` grows as the exception propagates. podium.wire.codecs makes it a WireError."""

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
    """Encoder and decoder of one type."""

    encode: Convert
    decode: Convert


def describe(value: Any) -> str:
    """The kind of a value, in JSON's words if possible; never the value itself, which may be a secret."""
    return _JSON_NAMES.get(type(value)) or type(value).__name__


def mismatch(expected: str, value: Any) -> Mismatch:
    """The error for a value of another kind. Raises UnreadableValue for a stored value that could not be read."""
    if isinstance(value, Unreadable):
        raise UnreadableValue(value)
    return Mismatch(expected, describe(value))
