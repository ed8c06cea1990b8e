"""The file `.env` in the project's folder: variables for all of its processes. The environment overrides them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dotenv.parser import Binding, parse_stream

FILE = ".env"


def values(folder: Path) -> dict[str, str]:
    """Return the variables of the folder's `.env`, without its faulty lines; {} without the file."""
    return {each.key: each.value for each in _bindings(folder) if each.key and each.value is not None}


def faults(folder: Path) -> list[str]:
    """Return a line for each fault: ".env:3 ...". Values are not shown, since they may be secrets."""
    return [
        f"{FILE}:{_line(each)} is not a valid line. Write NAME=value, with quotes around a value that has spaces."
        for each in _bindings(folder)
        if each.error or (each.key and each.value is None)
    ]


def load(folder: Path) -> list[str]:
    """Put the variables into this process's environment, except those that are set there. Return the faults."""
    for name, value in values(folder).items():
        os.environ.setdefault(name, value)
    return faults(folder)


def line(folder: Path, name: str) -> int:
    """Return the line that sets a variable; 0 if none does."""
    return next((_line(each) for each in _bindings(folder) if each.key == name), 0)


def is_readable_by_others(folder: Path) -> bool:
    """Return whether other users of the machine may read the file."""
    path = folder / FILE
    return path.exists() and bool(path.stat().st_mode & 0o077)


def _bindings(folder: Path) -> Iterator[Binding]:
    path = folder / FILE
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            yield from parse_stream(file)


def _line(binding: Binding) -> int:
    """The line of its first word; a binding begins with the blank lines before it."""
    text = binding.original.string
    return binding.original.line + len(text[: len(text) - len(text.lstrip())].splitlines())
