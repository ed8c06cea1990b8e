"""Names on the wire and in Python: lowerCamelCase on the wire, snake_case in Python."""

from __future__ import annotations

import re

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_case(name: str) -> str:
    """`createdAt` is "created_at", `parseHTTPHeader` is "parse_http_header"."""
    return _WORD_STARTS.sub("_", name).lower()


def lower_camel_case(name: str) -> str:
    """`created_at` is "createdAt"; a name without underscores stays unchanged."""
    first, *rest = name.strip("_").split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
