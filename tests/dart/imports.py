"""Find missing packages of a Dart file before the compiler stops at them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_DIRECTIVE = re.compile(r"^(?:import|export|part)\s+'([^']+)'", re.MULTILINE)


def missing(file: Path, packages: Mapping[str, Path]) -> set[str]:
    """The names of packages that the file or its imports need, without those in `packages`."""
    seen: set[Path] = set()
    absent: set[str] = set()
    waiting = [file.resolve()]
    while waiting:
        current = waiting.pop()
        if current in seen or not current.is_file():
            continue
        seen.add(current)
        for address in _imported(current):
            kind, _, path = address.rpartition(":")
            name, _, inside = path.partition("/")
            if kind == "":
                waiting.append((current.parent / path).resolve())
            elif kind == "package" and name in packages:
                waiting.append((packages[name] / "lib" / inside).resolve())
            elif kind == "package":
                absent.add(name)
    return absent


@cache
def _imported(file: Path) -> list[str]:
    """The addresses in a file's directives, without those after `if`, which are for other platforms."""
    return _DIRECTIVE.findall(file.read_text("utf-8"))
