"""The tables of private names in the decision page about fast reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
[PAGE] = PROJECT.glob("docs/**/decisions/0004-fast-reads.md")


@dataclass(frozen=True)
class Row:
    """One row: names, the modules that use them, the reason, and the test."""

    names: tuple[str, ...]
    used_in: tuple[str, ...]
    why: str
    test: str


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text().splitlines():
        if line.startswith("| `"):
            names, used_in, why, test = (cell.strip() for cell in line.strip("|").split(" | "))
            found.append(Row(_quoted(names), _quoted(used_in), why, test.strip(" `")))
    return found


def _quoted(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def look_at(*names: str) -> str:
    """The message of a test that fails because a library changed one of these names."""
    lines = [
        f"{name} changed. See {', '.join(row.used_in)}: {row.why}"
        for row in rows()
        for name in row.names
        if name in names
    ]
    return "\n".join([*lines, f"READS=orm works without the names of podium/reads ({PAGE.name})."])
