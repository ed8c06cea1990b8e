"""Default values of fields, and their quotes and escapes in model files. Each type parses its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from podium.wire.errors import SchemaError

Kind: TypeAlias = Literal["literal", "now", "random", "random_v7", "serial"]
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Default:
    """The default value of a field.

    kind   "literal": `value` is the Python value (str, int, float, bool; a DateTime, Duration, UuidValue, BigInt or
           Uri as its canonical string, a Duration as int milliseconds; an enum as the value's name);
           "now" (DateTime), "random" and "random_v7" (UuidValue), "serial" (int, in the database only)
    """

    kind: Kind
    value: str | int | float | bool | None = None


def unquote(text: str) -> str:
    """The text between quotes, with escapes resolved. Raises SchemaError if it is not quoted."""
    if len(text) < 2 or text[0] not in "'\"" or text[-1] != text[0]:
        raise SchemaError("write it in quotes: '...'")
    quote, inside = text[0], text[1:-1]
    if any(inside[place] == quote and inside[place - 1 : place] != "\\" for place in range(len(inside))):
        raise SchemaError(f"a {quote} inside the text is written \\{quote}")
    if (len(inside) - len(inside.rstrip("\\"))) % 2:
        raise SchemaError("the text ends in the middle of an escape; write a backslash as \\\\")
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), inside, flags=re.DOTALL)
