"""The tests of Serverpod's end-to-end suite that do not pass: the table in docs/reference/compatibility.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "reference" / "compatibility.md"
HEADING = "## The end-to-end suite"
ALL = "all"
"""Instead of a test's name: the file is not run."""
_ROW = re.compile(r"^\| `([\w/]+_test\.dart)` \| (.+?) \| (.+?) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Known:
    """A test that fails, or with ALL a file that is not run, and the reason."""

    file: str
    test: str
    reason: str


def read(document: str | None = None) -> list[Known]:
    """The rows of the table. Raises ValueError if there is none."""
    text = DOCUMENT.read_text("utf-8") if document is None else document
    _, _, section = text.partition(f"\n{HEADING}\n")
    rows = [Known(*row) for row in _ROW.findall(section.partition("\n## ")[0])]
    if not rows:
        raise ValueError(f"{DOCUMENT}: there is no table below {HEADING!r}")
    return rows
