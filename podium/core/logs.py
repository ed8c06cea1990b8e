"""Log records that stay on one line and contain no secret addresses, with any logger, handler or formatter.

Django calls `configure` through LOGGING_CONFIG. It replaces the record class rather than a formatter, because uvicorn,
Celery and your own handlers have their own formatters.
"""

from __future__ import annotations

import logging
import logging.config
import re
import traceback
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.conf import settings

HIDDEN = "***"
INDENT = "    "
LONGEST = 10_000
"""Characters kept of a message or traceback. Strangers can cause long ones, and each costs time and disk space."""
EDGE = 200
"""Characters beside a cut that are left out as well, because a credential that was cut is not recognized."""
BREAK = re.compile(r"[\s\"'<>]")
"""The characters that end a credential."""

_ALWAYS_SECRET: list[
    tuple[re.Pattern[str], str]
] = [  # each runs in linear time, because strangers can write the text
    (re.compile(r"\?[\w%][^\s\"'<>]*"), f"?{HIDDEN}"),  # queries: OAuth codes, signatures, tokens
    (re.compile(r"(://)[^\s/@\"'<>]+@"), rf"\1{HIDDEN}@"),  # passwords of databases and storages
    (re.compile(r"\b(Bearer|Basic) {1,8}[\w.~+/=:-]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"(podium_(key_[0-9a-f]{32}_)?)[\w-]{43,}", re.ASCII), rf"\1{HIDDEN}"),  # tokens and API keys
    (re.compile(r"((:|%3A)\w{6})?(:|%3A)[\w-]{43}", re.IGNORECASE), f":{HIDDEN}"),  # Django's signatures
]


def one_line(text: str) -> str:
    """Escape every unprintable character: line ends, control characters, ANSI codes, bidi marks."""
    if text.isprintable():
        return text
    odd = {each for each in set(text) if not each.isprintable()}
    return text.translate({ord(each): each.encode("unicode_escape").decode("ascii") for each in odd})


def redacted(text: str) -> str:
    """Remove credentials from addresses in a text: LOG_SECRET_PATHS, queries, passwords, signatures."""
    text = _secret_paths(tuple(settings.LOG_SECRET_PATHS)).sub(rf"\1{HIDDEN}", text)
    for pattern, instead in _ALWAYS_SECRET:
        text = pattern.sub(instead, text)
    return text


def shown(text: str, longest: int = LONGEST) -> str:
    """Return the redacted text. A long text keeps only its two ends, without any part of a credential that was cut."""
    if len(text) <= longest:
        return redacted(text)
    half = longest // 2
    begin = redacted(text[: half + EDGE])[:-EDGE]
    end = redacted(text[-half:])[EDGE:]
    whole = BREAK.search(end)
    end = end[whole.end() :] if whole else ""
    return f"{begin} ... {len(text) - len(begin) - len(end)} characters ... {end}"


def storable(text: str, longest: int = LONGEST) -> str:
    """Return the same for a column of Postgres, which takes neither NUL nor lone surrogates."""
    return shown(text, longest).replace("\x00", "\\0").encode(errors="backslashreplace").decode()


@cache
def _secret_paths(beginnings: tuple[str, ...]) -> re.Pattern[str]:
    """Match each prefix and the segment after it.

    Also matches repeated slashes and capitals: such a path has no page, but it still contains a key.
    """
    either = "|".join(re.escape(each).replace("/", "/{1,8}") for each in beginnings) or r"(?!)"
    return re.compile(rf"({either})[^\s?\"'<>]+", re.IGNORECASE)


class Record(logging.LogRecord):
    """A log record with a one-line message and an indented traceback, so that neither can imitate another record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.args = _clean_arguments(self.args)
        if self.stack_info:
            self.stack_info = _indented(self.stack_info)
        if isinstance(self.exc_info, tuple) and self.exc_info[0] is not None:
            self.exc_text = _indented("".join(traceback.format_exception(*self.exc_info)))

    def getMessage(self) -> str:
        return one_line(shown(super().getMessage()))


def _clean_arguments(arguments: Any) -> Any:
    """Clean the arguments too, because formatters such as uvicorn's read them directly."""
    if isinstance(arguments, Mapping):
        return {key: _clean(value) for key, value in arguments.items()}
    return tuple(map(_clean, arguments)) if isinstance(arguments, tuple) else arguments


def _clean(value: Any) -> Any:
    return one_line(shown(value)) if isinstance(value, str) else value


def _indented(text: str) -> str:
    lines: Iterable[str] = shown(text).rstrip("\n").split("\n")
    return "\n".join(INDENT + one_line(line) for line in lines)


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: make every record a `Record`, then apply the handlers and levels of LOGGING."""
    logging.setLogRecordFactory(Record)
    logging.captureWarnings(True)
    logging.config.dictConfig(config)
