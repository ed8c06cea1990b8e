"""Checks of texts: Postgres and JSON allow no NUL and no lone surrogates. No types and no errors here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_LONE = re.compile("[\ud800-\udfff]")


def surrogate(text: str) -> str:
    """Return the reason to refuse a text with half of a character; "" for any other.

    UTF-16 writes characters such as emojis as two surrogates. JSON may contain only one (`"\\ud83d"`), if an app
    cuts a text in the middle of an emoji. UTF-8 has no form for it.
    """
    if text.isascii() or not (found := _LONE.search(text)):
        return ""
    return f"text with a lone surrogate (\\u{ord(found[0]):04x}), which is half of a character"


def problem(text: str) -> str:
    """Return the reason to refuse a text; "" if it can be stored and sent."""
    return "text with a NUL character" if "\x00" in text else surrogate(text)


def fault(data: Any, refused: Callable[[str], str] = problem) -> tuple[str, str] | None:
    """Return the path to the first refused text in plain data, keys included, and the reason."""
    waiting: list[tuple[str, Any]] = [
        ("", data)
    ]  # not by recursion: the data may be nested as deep as JSON allows
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if reason := refused(value):
                return path.lstrip("."), reason
        elif isinstance(value, dict):
            if reason := next(filter(None, map(refused, value)), ""):
                return path.lstrip("."), f"a key that is {reason}"
            waiting += [(f"{path}.{key}", each) for key, each in reversed(value.items())]
        elif isinstance(value, list | tuple):
            waiting += [(f"{path}[{index}]", each) for index, each in reversed([*enumerate(value)])]
    return None


def surrogate_in_json(text: bytes | str) -> tuple[str, str] | None:
    """Return the path to the first lone surrogate in a JSON text, and the reason; None for other faults and for none.

    For a text that a strict parser has refused: Python's own parser accepts lone surrogates.
    """
    try:
        return fault(
            json.loads(text.decode(errors="surrogatepass") if isinstance(text, bytes) else text), surrogate
        )
    except (ValueError, RecursionError):
        return None
