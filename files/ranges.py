"""Byte ranges: what a Range header asks for, and a file read from there to there. Source: RFC 9110 section 14."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, Any

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """The range lies outside of the file (416)."""


@dataclass(frozen=True, slots=True)
class Range:
    """The bytes first to last, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def parse(header: str | None, size: int) -> Range | None:
    """The part that is asked for; None for the whole, also where several parts are asked for. Raises Unsatisfiable."""
    match = _RANGE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:  # the last n bytes
        count = min(int(last), size)
        if not count:
            raise Unsatisfiable
        return Range(size - count, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Range(int(first), min(int(last), size - 1) if last else size - 1)


class Part:
    """An open file, from the start of a range to its end. Read by pieces, closed by the response."""

    def __init__(self, file: IO[Any], part: Range) -> None:
        file.seek(part.first)
        self.file, self.left = file, part.length

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()
